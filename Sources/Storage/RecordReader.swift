import StarlingErrors

/// Reads numbers and texts one after the other from bytes that may be damaged.
struct RecordReader {
    private let all: ArraySlice<UInt8>
    private var place: Int
    /// Whose bytes these are, for errors.
    private let source: String

    init(_ bytes: ArraySlice<UInt8>, of source: String) {
        all = bytes
        place = bytes.startIndex
        self.source = source
    }

    var isAtEnd: Bool { place == all.endIndex }

    mutating func integer<Number: FixedWidthInteger>(
        _ type: Number.Type
    ) throws(StarlingError) -> Number {
        let count = MemoryLayout<Number>.size
        let bytes = try take(count)
        var number: Number = 0
        for byte in bytes.reversed() { number = number << 8 | Number(truncatingIfNeeded: byte) }
        return number
    }

    /// Reads a count or a place of 8 bytes.
    mutating func count() throws(StarlingError) -> Int {
        guard let count = Int(exactly: try integer(UInt64.self)) else {
            throw failure("a count is larger than any file")
        }
        return count
    }

    mutating func bytes() throws(StarlingError) -> [UInt8] {
        Array(try take(Int(try integer(UInt32.self))))
    }

    mutating func text() throws(StarlingError) -> String {
        String(decoding: try bytes(), as: UTF8.self)
    }

    /// Gives the bytes that are left.
    mutating func rest() -> ArraySlice<UInt8> {
        defer { place = all.endIndex }
        return all[place...]
    }

    /// Gives the bytes behind a count as something to read by itself.
    mutating func part() throws(StarlingError) -> RecordReader {
        RecordReader(try take(Int(try integer(UInt32.self))), of: source)
    }

    func failure(_ message: String) -> StarlingError {
        StarlingError(.data, "\(source) is damaged: \(message)")
    }

    private mutating func take(_ count: Int) throws(StarlingError) -> ArraySlice<UInt8> {
        guard count <= all.endIndex - place else { throw failure("a record is cut off") }
        defer { place += count }
        return all[place..<(place + count)]
    }
}
