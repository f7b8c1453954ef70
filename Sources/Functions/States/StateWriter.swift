// States of aggregates as bytes that can be kept: integers in little-endian order, counts as
// LEB128, floating-point numbers by their bits, strings behind their lengths.

import StarlingErrors
import StarlingVectors

/// Collects the bytes of a state.
package struct StateWriter {
    private(set) var bytes: [UInt8] = []

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func append<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }

    mutating func append(_ number: Double) { append(number.bitPattern) }

    mutating func append(count: Int) {
        var rest = UInt64(truncatingIfNeeded: count)
        while rest >= 128 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func append(_ string: StringReference) {
        append(count: string.count)
        string.withBytes { bytes += $0 }
    }

    mutating func append(_ list: ByteList) {
        append(count: Int(list.byteCount))
        if list.isEmpty { return }
        bytes += UnsafeRawBufferPointer(start: list.start, count: Int(list.byteCount))
    }
}

/// Reads what a `StateWriter` has written; the bytes may come from anywhere.
package struct StateReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var bytesLeft: Int { bytes.count - position }

    static let damage = StarlingError(.data, "a stored state or sketch is damaged")

    private mutating func take(_ count: Int) throws(StarlingError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytesLeft else { throw Self.damage }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
    }

    mutating func read<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type = Number.self
    ) throws(StarlingError) -> Number {
        let part = try take(MemoryLayout<Number>.size)
        return Number(littleEndian: part.loadUnaligned(as: Number.self))
    }

    mutating func readDouble() throws(StarlingError) -> Double {
        Double(bitPattern: try read(UInt64.self))
    }

    /// Reads a count of things that take `byteCount` bytes or more each.
    mutating func readCount(of byteCount: Int = 1) throws(StarlingError) -> Int {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while true {
            let byte = try read(UInt8.self)
            guard shift < 35 else { throw Self.damage }
            value |= UInt64(byte & 127) << shift
            if byte < 128 { break }
            shift += 7
        }
        guard value <= UInt64(bytesLeft / byteCount) else { throw Self.damage }
        return Int(value)
    }

    /// Reads a string and copies it into the heap.
    mutating func readString(_ heap: StringHeap) throws(StarlingError) -> StringReference {
        let part = try take(try readCount())
        guard let start = part.baseAddress, part.count > 0 else { return .empty }
        return heap.add(start, count: part.count)
    }

    /// Gives all that is left to `body`.
    mutating func readRest<Result>(
        _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(StarlingError) -> Result {
        body(try take(bytesLeft))
    }

    mutating func readList(_ heap: StringHeap) throws(StarlingError) -> ByteList {
        let part = try take(try readCount())
        var list = ByteList.empty
        if let start = part.baseAddress, part.count > 0 {
            list.extend(by: part.count, heap).copyMemory(from: start, byteCount: part.count)
        }
        return list
    }
}

/// Is a state that can be kept as bytes.
protocol StoredState: BitwiseCopyable {
    func write(to writer: inout StateWriter)
    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Self
}

extension StoredState {
    /// The state's own bytes.
    var stored: [UInt8] {
        var writer = StateWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// Reads a whole string as a state.
    static func read(
        _ string: StringReference, _ heap: StringHeap
    ) throws(StarlingError) -> Self {
        try string.readState { reader throws(StarlingError) in try read(from: &reader, heap) }
    }
}

extension StringReference {
    /// Lets `body` read the whole string.
    func readState<Result>(
        _ body: (inout StateReader) throws(StarlingError) -> Result
    ) throws(StarlingError) -> Result {
        let result = withBytes { bytes -> Swift.Result<Result, StarlingError> in
            var reader = StateReader(bytes)
            do throws(StarlingError) {
                let value = try body(&reader)
                return reader.bytesLeft == 0 ? .success(value) : .failure(StateReader.damage)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
