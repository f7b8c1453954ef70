// Values of any type as packed bytes (`packed`), one after the other or beside others: what
// aggregates gather into arrays and maps, and keep as rows.

import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Views the packed values of an argument; NULL has bytes, too.
struct PackedArgument {
    private let vector: Vector
    private let view: DecodedVector
    private let null: StringReference
    private let nullOwner: StringHeap

    init(_ argument: Vector, _ type: LogicalType, asKey: Bool = false) {
        // Nested values are gathered by rows and come packed already.
        let isPacked = type.isNested && argument.physicalType == .string
        vector = isPacked ? argument : packed(argument.widened(to: type), asKey: asKey)
        view = DecodedVector(vector)
        nullOwner = StringHeap(firstBlockByteCount: 64)
        null = nullOwner.add(packedNull(of: type))
    }

    @inline(__always)
    func isValid(_ row: Int) -> Bool { view.isValid(row) }

    @inline(__always)
    func bytes(_ row: Int) -> StringReference { view.isValid(row) ? view.value(row) : null }
}

extension Vector {
    /// Brings integers into the widest layout of their type.
    func widened(to type: LogicalType) -> Vector {
        let widest = type.widestPhysicalType
        return physicalType.isInteger && widest.isInteger ? withIntegerLayout(widest) : self
    }
}

extension LogicalType {
    /// The layout in which aggregates take values of this type and give them back.
    var gatheredPhysicalType: PhysicalType { isNested ? .string : widestPhysicalType }
}
