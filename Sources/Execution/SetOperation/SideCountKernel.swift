import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Counts the rows that come from one input of a set operation; the argument is the constant
/// number of a chunk's input.
struct SideCountKernel: AggregateKernel {
    let side: Int8

    var stateByteCount: Int { 8 }
    var resultPhysicalType: PhysicalType { .int64 }
    var resultBounds: Bounds? { nil }

    private func counts(_ argument: Vector) -> Bool {
        argument.isConstant && argument.pointer(to: Int8.self)[0] == side
    }

    func update(
        groups: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, arguments: [Vector],
        count: Int, heap: StringHeap
    ) throws(StarlingError) {
        guard counts(arguments[0]) else { return }
        for row in 0..<count {
            (groups[row] + offset).assumingMemoryBound(to: Int64.self).pointee &+= 1
        }
    }

    func update(
        state: UnsafeMutableRawPointer, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        guard counts(arguments[0]) else { return }
        state.assumingMemoryBound(to: Int64.self).pointee &+= Int64(count)
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
