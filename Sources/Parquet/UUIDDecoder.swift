// UUIDs, which SQL sees as their text.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Decodes 16 bytes to 36 characters.
final class UUIDDecoder: FixedWidthDecoder {
    init(_ source: ColumnSource) {
        super.init(source, .string, ConversionLoops(BytesConversion.self))
    }

    override func finish(validity: Validity?) throws(ParquetDamage) -> Vector {
        var vector = try super.finish(validity: validity)
        let heap = StringHeap()
        let strings = vector.pointer(to: StringReference.self)
        for row in 0..<vector.count where strings[row].count == 16 {
            strings[row] = heap.add(Self.text(strings[row]))
        }
        vector.owner = heap
        return vector
    }

    private static func text(_ uuid: StringReference) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in uuid.bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return text
    }
}
