import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds strings of one form as their digits, so that random ids take no more than what is random in
/// them, and ids that follow each other nearly nothing.
///
///   texts := form, of each number of it a sequence, for the rows that are not NULL
///
/// `@unchecked Sendable`: the bytes are never written again.
final class TextFormValues: BlockValues, @unchecked Sendable {
    private let form: TextForm
    private let present: PresentRows
    private let rowCount: Int
    private let sequences: [IntegerSequence]
    private let decoder: TextFormDecoder
    /// Keeps the bytes that `sequences` view.
    private let owner: Buffer

    init(_ bytes: BlockBytes) throws(StarlingError) {
        form = try TextForm(bytes.body)
        present = PresentRows(bytes.validity, rowCount: bytes.rowCount)
        rowCount = bytes.rowCount
        var sequences: [IntegerSequence] = []
        var start = form.byteCount
        for _ in form.numbers {
            let sequence = try IntegerSequence(bytes.body(from: start))
            guard bytes.physicalType == .string, sequence.count == present.count else {
                throw blockDamage("its strings and their digits don't belong together")
            }
            sequences.append(sequence)
            start += sequence.byteCount
        }
        self.sequences = sequences
        decoder = TextFormDecoder(form)
        owner = bytes.buffer
    }

    var textBounds: [(low: Value, high: Value)]? {
        guard let first = sequences.first, first.runCount > 0 else { return nil }
        return stride(from: 0, to: rowCount, by: packedCount).map { row in
            let numbers = present.numbers(of: row..<min(row + packedCount, rowCount))
            // Where no row has a value any bounds will do.
            let start = min(numbers.lowerBound / packedCount, first.runCount - 1)
            let end = max(start, (numbers.upperBound - 1) / packedCount)
            var (low, high) = (first.runs[start].low, first.runs[start].high)
            for run in start...end {
                low = min(low, first.runs[run].low)
                high = max(high, first.runs[run].high)
            }
            return (
                .bytes(form.bound(ofFirst: low, isLeast: true)),
                .bytes(form.bound(ofFirst: high, isLeast: false))
            )
        }
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) -> Vector {
        let numbers = present.numbers(of: rows)
        return decode(rows, nil, count: numbers.count) { $0.read(numbers, into: $1) }
    }

    func read(_ rows: Range<Int>, _ selection: Selection, as type: PhysicalType) -> Vector {
        let numbers = present.numbers(of: rows)
        let selected = present.numbers(of: selection, in: rows)
        return decode(rows, selection, count: selected.count) {
            $0.read(numbers, selected, into: $1)
        }
    }

    /// Makes `count` strings and gives them to the rows that have one.
    private func decode(
        _ rows: Range<Int>, _ selection: Selection?, count: Int,
        read: (IntegerSequence, UnsafeMutablePointer<UInt32>) -> Void
    ) -> Vector {
        let numbers = Buffer(byteCount: max(8, count * sequences.count * 4))
        for (place, sequence) in sequences.enumerated() {
            read(sequence, numbers.pointer(to: UInt32.self) + place * count)
        }
        let vector = decoder.decode(
            numbers, count: count, rowCount: selection?.count ?? rows.count)
        present.spread(
            vector.pointer(to: StringReference.self), count: count, over: rows, selection)
        return vector
    }
}
