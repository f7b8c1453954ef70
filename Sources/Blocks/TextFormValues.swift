import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds strings of one form as their digits, so that random ids take no more than what is random in
/// them, and ids that follow each other nearly nothing.
///
///   texts := form, of each number of it a sequence
///
/// `@unchecked Sendable`: the bytes are never written again.
final class TextFormValues: BlockValues, @unchecked Sendable {
    private let form: TextForm
    private let sequences: [IntegerSequence]
    private let decoder: TextFormDecoder
    /// Keeps the bytes that `sequences` view.
    private let owner: Buffer

    init(_ bytes: BlockBytes) throws(StarlingError) {
        form = try TextForm(bytes.body)
        var sequences: [IntegerSequence] = []
        var start = form.byteCount
        for _ in form.numbers {
            let sequence = try IntegerSequence(bytes.body(from: start))
            guard bytes.physicalType == .string, sequence.count == bytes.rowCount else {
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
        guard let first = sequences.first else { return nil }
        return (0..<first.runCount).map { run in
            (
                .bytes(form.bound(ofFirst: first.runs[run].low, isLeast: true)),
                .bytes(form.bound(ofFirst: first.runs[run].high, isLeast: false))
            )
        }
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) -> Vector {
        decode(rows.count) { $0.read(rows, into: $1) }
    }

    func read(_ rows: Range<Int>, _ selection: Selection, as type: PhysicalType) -> Vector {
        decode(selection.count) { $0.read(rows, selection, into: $1) }
    }

    private func decode(
        _ count: Int, read: (IntegerSequence, UnsafeMutablePointer<UInt64>) -> Void
    ) -> Vector {
        let numbers = Buffer(byteCount: max(8, count * sequences.count * 8))
        for (place, sequence) in sequences.enumerated() {
            read(sequence, numbers.pointer(to: UInt64.self) + place * count)
        }
        return decoder.decode(numbers, count: count)
    }
}
