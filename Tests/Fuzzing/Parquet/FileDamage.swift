// Ways to damage a Parquet file that keep most of its structure, so that what reads it gets past
// the first check: numbers in footers and page headers, the first bytes of levels and indices,
// pages that are lost, doubled or exchanged. A page of another length takes its column chunk to the
// end of the file, and the footer says so.

import StarlingFormatSupport
import StarlingTestSupport

struct FileDamage {
    private let anatomy: ParquetAnatomy
    private var bytes: [UInt8] { anatomy.bytes }

    init(_ anatomy: ParquetAnatomy) { self.anatomy = anatomy }

    private static let numbers = [
        0, 1, -1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 1_000, 2_047, 2_048,
        4_095,
        65_535, 65_536, 1 << 20, 1 << 24, 1 << 30, Int(Int32.max) - 1, Int(Int32.max), 1 << 31,
        Int(UInt32.max), 1 << 32, 1 << 40, Int.max - 7, Int.max, Int.min, -2, -8,
    ]

    func damaged(_ chance: inout SeededGenerator) -> [UInt8] {
        switch chance.below(12) {
        case 0: return flipped(bytes, in: bytes.indices, &chance)
        case 1: return flipped(bytes, in: anatomy.footer, &chance)
        case 2: return withFooterNumber(&chance)
        case 3: return cutOff(&chance)
        case 4: return withFooterBytesMoved(&chance)
        case 5:
            guard let page = anyPage(&chance) else { return bytes }
            return flipped(bytes, in: page.header, &chance)
        case 6, 7:
            // Levels, widths and counts lie at the start of a page.
            guard let page = anyPage(&chance), !page.body.isEmpty else { return bytes }
            return flipped(bytes, in: page.body.prefix(24), &chance)
        case 8:
            guard let page = anyPage(&chance), !page.body.isEmpty else { return bytes }
            return flipped(bytes, in: page.body, &chance)
        default: return withChunkChanged(&chance)
        }
    }

    private func anyPage(_ chance: inout SeededGenerator) -> ParquetAnatomy.Page? {
        anatomy.chunks.randomElement(using: &chance)?.pages.randomElement(using: &chance)
    }

    /// Flips bits, or sets bytes to values that are often limits.
    private func flipped(
        _ bytes: [UInt8], in range: Range<Int>, _ chance: inout SeededGenerator
    ) -> [UInt8] {
        var result = bytes
        for _ in 0...chance.below(4) {
            let place = range.lowerBound + chance.below(range.count)
            if chance.below(3) == 0 {
                result[place] = chance.pick([0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF])
            } else {
                result[place] ^= 1 << UInt8(chance.below(8))
            }
        }
        return result
    }

    private func number(near old: Int, _ chance: inout SeededGenerator) -> Int {
        switch chance.below(4) {
        case 0: old &+ chance.pick([-1, 1, -8, 8, 4, -4])
        case 1: old &* chance.pick([2, 3, -1, 256])
        default: chance.pick(Self.numbers)
        }
    }

    private func withFooterNumber(_ chance: inout SeededGenerator) -> [UInt8] {
        let fields = anatomy.footerWalk.fields.filter { (4...6).contains($0.type) }
        var changes: [([Int], Int)] = []
        for _ in 0...chance.below(3) {
            let field = chance.pick(fields)
            changes.append((field.path, number(near: field.number, &chance)))
        }
        return ParquetAnatomy.file(
            head: Array(bytes[..<anatomy.footer.lowerBound]),
            footer: anatomy.footer(changing: changes))
    }

    private func withFooterBytesMoved(_ chance: inout SeededGenerator) -> [UInt8] {
        var footer = Array(bytes[anatomy.footer])
        let fields = anatomy.footerWalk.fields
        func range(_ field: ThriftWalk.Field) -> Range<Int> {
            (field.range.lowerBound - anatomy.footer.lowerBound)..<(field.range.upperBound
                - anatomy.footer.lowerBound)
        }
        let target = range(chance.pick(fields))
        switch chance.below(3) {
        case 0: footer.removeSubrange(target)
        case 1: footer.insert(contentsOf: footer[target], at: target.lowerBound)
        default: footer.replaceSubrange(target, with: footer[range(chance.pick(fields))])
        }
        return ParquetAnatomy.file(
            head: Array(bytes[..<anatomy.footer.lowerBound]), footer: footer)
    }

