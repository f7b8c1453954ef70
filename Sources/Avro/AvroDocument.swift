// A value of a type that contains itself, as JSON: SQL has no such types. Records and maps are
// objects, arrays arrays, and unions what they are as columns; what JSON has no form for is a string.

import StarlingTypes

/// Reads one value, or passes over it.
struct AvroDocument {
    typealias Place = UnsafePointer<UInt8>

    private static let depthMax = 500
    private static let byteCountMax = 1 << 26
    /// Elements without bytes would cost a file nothing.
    private static let emptyElementCountMax = 1 << 20

    private let definitions: [AvroNode]
    private let end: Place
    private let isWanted: Bool
    private var emptyElementCount = 0
    /// Where the next value begins.
    private(set) var place: Place
    /// What was read so far; nothing where values are passed over.
    private(set) var text: [UInt8] = []

    init(_ definitions: [AvroNode], from place: Place, to end: Place, isWanted: Bool) {
        self.definitions = definitions
        self.place = place
        self.end = end
        self.isWanted = isWanted
    }

    /// Reads a value of one of the types that contain themselves.
    mutating func read(definition: Int, depth: Int = 0) throws(AvroFault) {
        try read(definitions[definition], depth: depth)
    }

    private mutating func read(_ node: AvroNode, depth: Int) throws(AvroFault) {
        guard depth <= Self.depthMax else { throw .depth }
        guard text.count < Self.byteCountMax else { throw .documentSize }
        if let nullBranch = node.nullBranch {
            let branch = try number()
            guard branch == 0 || branch == 1 else { throw .branch }
            if branch == nullBranch { return write("null") }
        }
        switch node.form {
        case .document(let definition): try read(definition: definition, depth: depth)
        case .record: try readRecord(node, depth: depth + 1)
        case .list: try readList(node, depth: depth + 1)
        case .union(let nullBranch):
            try readUnion(node, nullBranch: nullBranch, depth: depth + 1)
        default: try readScalar(node)
        }
    }

    private mutating func write(_ word: StaticString) {
        guard isWanted else { return }
        word.withUTF8Buffer { text.append(contentsOf: $0) }
    }

    private mutating func write(key: String, at position: Int) {
        guard isWanted else { return }
        if position > 0 { write(",") }
        appendJSONString(Array(key.utf8), to: &text)
        write(":")
    }

    // MARK: Nested values

    private mutating func readRecord(_ node: AvroNode, depth: Int) throws(AvroFault) {
        write("{")
        for (position, field) in node.children.enumerated() {
            write(key: node.names[position], at: position)
            try read(field, depth: depth)
        }
        write("}")
    }

    private mutating func readUnion(
        _ node: AvroNode, nullBranch: Int?, depth: Int
    ) throws(AvroFault) {
        var branch = try number()
        if branch == nullBranch { return write("null") }
        if let nullBranch, branch > nullBranch { branch -= 1 }
        guard node.children.indices.contains(branch) else { throw .branch }
        write("{")
        for (position, member) in node.children.enumerated() {
            write(key: "member\(position)", at: position)
            if position == branch { try read(member, depth: depth) } else { write("null") }
        }
        write("}")
    }

    private mutating func readList(_ node: AvroNode, depth: Int) throws(AvroFault) {
        let isMap = node.children.count == 2
        let least = node.children.reduce(0) { $0 + $1.byteCountMin }
        var position = 0
        write(isMap ? "{" : "[")
        while let count = try elementCount(least) {
            for _ in 0..<count {
                if position > 0 { write(",") }
                position += 1
                try read(node.children[0], depth: depth)
                guard isMap else { continue }
                write(":")
                try read(node.children[1], depth: depth)
            }
        }
        write(isMap ? "}" : "]")
    }

    /// Reads how many elements follow; nil where there are no more.
    private mutating func elementCount(_ byteCountMin: Int) throws(AvroFault) -> Int? {
        var count = try number()
        if count == 0 { return nil }
        if count < 0 {
            // Their bytes follow, for those who pass over them.
            _ = try number()
            count = 0 &- count
        }
        if byteCountMin == 0 {
            guard count > 0, count <= Self.emptyElementCountMax - emptyElementCount else {
                throw .elements
            }
            emptyElementCount += count
        } else {
            guard count > 0, count <= (end - place) / byteCountMin else { throw .length }
        }
        return count
    }

