// Protocol Buffers, in which ORC writes everything that is not data. Every length is checked
// against the bytes that are left, so hostile input costs no more than its size.

/// Is a message whose fields are read one after the other.
protocol ProtobufMessage {
    init()
    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage)
}

/// Reads fields from bytes that outlive the reader.
struct ProtobufReader {
    enum Wire: UInt8 {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case fixed32 = 5
    }

    struct Field {
        var number: Int
        var wire: Wire
    }

    private var next: UnsafeRawPointer
    private let end: UnsafeRawPointer
    private let depth: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        // An empty message may have no address.
        next = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
        end = next + bytes.count
        depth = 0
    }

    private init(_ start: UnsafeRawPointer, count: Int, depth: Int) {
        next = start
        end = start + count
        self.depth = depth
    }

    private static let truncated = ORCDamage("the metadata ends too early")
    private static let mistyped = ORCDamage("the metadata has a field of another type")

    /// Reads a whole message.
    mutating func message<Message: ProtobufMessage>() throws(ORCDamage) -> Message {
        var result = Message()
        while let field = try nextField() { try result.read(field, from: &self) }
        return result
    }

    private mutating func nextField() throws(ORCDamage) -> Field? {
        guard next < end else { return nil }
        let key = try varint()
        guard let wire = Wire(rawValue: UInt8(key & 7)), key >> 3 > 0, key >> 3 < 1 << 29 else {
            throw ORCDamage("the metadata has an impossible field")
        }
        return Field(number: Int(key >> 3), wire: wire)
    }

    private mutating func varint() throws(ORCDamage) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            guard next < end else { throw Self.truncated }
            let byte = next.load(as: UInt8.self)
            next += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return result }
            shift += 7
        }
        throw ORCDamage("the metadata has a number of more than 64 bits")
    }

    private mutating func fixed64() throws(ORCDamage) -> UInt64 {
        guard end - next >= 8 else { throw Self.truncated }
        defer { next += 8 }
        return UInt64(littleEndian: next.loadUnaligned(as: UInt64.self))
    }

    /// Moves behind the bytes of a field and returns where they are.
    private mutating func section(_ field: Field) throws(ORCDamage) -> UnsafeRawBufferPointer {
        guard field.wire == .bytes else { throw Self.mistyped }
        let count = try varint()
        guard count <= UInt64(end - next) else { throw Self.truncated }
        defer { next += Int(count) }
        return UnsafeRawBufferPointer(start: next, count: Int(count))
    }

    /// Reads the bits of a number, whichever form it has.
    mutating func word(_ field: Field) throws(ORCDamage) -> UInt64 {
        switch field.wire {
        case .varint: return try varint()
        case .fixed64: return try fixed64()
        case .fixed32, .bytes: throw Self.mistyped
        }
    }

    /// Reads a number of things or a place; none is so large that it is no Int.
    mutating func count(_ field: Field) throws(ORCDamage) -> Int {
        let number = try word(field)
        guard number <= UInt64(Int.max >> 8) else {
            throw ORCDamage("the metadata has an impossible number")
        }
        return Int(number)
    }

    mutating func bytes(_ field: Field) throws(ORCDamage) -> [UInt8] {
        Array(try section(field))
    }

    mutating func text(_ field: Field) throws(ORCDamage) -> String {
        String(decoding: try section(field), as: UTF8.self)
    }

    mutating func message<Message: ProtobufMessage>(
        _ field: Field
    ) throws(ORCDamage) -> Message {
        let section = try section(field)
        guard depth < 16 else { throw ORCDamage("the metadata is nested too deeply") }
        guard let start = section.baseAddress else { return Message() }
        var reader = ProtobufReader(start, count: section.count, depth: depth + 1)
        return try reader.message()
    }

    /// Adds one number, or a packed list of them.
    mutating func append(
        _ field: Field, to numbers: inout [UInt64]
    ) throws(ORCDamage) {
        try append(field, to: &numbers) { (reader) throws(ORCDamage) in try reader.varint() }
    }

    /// Adds one number of 64 bits, or a packed list of them.
    mutating func appendFixed(
        _ field: Field, to numbers: inout [UInt64]
    ) throws(ORCDamage) {
        try append(field, to: &numbers) { (reader) throws(ORCDamage) in try reader.fixed64() }
    }

    private mutating func append(
        _ field: Field, to numbers: inout [UInt64],
        _ readNext: (inout ProtobufReader) throws(ORCDamage) -> UInt64
    ) throws(ORCDamage) {
        guard field.wire == .bytes else {
            numbers.append(try word(field))
            return
        }
        let section = try section(field)
        guard let start = section.baseAddress else { return }
        var reader = ProtobufReader(start, count: section.count, depth: depth + 1)
        while reader.next < reader.end { numbers.append(try readNext(&reader)) }
    }

    mutating func skip(_ field: Field) throws(ORCDamage) {
        switch field.wire {
        case .varint: _ = try varint()
        case .fixed64: _ = try fixed64()
        case .bytes: _ = try section(field)
        case .fixed32:
            guard end - next >= 4 else { throw Self.truncated }
            next += 4
        }
    }
}

extension UInt64 {
    /// Undoes the zigzag form of signed numbers.
    @inline(__always)
    var unzigzagged: Int64 { Int64(bitPattern: (self &>> 1) ^ (0 &- (self & 1))) }
}
