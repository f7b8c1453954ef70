// FlatBuffers as Arrow's metadata uses them: tables whose fields are found through a table of
// offsets, strings, and vectors. Every access is checked against the message it lies in.

import StarlingErrors
import StarlingMemory

/// Holds the bytes of one message, and where they come from.
final class FlatMessage: Sendable {
    let bytes: Buffer
    let path: String

    init(_ bytes: Buffer, path: String) {
        self.bytes = bytes
        self.path = path
    }

    func damage(_ message: String) -> StarlingError {
        StarlingError(.file, "\(path): \(message)")
    }

    /// Reads a number at a place; throws where it leaves the message.
    func load<Number: FixedWidthInteger>(
        at place: Int, as type: Number.Type
    ) throws(StarlingError) -> Number {
        guard place >= 0, place <= bytes.byteCount - MemoryLayout<Number>.size else {
            throw damage("the metadata of a message refers to bytes outside of it")
        }
        return Number(
            littleEndian: (bytes.baseAddress + place).loadUnaligned(as: Number.self))
    }

    /// Follows an offset that counts from where it stands.
    func target(of place: Int) throws(StarlingError) -> Int {
        place + Int(try load(at: place, as: UInt32.self))
    }

    var root: FlatTable {
        get throws(StarlingError) { try FlatTable(self, at: try target(of: 0)) }
    }
}

/// Reads the fields of a table by their numbers.
struct FlatTable {
    let message: FlatMessage
    private let start: Int
    private let offsets: Int
    private let offsetByteCount: Int

    init(_ message: FlatMessage, at start: Int) throws(StarlingError) {
        self.message = message
        self.start = start
        offsets = start - Int(try message.load(at: start, as: Int32.self))
        offsetByteCount = Int(try message.load(at: offsets, as: UInt16.self))
    }

    /// The place of a field's bytes; nil where the field has its default.
    private func place(of field: Int) throws(StarlingError) -> Int? {
        let entry = 4 + 2 * field
        guard entry + 2 <= offsetByteCount else { return nil }
        let offset = Int(try message.load(at: offsets + entry, as: UInt16.self))
        return offset == 0 ? nil : start + offset
    }

    func number<Number: FixedWidthInteger>(
        _ field: Int, default value: Number
    ) throws(StarlingError) -> Number {
        guard let place = try place(of: field) else { return value }
        return try message.load(at: place, as: Number.self)
    }

    func flag(_ field: Int) throws(StarlingError) -> Bool {
        try number(field, default: UInt8(0)) != 0
    }

    func table(_ field: Int) throws(StarlingError) -> FlatTable? {
        guard let place = try place(of: field) else { return nil }
        return try FlatTable(message, at: try message.target(of: place))
    }

    func text(_ field: Int) throws(StarlingError) -> String? {
        guard let elements = try elements(field, byteCount: 1) else { return nil }
        return String(
            decoding: UnsafeRawBufferPointer(
                start: message.bytes.baseAddress + elements.start, count: elements.count),
            as: UTF8.self)
    }

    /// Locates a vector whose elements have `byteCount` bytes each.
    func elements(
        _ field: Int, byteCount: Int
    ) throws(StarlingError) -> (start: Int, count: Int)? {
        guard let place = try place(of: field) else { return nil }
        let vector = try message.target(of: place)
        let count = Int(try message.load(at: vector, as: UInt32.self))
        guard count <= (message.bytes.byteCount - vector - 4) / byteCount else {
            throw message.damage("the metadata of a message has a list that is longer than itself")
        }
        return (vector + 4, count)
    }

    /// Reads a vector of tables.
    func tables(_ field: Int) throws(StarlingError) -> [FlatTable] {
        guard let elements = try elements(field, byteCount: 4) else { return [] }
        var result: [FlatTable] = []
        for index in 0..<elements.count {
            result.append(
                try FlatTable(message, at: try message.target(of: elements.start + 4 * index)))
        }
        return result
    }

    /// Reads a vector of structures of 64-bit numbers, `width` each.
    func numbers(_ field: Int, width: Int) throws(StarlingError) -> [[Int64]] {
        guard let elements = try elements(field, byteCount: 8 * width) else { return [] }
        var result: [[Int64]] = []
        for index in 0..<elements.count {
            var row: [Int64] = []
            for word in 0..<width {
                let place = elements.start + 8 * (index * width + word)
                row.append(try message.load(at: place, as: Int64.self))
            }
            result.append(row)
        }
        return result
    }
}
