import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Gives the values of a block, those under NULLs being anything. Opened once, read by all workers.
protocol BlockValues: AnyObject, Sendable {
    /// Reads rows that lie within the block, integers in the extents `type`.
    func read(_ rows: Range<Int>, as type: PhysicalType) throws(StarlingError) -> Vector

    /// Reads those of `rows` that are selected.
    func read(
        _ rows: Range<Int>, _ selection: Selection, as type: PhysicalType
    ) throws(StarlingError) -> Vector

    /// The same lists with the values of a field of the structures in them as elements; nil where
    /// there is no such field.
    func lists(ofField field: Int) -> (any BlockValues)?

    /// The dictionary that all values come from, where there is one.
    var dictionary: VectorDictionary? { get }

    /// The bounds of each `packedCount` rows, where they are known.
    var bounds: [Bounds]? { get }

    /// The least and the largest string of each `packedCount` rows, where they are known.
    var textBounds: [(low: Value, high: Value)]? { get }

    /// The bytes that reading may come to hold beside the block's own.
    var decodedByteCount: Int { get }
}

extension BlockValues {
    func read(
        _ rows: Range<Int>, _ selection: Selection, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        try read(rows, as: type).gathered(by: selection)
    }

    func lists(ofField field: Int) -> (any BlockValues)? { nil }
    var dictionary: VectorDictionary? { nil }
    var bounds: [Bounds]? { nil }
    var textBounds: [(low: Value, high: Value)]? { nil }
    var decodedByteCount: Int { 0 }
}