    /// Cuts the file off where something begins or ends; often the footer is put behind again.
    private func cutOff(_ chance: inout SeededGenerator) -> [UInt8] {
        let place = max(0, min(bytes.count, chance.pick(anatomy.boundaries) + chance.below(3) - 1))
        let head = Array(bytes[..<place])
        guard chance.below(3) != 0 else { return head }
        return ParquetAnatomy.file(
            head: head.count >= 4 ? head : Array("PAR1".utf8), footer: Array(bytes[anatomy.footer]))
    }

    /// Changes a chunk in ways that may change its length.
    private func withChunkChanged(_ chance: inout SeededGenerator) -> [UInt8] {
        guard let chunk = anatomy.chunks.randomElement(using: &chance), !chunk.pages.isEmpty else {
            return bytes
        }
        var pages = chunk.pages.map { Array(bytes[$0.all]) }
        let place = chance.below(pages.count)
        let page = chunk.pages[place]
        switch chance.below(7) {
        case 0...2: pages[place] = withHeaderNumber(page, &chance)
        case 3: pages.remove(at: place)
        case 4: pages.insert(pages[place], at: chance.below(pages.count + 1))
        case 5: pages.swapAt(place, chance.below(pages.count))
        default: pages[place] = withOtherBody(page, &chance)
        }
        let content = pages.flatMap { $0 }
        let start = anatomy.footer.lowerBound
        let old = chunk.range.lowerBound
        var changes = [(chunk.path + [7], content.count)]
        for field in [9, 11] {
            guard let offset = anatomy.footerWalk.number(chunk.path + [field]) else { continue }
            changes.append((chunk.path + [field], start + offset - old))
        }
        return ParquetAnatomy.file(
            head: Array(bytes[..<start]) + content, footer: anatomy.footer(changing: changes))
    }

    private func withHeaderNumber(
        _ page: ParquetAnatomy.Page, _ chance: inout SeededGenerator
    ) -> [UInt8] {
        var result = Array(bytes[page.all])
        let fields = page.walk.fields.filter { (4...6).contains($0.type) }
        guard let field = fields.randomElement(using: &chance) else { return result }
        let start = field.range.lowerBound - page.header.lowerBound
        result.replaceSubrange(
            start..<(start + field.range.count),
            with: ThriftWalk.encoded(number(near: field.number, &chance)))
        return result
    }

    /// Gives a page a shorter, longer or foreign body, mostly with the sizes that belong to it.
    private func withOtherBody(
        _ page: ParquetAnatomy.Page, _ chance: inout SeededGenerator
    ) -> [UInt8] {
        var body = Array(bytes[page.body])
        switch chance.below(4) {
        case 0: body.removeLast(min(body.count, 1 + chance.below(9)))
        case 1: body.removeSubrange(0..<min(body.count, 1 + chance.below(5)))
        case 2:
            let extra = (0..<(1 + chance.below(40))).map { _ in UInt8(chance.below(256)) }
            body.insert(contentsOf: extra, at: chance.below(body.count + 1))
        default: if let other = anyPage(&chance) { body = Array(bytes[other.body]) }
        }
        guard chance.below(4) != 0 else { return Array(bytes[page.header]) + body }
        // Fields 2 and 3 are the sizes before and after compression.
        var header = Array(bytes[page.header])
        let difference = body.count - page.body.count
        for field in page.walk.fields.reversed() where [[2], [3]].contains(field.path) {
            let start = field.range.lowerBound - page.header.lowerBound
            header.replaceSubrange(
                start..<(start + field.range.count),
                with: ThriftWalk.encoded(field.number + difference))
        }
        return header + body
    }
}
