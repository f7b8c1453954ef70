// Columns of the type UNKNOWN, which hold NULLs and nothing else, whatever their carrier is.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Gives NULLs; a value in the file is damage.
final class NothingDecoder: ColumnDecoder {
    private let physicalType: PhysicalType
    private var output = Buffer(byteCount: 0)
    private var count = 0

    init(_ physicalType: PhysicalType) { self.physicalType = physicalType }

    private static let valueFound = ParquetDamage(
        "the column is of type UNKNOWN, which has no values, and there is one")

    override func skip(_ count: Int) throws(ParquetDamage) {
        if count > 0 { throw Self.valueFound }
    }

    override func start(count: Int) {
        self.count = count
        output = Buffer.zeroed(byteCount: count * physicalType.byteWidth)
    }

    override func decode(_ count: Int, at position: Int) throws(ParquetDamage) {
        try skip(count)
    }

    override func decode(
        rows: UnsafePointer<UInt16>, base: Int, count: Int, span: Int, at position: Int
    ) throws(ParquetDamage) {
        try skip(span)
    }

    override func finish(validity: Validity?) throws(ParquetDamage) -> Vector {
        Vector(physicalType, count: count, buffer: output, validity: validity)
    }
}