    // MARK: Other values

    private mutating func readScalar(_ node: AvroNode) throws(AvroFault) {
        switch node.form {
        case .null: write("null")
        case .boolean:
            let byte = try take(1)[0]
            guard byte <= 1 else { throw .boolean }
            write(byte == 1 ? "true" : "false")
        case .int, .long: try write(Int128(number()), node)
        case .ticks(let microseconds): try write(Int128(number()) * Int128(microseconds), node)
        case .nanoseconds:
            let number = try number()
            guard isWanted else { return }
            guard
                LosslessJSON.append(
                    nanoseconds: Int64(number), isInstant: node.isInstant, to: &text)
            else { throw .bounds }
        case .float:
            let bits = UnsafeRawPointer(try take(4)).loadUnaligned(as: UInt32.self)
            if isWanted { LosslessJSON.append(Float(bitPattern: bits), to: &text) }
        case .double:
            let bits = UnsafeRawPointer(try take(8)).loadUnaligned(as: UInt64.self)
            if isWanted { LosslessJSON.append(Double(bitPattern: bits), to: &text) }
        case .bytes: try write(takeSized(), node)
        case .fixed(let count): try write(bytes(count), node)
        case .uuid: try write(FixedText.uuid(bytes(16)), node)
        case .duration:
            let bytes = try bytes(12)
            if isWanted { write(FixedText.interval(bytes), node) }
        case .symbol(let dictionary):
            let code = try number()
            guard (0..<dictionary.count).contains(code) else { throw .symbol }
            if isWanted { dictionary.values.value(at: code).appendJSON(as: .string, to: &text) }
        case .decimal(nil): try writeDecimal(takeSized(), node.type)
        case .decimal(let count?): try writeDecimal(bytes(count), node.type)
        case .list, .record, .union, .document: break
        }
    }

    private mutating func write(_ number: Int128, _ node: AvroNode) throws(AvroFault) {
        guard node.type.bounds?.contains(number) ?? true else { throw .bounds }
        guard isWanted else { return }
        switch node.type {
        case .int, .bigint: appendInteger(number, to: &text)
        default:
            _ = LosslessJSON.append(
                number, as: node.type, isInstant: node.isInstant, to: &text)
        }
    }

    private mutating func write(_ bytes: [UInt8], _ node: AvroNode) {
        if isWanted { Value.bytes(bytes).appendJSON(as: node.type, to: &text) }
    }

    /// Writes a number in two's complement, the highest byte first.
    private mutating func writeDecimal(_ bytes: [UInt8], _ type: LogicalType) throws(AvroFault) {
        let isNegative = (bytes.first ?? 0) >= 0x80
        let sign: UInt8 = isNegative ? 0xFF : 0
        // What lies above 128 bits must be nothing but the sign.
        guard bytes.dropLast(16).allSatisfy({ $0 == sign }) else { throw .bounds }
        let number = bytes.suffix(16).reduce(Int128(isNegative ? -1 : 0)) { $0 << 8 | Int128($1) }
        guard type.bounds?.contains(number) ?? true, (number < 0) == isNegative else {
            throw .bounds
        }
        if isWanted { appendDecimal(number, scale: type.scale, to: &text) }
    }

    // MARK: Bytes

    private mutating func take(_ count: Int) throws(AvroFault) -> Place {
        guard count >= 0, count <= end - place else { throw .end }
        defer { place += count }
        return place
    }

    private mutating func bytes(_ count: Int) throws(AvroFault) -> [UInt8] {
        Array(UnsafeBufferPointer(start: try take(count), count: isWanted ? count : 0))
    }

    private mutating func takeSized() throws(AvroFault) -> [UInt8] {
        let count = try number()
        guard count >= 0, count <= end - place else { throw .length }
        return try bytes(count)
    }

    private mutating func number() throws(AvroFault) -> Int {
        var bits: UInt64 = 0
        for index in 0..<10 {
            let byte = try take(1)[0]
            if index == 9, byte > 1 { break }
            bits |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 {
                return Int(Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1))
            }
        }
        throw .number
    }
}
