import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Gives the values of a block, those under NULLs being anything. Opened once, read by all workers.
protocol BlockValues: AnyObject, Sendable {
    /// Reads rows that lie within the block, integers in the extents `type`.
    func read(
        _ rows: Range<Int>, as type: PhysicalType, _ cache: FrameCache
    ) throws(StarlingError) -> Vector

    /// Reads those of `rows` that are selected.
    func read(
        _ rows: Range<Int>, _ selection: Selection, as type: PhysicalType, _ cache: FrameCache
    ) throws(StarlingError) -> Vector

    /// The dictionary that all values come from, where there is one.
    var dictionary: VectorDictionary? { get }

    /// The bounds of each `packedCount` rows, where they are known.
    var bounds: [Bounds]? { get }
}

extension BlockValues {
    func read(
        _ rows: Range<Int>, _ selection: Selection, as type: PhysicalType, _ cache: FrameCache
    ) throws(StarlingError) -> Vector {
        try read(rows, as: type, cache).gathered(by: selection)
    }

    var dictionary: VectorDictionary? { nil }
    var bounds: [Bounds]? { nil }
}

/// Keeps the frame that a worker decompressed last, of each block that has frames.
package final class FrameCache {
    var frames: [ObjectIdentifier: (number: Int, bytes: Buffer)] = [:]

    package init() {}
}
