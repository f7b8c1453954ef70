import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Counts the rows that come from one input of a set operation; the argument is the number of a
/// row's input.
struct SideCountKernel: AggregateKernel {
    let side: Int8

    var stateByteCount: Int { 8 }
    var resultPhysicalType: PhysicalType { .int64 }
    var resultBounds: Bounds? { nil }

    func update(
        groups: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, arguments: [Vector],
        count: Int, heap: StringHeap
    ) throws(StarlingError) {
        let sides = DecodedVector(arguments[0])
        for row in 0..<count {
            (groups[row] + offset).assumingMemoryBound(to: Int64.self).pointee &+=
                sides.value(row, as: Int8.self) == side ? 1 : 0
        }
    }

    func update(
        state: UnsafeMutableRawPointer, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        let sides = DecodedVector(arguments[0])
        for row in 0..<count where sides.value(row, as: Int8.self) == side {
            state.assumingMemoryBound(to: Int64.self).pointee &+= 1
        }
    }

    func combine(
        targets: UnsafePointer<UnsafeMutableRawPointer>,
        sources: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, count: Int, heap: StringHeap
    ) throws(StarlingError) {
        for row in 0..<count {
            (targets[row] + offset).assumingMemoryBound(to: Int64.self).pointee &+=
                (sources[row] + offset).assumingMemoryBound(to: Int64.self).pointee
        }
    }

    func finalize(
        groups: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, count: Int
    ) throws(StarlingError) -> Vector {
        let vector = Vector(uninitialized: .int64, count: count)
        let values = vector.pointer(to: Int64.self)
        for row in 0..<count {
            values[row] = (groups[row] + offset).assumingMemoryBound(to: Int64.self).pointee
        }
        return vector
    }
}
