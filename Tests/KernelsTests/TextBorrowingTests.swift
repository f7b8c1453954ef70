import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct TextBorrowingTests {
    /// Lends memory of some size in which texts lie one behind the other.
    final class Lender: TextLender {
        let buffer: Buffer

        var texts: UnsafeRawBufferPointer? {
            UnsafeRawBufferPointer(start: buffer.baseAddress, count: buffer.byteCount)
        }

        init(byteCount: Int) { buffer = .zeroed(byteCount: byteCount) }

        /// Makes a vector of texts that are written from `place` on.
        func vector(_ values: [String], from place: Int) -> Vector {
            var vector = Vector(uninitialized: .string, count: values.count)
            var address = buffer.baseAddress + place
            for (row, value) in values.enumerated() {
                let bytes = Array(value.utf8)
                address.copyMemory(from: bytes, byteCount: bytes.count)
                vector.pointer(to: StringReference.self)[row] =
                    StringReference(address, count: bytes.count)
                address += bytes.count
            }
            vector.owner = self
            return vector
        }
    }

    private func texts(_ name: String, _ count: Int = 20) -> [String] {
        (0..<count).map { $0 % 7 == 3 ? "short \($0)" : "\(name): a text of many bytes \($0)" }
    }

    private func collector() -> ColumnCollector {
        ColumnCollector(.string, copiesStrings: true, borrowsTexts: true)
    }

    /// Memory that is mostly text of the rows is kept, other memory is not.
    @Test func textsAreCopiedOutOfLargerMemory() {
        var collector = collector()
        var expected: [String] = []
        weak var dense: Lender?
        weak var sparse: Lender?
        for (round, byteCount) in [2_400, 100_000, 2_400].enumerated() {
            let lender = Lender(byteCount: byteCount)
            if round == 1 { sparse = lender } else { dense = lender }
            for half in 0..<2 {
                let values = texts("round \(round) half \(half)")
                collector.append(lender.vector(values, from: half * 1_200))
                expected += values
            }
        }
        let result = collector.finish()
        #expect(sparse == nil && dense != nil)
        #expect(result.allValues == expected.map { .text($0) })
        let more = "one more text that is not inline"
        collector.append(Vector(.string, values: [.text(more), .null]))
        collector = {
            var other = self.collector()
            other.append(collector.finish())
            return other
        }()
        #expect(dense != nil, "the first result keeps it")
        #expect(collector.finish().allValues == (expected + [more]).map { .text($0) } + [.null])
    }

    /// Texts that lie elsewhere than their owner says are copied, whoever keeps them alive.
    @Test func textsOutsideOfTheLenderAreCopied() {
        var collector = collector()
        let inside = texts("inside")
        let stray = "a text that lies behind what is lent"
        let lender = Lender(byteCount: 1_000)
        do {
            let other = Lender(byteCount: 200)
            collector.append(lender.vector(inside, from: 0))
            var vector = other.vector([stray], from: 80)
            vector.owner = lender
            collector.append(vector)
            // What follows would change the text if it were still referred to.
            _ = other.vector([String(repeating: "x", count: 100)], from: 60)
        }
        collector.append(lender.vector(inside, from: 0))
        let expected = inside + [stray] + inside
        #expect(collector.finish().allValues == expected.map { .text($0) })
    }

    /// A text may not begin in the lent memory and end behind it.
    @Test func textsAcrossTheEndAreCopied() {
        let lender = Lender(byteCount: 64)
        var vector = lender.vector(["a text of twenty-six bytes"], from: 0)
        let strings = vector.pointer(to: StringReference.self)
        lender.buffer.baseAddress.advanced(by: 50).copyMemory(
            from: strings[0].bytes, byteCount: 14)
        vector.pointer(to: StringReference.self)[0] =
            StringReference(lender.buffer.baseAddress + 50, count: 26)
        var collector = collector()
        collector.append(vector)
        vector = collector.finish()
        let address = vector.pointer(to: StringReference.self)[0].address
        #expect(address != UnsafeRawPointer(lender.buffer.baseAddress + 50))
    }
}
