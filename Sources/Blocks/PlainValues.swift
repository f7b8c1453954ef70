import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds numbers as they lie in memory.
final class PlainValues: BlockValues {
    private let bytes: BlockBytes

    init(_ bytes: BlockBytes) throws(StarlingError) {
        let width = bytes.physicalType.byteWidth
        guard bytes.physicalType.isInteger || bytes.physicalType.isFloating,
            bytes.body.count >= bytes.rowCount * width
        else { throw blockDamage("its values are cut off") }
        self.bytes = bytes
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) -> Vector {
        let stored = bytes.physicalType
        let vector = Vector(uninitialized: stored, count: rows.count)
        vector.pointer(to: UInt8.self).update(
            from: bytes.body.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
                + rows.lowerBound * stored.byteWidth,
            count: rows.count * stored.byteWidth)
        if stored == type { return vector }
        return stored.isInteger
            ? vector.withIntegerLayout(type) : vector.convertedToFloating(type)
    }
}
