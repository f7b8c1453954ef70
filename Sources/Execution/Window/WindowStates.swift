// States of an aggregate that lie side by side, as rows, prefixes, blocks or frames have them.

import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingVectors

/// Holds states, all of them empty at first.
struct WindowStates {
    typealias Address = UnsafeMutableRawPointer

    private let buffer: Buffer
    let width: Int

    init(_ kernel: any AggregateKernel, count: Int) {
        width = Self.width(kernel)
        buffer = .zeroed(byteCount: width * count)
    }

    static func width(_ kernel: any AggregateKernel) -> Int {
        max(8, (kernel.stateByteCount + 7) / 8 * 8)
    }

    func address(_ position: Int) -> Address { buffer.baseAddress + position * width }
}

/// Collects pairs of states until there are enough for the kernel.
struct StatePairs {
    typealias Address = WindowStates.Address

    private let targets = Buffer(byteCount: chunkCapacity * 8)
    private let sources = Buffer(byteCount: chunkCapacity * 8)
    private var count = 0
    private let kernel: any AggregateKernel
    private let heap: StringHeap

    init(_ kernel: any AggregateKernel, _ heap: StringHeap) {
        self.kernel = kernel
        self.heap = heap
    }

    /// Adds `source` to `target`, after all pairs before.
    mutating func add(_ target: Address, _ source: Address) throws(StarlingError) {
        targets.pointer(to: Address.self)[count] = target
        sources.pointer(to: Address.self)[count] = source
        count += 1
        if count == chunkCapacity { try flush() }
    }

    mutating func flush() throws(StarlingError) {
        try kernel.combine(
            targets: targets.pointer(to: Address.self),
            sources: sources.pointer(to: Address.self), offset: 0, count: count, heap: heap)
        count = 0
    }
}
