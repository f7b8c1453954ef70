// Apache Thrift's compact protocol, in which Parquet writes footers and page headers. Every length
// is checked against the bytes that are left, so hostile input costs no more than its size.

/// Reads values of the compact protocol from bytes that outlive the reader.
struct ThriftReader {
    /// The types of the compact protocol, by their codes.
    enum FieldType: UInt8 {
        case boolTrue = 1
        case boolFalse, byte, i16, i32, i64, double, binary, list, set, map, structure
    }

    struct Field {
        var id: Int
        var type: FieldType
    }

    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0
    private var depth = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private static let truncated = ParquetDamage("the metadata ends too early")

    mutating func byte() throws(ParquetDamage) -> UInt8 {
        guard offset < bytes.count else { throw Self.truncated }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func unsigned() throws(ParquetDamage) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let next = try byte()
            result |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return result }
            shift += 7
        }
        throw ParquetDamage("the metadata has a number of more than 64 bits")
    }

    /// Reads a number in zigzag form.
    mutating func integer() throws(ParquetDamage) -> Int {
        let raw = try unsigned()
        return Int(Int64(bitPattern: (raw >> 1) ^ (0 &- (raw & 1))))
    }

    /// Reads a number of things that take a byte or more each.
    mutating func count() throws(ParquetDamage) -> Int {
        let raw = try unsigned()
        guard raw <= UInt64(bytes.count - offset) else { throw Self.truncated }
        return Int(raw)
    }

    mutating func binary() throws(ParquetDamage) -> [UInt8] {
        let count = try count()
        defer { offset += count }
        return Array(bytes[offset..<(offset + count)])
    }

    mutating func text() throws(ParquetDamage) -> String {
        String(decoding: try binary(), as: UTF8.self)
    }

    /// Reads the header of the next field of a structure; nil at its end. `lastID` starts at 0.
    mutating func nextField(after lastID: inout Int) throws(ParquetDamage) -> Field? {
        let header = try byte()
        if header == 0 { return nil }
        guard let type = FieldType(rawValue: header & 0x0F) else {
            throw ParquetDamage("the metadata has a field of an unknown type")
        }
        let step = Int(header >> 4)
        let id = step == 0 ? try integer() : lastID + step
        // Ids are 16 bits; a wild one only has to be one that no one knows.
        guard id >= -32_768, id <= 32_767 else {
            throw ParquetDamage("the metadata has a field with an impossible number")
        }
        lastID = id
        return Field(id: id, type: type)
    }

    /// Reads the header of a list.
    mutating func listHeader() throws(ParquetDamage) -> (count: Int, element: FieldType) {
        let header = try byte()
        guard let element = FieldType(rawValue: header & 0x0F) else {
            throw ParquetDamage("the metadata has a list of an unknown type")
        }
        // Each element takes a byte or more.
        let short = Int(header >> 4)
        let count = short == 15 ? try count() : short
        guard count <= bytes.count - offset else { throw Self.truncated }
        return (count, element)
    }

    /// Reads the list of structures in `field`.
    mutating func structures<Element>(
        _ field: Field, _ read: (inout ThriftReader) throws(ParquetDamage) -> Element
    ) throws(ParquetDamage) -> [Element] {
        try list(of: .structure, in: field, read)
    }

    /// Reads the list of structures in `field`.
    mutating func structures<Element: ThriftStructure>(
        _ field: Field
    ) throws(ParquetDamage) -> [Element] {
        try list(of: .structure, in: field, Element.init)
    }

    /// Reads the structure in `field`.
    mutating func structure<Element: ThriftStructure>(
        _ field: Field
    ) throws(ParquetDamage) -> Element {
        guard field.type == .structure else { throw Self.wrongType(field) }
        return try Element(&self)
    }

    /// Reads the list of numbers of 64 bits in `field`.
    mutating func integers(_ field: Field) throws(ParquetDamage) -> [Int] {
        try list(of: .i64, in: field) { (reader) throws(ParquetDamage) in try reader.integer() }
    }

    /// Reads the list of byte strings in `field`.
    mutating func binaries(_ field: Field) throws(ParquetDamage) -> [[UInt8]] {
        try list(of: .binary, in: field) { (reader) throws(ParquetDamage) in try reader.binary() }
    }

    /// Reads the list of flags in `field`, a byte each: 1 is true.
    mutating func flags(_ field: Field) throws(ParquetDamage) -> [Bool] {
        guard field.type == .list else { throw Self.wrongType(field) }
        let (count, element) = try listHeader()
        guard element == .boolTrue || element == .boolFalse || count == 0 else {
            throw Self.wrongType(field)
        }
        var result: [Bool] = []
        for _ in 0..<count { result.append(try byte() == 1) }
        return result
    }

    private mutating func list<Element>(
        of type: FieldType, in field: Field,
        _ read: (inout ThriftReader) throws(ParquetDamage) -> Element
    ) throws(ParquetDamage) -> [Element] {
        guard field.type == .list else { throw Self.wrongType(field) }
        let (count, element) = try listHeader()
        guard element == type || count == 0 else { throw Self.wrongType(field) }
        var result: [Element] = []
        for _ in 0..<count { result.append(try read(&self)) }
        return result
    }

    mutating func integer(_ field: Field) throws(ParquetDamage) -> Int {
        switch field.type {
        case .i16, .i32, .i64: return try integer()
        case .byte: return Int(Int8(bitPattern: try byte()))
        default: throw Self.wrongType(field)
        }
    }

    mutating func binary(_ field: Field) throws(ParquetDamage) -> [UInt8] {
        guard field.type == .binary else { throw Self.wrongType(field) }
        return try binary()
    }

    func flag(_ field: Field) -> Bool { field.type == .boolTrue }

    static func wrongType(_ field: Field) -> ParquetDamage {
        ParquetDamage("field \(field.id) of the metadata has the wrong type")
    }

    mutating func skip(_ field: Field) throws(ParquetDamage) {
        switch field.type {
        case .boolTrue, .boolFalse: break
        default: try skipValue(field.type)
        }
    }

    private mutating func skipValue(_ type: FieldType) throws(ParquetDamage) {
        switch type {
        case .boolTrue, .boolFalse, .byte: _ = try byte()
        case .i16, .i32, .i64: _ = try unsigned()
        case .double: try advance(8)
        case .binary: try advance(try count())
        case .list, .set, .map, .structure:
            depth += 1
            defer { depth -= 1 }
            guard depth < 64 else { throw ParquetDamage("the metadata is nested too deeply") }
            try skipNested(type)
        }
    }

    private mutating func skipNested(_ type: FieldType) throws(ParquetDamage) {
        if type == .structure {
            var lastID = 0
            while let field = try nextField(after: &lastID) { try skip(field) }
        } else if type == .map {
            let count = try count()
            if count == 0 { return }
            let types = try byte()
            guard let key = FieldType(rawValue: types >> 4),
                let value = FieldType(rawValue: types & 0x0F)
            else { throw ParquetDamage("the metadata has a map of an unknown type") }
            for _ in 0..<count {
                try skipValue(key)
                try skipValue(value)
            }
        } else {
            let (count, element) = try listHeader()
            for _ in 0..<count { try skipValue(element) }
        }
    }

    private mutating func advance(_ count: Int) throws(ParquetDamage) {
        guard count <= bytes.count - offset else { throw Self.truncated }
        offset += count
    }
}
