// The walk over documents that takes values out of them. A remainder is the text of its document with
// marks in the place of values, so all that is not taken is copied in long stretches.

import StarlingDocuments
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Takes values out of documents in canonical form.
struct Extraction {
    /// With more, nobody asks which paths the remainder has.
    private static let keptPathCountMax = 16_384

    private var paths: ColumnPaths
    private let count: Int
    private let heap: StringHeap
    private let columns: [ShreddedColumn]
    /// Counts the values of other types that stand in the remainder; objects and nulls are none.
    private(set) var misfitCounts: [Int]
    private var nullCounts: [Int]
    private var objectCounts: [Int]
    private var keptPaths: Set<UInt64>? = []
    /// What nodes have put into `keptPaths`.
    private var isKept: [Bool]
    private var wholeCount = 0
    private var remainders: Buffer
    /// The remainder of the document that is walked, and up to where its text was copied.
    private var output: [UInt8] = []
    private var copiedCount = 0
    private var row = 0
    private let marks: [[UInt8]]

    init(_ paths: ColumnPaths, count: Int, heap: StringHeap) {
        self.paths = paths
        self.count = count
        self.heap = heap
        columns = paths.paths.map { ShreddedColumn($0.type, count: count, heap: heap) }
        misfitCounts = Array(repeating: 0, count: columns.count)
        nullCounts = misfitCounts
        objectCounts = misfitCounts
        isKept = Array(repeating: false, count: paths.nodes.count)
        remainders = .zeroed(byteCount: max(1, count) * 16)
        marks = columns.indices.map { [Remainder.mark] + Array(String($0).utf8) }
    }

    func takenCount(_ column: Int) -> Int { columns[column].takenCount }

    /// Lists the columns whose values have too little in common to be of their type.
    func unsettled(_ rules: ShreddingRules) -> [Int] {
        columns.indices.filter { !columns[$0].settle(rules) }
    }

    /// Walks over all documents.
    mutating func run(_ texts: [StringReference], _ validity: Validity?) {
        let target = remainders.pointer(to: StringReference.self)
        var last = StringReference.empty
        for row in 0..<count where validity?.isValid(row) ?? true {
            self.row = row
            let remainder = texts[row].withBytes { text -> StringReference? in
                take(text) ? nil : texts[row]
            }
            if let remainder {
                target[row] = remainder
            } else {
                // Neighbours often differ in nothing but their values.
                let isSame = last.withBytes { bytes in
                    bytes.count == output.count
                        && output.withUnsafeBytes {
                            bytesAreEqual(bytes.baseAddress!, $0.baseAddress!, bytes.count)
                        }
                }
                if !isSame { last = heap.add(output) }
                target[row] = last
            }
        }
    }

    /// Takes a document apart; false where it stays as it is.
    private mutating func take(_ text: UnsafeRawBufferPointer) -> Bool {
        switch Remainder.kind(of: text) {
        case .scalar: return false
        case .whole:
            wholeCount += 1
            return false
        case .object: break
        }
        output.removeAll(keepingCapacity: true)
        copiedCount = 0
        var reader = CanonicalReader(text)
        walk(&reader, 0)
        guard copiedCount > 0 else { return false }
        copy(text, upTo: text.count)
        return true
    }

    private mutating func copy(_ text: UnsafeRawBufferPointer, upTo end: Int) {
        output.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[copiedCount..<end]))
        copiedCount = end
    }

    /// Walks over the members of an object at a node.
    private mutating func walk(_ reader: inout CanonicalReader, _ node: Int) {
        guard reader.open() else { return }
        let known = paths.nodes[node]
        var (child, end) = (known.firstChild, known.firstChild + known.childCount)
        repeat {
            let key = reader.key()
            guard let found = find(key, &child, &end) else {
                keep(hashOfKey(key, below: known.hash))
                _ = reader.value()
                continue
            }
            let next = paths.nodes[found]
            guard reader.isAtObject else {
                take(&reader, found, next.column)
                continue
            }
            if next.column >= 0 { objectCounts[next.column] += 1 }
            if next.childCount > 0 {
                walk(&reader, found)
            } else {
                keep(node: found)
                _ = reader.value()
            }
        } while reader.next()
    }

    /// Finds a key among the children that are left, which begin behind it from then on.
    @inline(__always)
    private func find(
        _ key: UnsafeRawBufferPointer, _ child: inout Int, _ end: inout Int
    ) -> Int? {
        paths.keys.withUnsafeBytes { keys in
            while child < end {
                let node = paths.nodes[child]
                let order = orderOfKeys(
                    UnsafeRawBufferPointer(
                        rebasing: keys[node.keyStart..<(node.keyStart &+ node.keyCount)]), key)
                if order > 0 { return nil }
                child &+= 1
                if order == 0 { return child &- 1 }
            }
            return nil
        }
    }

    /// Takes the value at a node that is no object.
    @inline(__always)
    private mutating func take(_ reader: inout CanonicalReader, _ node: Int, _ column: Int) {
        let start = reader.place
        let value = reader.value()
        guard column >= 0 else { return keep(node: node) }
        if columns[column].take(value, row) {
            let text = UnsafeRawBufferPointer(start: reader.text, count: reader.count)
            copy(text, upTo: start)
            output += marks[column]
            copiedCount = reader.place
            return
        }
        if value[0] == UInt8(ascii: "n") {
            nullCounts[column] += 1
        } else {
            misfitCounts[column] += 1
        }
        keep(node: node)
    }

    // MARK: What stays

    private mutating func keep(node: Int) {
        guard !isKept[node] else { return }
        isKept[node] = true
        keep(paths.nodes[node].hash)
    }

    private mutating func keep(_ hash: UInt64) {
        guard keptPaths != nil else { return }
        keptPaths?.insert(hash)
        if keptPaths?.count ?? 0 > Self.keptPathCountMax { keptPaths = nil }
    }

    func finish(_ validity: Validity?) -> ShreddedDocuments {
        let remainder = Vector(
            .string, count: count, buffer: remainders, validity: validity, owner: heap)
        var result = ShreddedDocuments(
            remainder: remainder, wholeCount: wholeCount, keptPaths: keptPaths)
        for (column, var path) in paths.paths.enumerated() {
            let finished = columns[column].finish(count: count)
            path.type = finished.type
            path.nullCount = nullCounts[column]
            path.otherCount = misfitCounts[column] + objectCounts[column]
            result.paths.append(path)
            result.columns.append(finished.values)
        }
        return result
    }
}
