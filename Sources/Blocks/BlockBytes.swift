import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Is what a block's values are opened from.
///
/// `@unchecked Sendable`: the bytes are never written again.
struct BlockBytes: @unchecked Sendable {
    /// Keeps the bytes.
    let buffer: Buffer
    let rowCount: Int
    /// Nil where no row is NULL.
    let validity: Validity?
    let physicalType: PhysicalType
    /// Counts the blocks that this one lies in.
    let depth: Int
    /// What stands behind the header and the NULLs.
    let body: UnsafeRawBufferPointer

    /// Returns what stands behind the first `count` bytes of the body.
    func body(from count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: body[min(count, body.count)...])
    }
}
