// The hashes of an argument of any type, which sketches are made of.

import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Views the values of a batch by their hashes.
struct HashedRows {
    private let hashes: Vector
    private let argument: DecodedVector

    init(_ argument: Vector, count: Int) {
        hashes = Vector(uninitialized: .int64, count: count)
        hashStoredValues(
            of: argument.flattened(), count: count, into: hashes.pointer(to: UInt64.self))
        self.argument = DecodedVector(argument)
    }

    /// Gives the hash of a value; nil for NULL.
    @inline(__always)
    subscript(row: Int) -> UInt64? {
        argument.isValid(row) ? hashes.pointer(to: UInt64.self)[row] : nil
    }
}
