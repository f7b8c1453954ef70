// One supplier in a thousand has a remark of the Better Business Bureau in the comment, on which
// query 16 depends: "Customer … Complaints" or "Customer … Recommends", with any text between.

import StarlingMemory
import StarlingVectors

/// Makes the comments of suppliers.
enum SupplierComment {
    private static let base = Array("Customer ".utf8)
    private static let complaint = Array("Complaints".utf8)
    private static let recommendation = Array("Recommends".utf8)

    static func strings(_ window: PositionWindow, _ pool: TextPool) -> Vector {
        var comments = CommentColumn(seed: 1_341_315_363, averageByteCount: 63)
            .strings(window, pool)
        let choices = window.uniform(seed: 202_794_285, 1, 10_000)
        let gapStates = window.states(seed: 263_032_577)
        let offsetStates = window.states(seed: 715_851_524)
        let kinds = window.uniform(seed: 753_643_799, 0, 100)

        let heap = StringHeap(firstBlockByteCount: 2_048)
        let references = comments.pointer(to: StringReference.self)
        for row in 0..<choices.count where choices[row] <= 10 {
            var bytes = references[row].bytes
            let remark = kinds[row] < 50 ? complaint : recommendation
            let room = bytes.count - base.count - remark.count
            let gap = Int(UniformRange(0, room).value(gapStates[row]))
            let offset = Int(UniformRange(0, room - gap).value(offsetStates[row]))
            bytes.replaceSubrange(offset..<offset + base.count, with: base)
            let remarkStart = offset + base.count + gap
            bytes.replaceSubrange(remarkStart..<remarkStart + remark.count, with: remark)
            references[row] = heap.add(bytes)
        }
        comments.owner = OwnerList.joining(comments.owner, heap)
        return comments
    }
}
