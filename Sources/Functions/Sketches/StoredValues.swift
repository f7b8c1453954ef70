// Which bytes are bitmaps, sketches and states: what CAST from binary asks.

import StarlingBitmaps
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Tells whether the bytes are the stored form of a value of an opaque type.
package func isStored(_ bytes: [UInt8], as type: LogicalType) -> Bool {
    let heap = StringHeap(firstBlockByteCount: 1_024)
    let string = heap.add(bytes)
    switch type {
    case .bitmap: return bytes.withUnsafeBytes { StoredBitmap($0).read() } != nil
    case .hll: return (try? DistinctSketch.read(string, heap)) != nil
    case .percentile: return (try? Digest.read(string, heap)) != nil
    case .aggregateState(let name, let arguments):
        guard let function = FunctionRegistry.builtin.aggregate(name),
            let kernel = try? function.storingKernel(arguments)
        else { return false }
        let states = LooseStates(kernel, count: 1)
        return (try? kernel.read(string, into: states.groups[0], heap)) != nil
    default: return false
    }
}
