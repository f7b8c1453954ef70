// Values of fixed length that SQL sees as text: UUIDs, and intervals, for which there is no type.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Decodes bytes of fixed length to the text that stands for them.
final class FixedTextDecoder: FixedWidthDecoder {
    private let byteCount: Int
    private let makeText: ([UInt8]) -> [UInt8]

    init(_ source: ColumnSource, _ makeText: @escaping ([UInt8]) -> [UInt8]) {
        byteCount = source.byteWidth
        self.makeText = makeText
        super.init(source, .string, ConversionLoops(BytesConversion.self))
    }

    /// What the dictionary holds are not the texts yet.
    override var vectorDictionary: VectorDictionary? { nil }

    override func finish(validity: Validity?) throws(ParquetDamage) -> Vector {
        var vector = try super.finish(validity: validity)
        let heap = StringHeap()
        let strings = vector.pointer(to: StringReference.self)
        // NULLs are empty strings here.
        for row in 0..<vector.count where strings[row].count == byteCount {
            strings[row] = heap.add(makeText(strings[row].bytes))
        }
        vector.owner = heap
        return vector
    }
}
