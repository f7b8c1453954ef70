// Results that are lists, written as packed bytes row by row (`packed`).

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Writes packed lists into a vector of strings.
struct PackedWriter {
    private var vector: Vector
    private let heap = StringHeap(firstBlockByteCount: 4_096)
    private let name: String
    private var row = 0
    private var bytes = ByteList.empty

    init(count: Int, name: String) {
        vector = Vector(zeroed: .string, count: count)
        self.name = name
    }

    mutating func addNull() {
        vector.setNull(row)
        row += 1
    }

    mutating func begin() {
        bytes = .empty
        mark(PackedMarker.value)
    }

    mutating func mark(_ marker: UInt8) {
        bytes.extend(by: 1, heap).storeBytes(of: marker, as: UInt8.self)
    }

    mutating func append(_ value: StringReference) { bytes.append(value, heap) }

    /// Appends a packed integer in its order-preserving form.
    mutating func append<Integer: StoredInteger>(_ value: Integer) {
        mark(PackedMarker.value)
        bytes.extend(by: MemoryLayout<Integer>.size, heap)
            .storeBytes(of: (value ^ Integer.min).bigEndian, as: Integer.self)
    }

    /// Appends a packed number in its order-preserving form.
    mutating func append(_ value: Double) {
        let bits = Int64(bitPattern: value.bitPattern)
        append(bits ^ ((bits &>> 63) & .max))
    }

    mutating func end() throws(StarlingError) {
        mark(PackedMarker.end)
        vector.pointer(to: StringReference.self)[row] = try bytes.string(of: name)
        row += 1
    }

    func finish() -> Vector {
        var result = vector
        result.owner = heap
        return result
    }
}

extension RowAggregate {
    /// Writes a list for each state; NULL for those that have seen no row that counts.
    func packedLists(
        _ name: String, _ states: StateList<State>, _ write: (State, inout PackedWriter) -> Void
    ) throws(StarlingError) -> Vector {
        var writer = PackedWriter(count: states.count, name: name)
        for row in 0..<states.count {
            let state = states[row]
            if isEmpty(state) {
                writer.addNull()
            } else {
                writer.begin()
                write(state, &writer)
                try writer.end()
            }
        }
        return writer.finish()
    }
}
