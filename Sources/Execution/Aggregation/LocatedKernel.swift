import StarlingErrors
import StarlingFunctions
import StarlingTypes
import StarlingVectors

/// Runs another kernel, and lets errors over values point at the call in the text.
struct LocatedKernel: AggregateKernel {
    let kernel: any AggregateKernel
    let place: TextRange

    var stateByteCount: Int { kernel.stateByteCount }
    var resultPhysicalType: PhysicalType { kernel.resultPhysicalType }
    var resultBounds: Bounds? { kernel.resultBounds }
    var sharedState: ObjectIdentifier? { kernel.sharedState }
    var gathersRows: Bool { kernel.gathersRows }

    private func located<Success>(
        _ body: () throws(StarlingError) -> Success
    ) throws(StarlingError) -> Success {
        do throws(StarlingError) { return try body() } catch {
            throw error.locatedIfData(at: place)
        }
    }

    func update(
        groups: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, arguments: [Vector],
        count: Int, heap: StringHeap
    ) throws(StarlingError) {
        try located { () throws(StarlingError) in
            try kernel.update(
                groups: groups, offset: offset, arguments: arguments, count: count, heap: heap)
        }
    }

    func update(
        state: UnsafeMutableRawPointer, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        try located { () throws(StarlingError) in
            try kernel.update(state: state, arguments: arguments, count: count, heap: heap)
        }
    }

    func combine(
        targets: UnsafePointer<UnsafeMutableRawPointer>,
        sources: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, count: Int, heap: StringHeap
    ) throws(StarlingError) {
        try located { () throws(StarlingError) in
            try kernel.combine(
                targets: targets, sources: sources, offset: offset, count: count, heap: heap)
        }
    }

    func finalize(
        groups: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, count: Int
    ) throws(StarlingError) -> Vector {
        try located { () throws(StarlingError) in
            try kernel.finalize(groups: groups, offset: offset, count: count)
        }
    }
}
