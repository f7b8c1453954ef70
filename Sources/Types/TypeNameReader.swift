// Reads a type's name as it stands in SQL: int, decimal(15,2), varchar(20), array<map<int,string>>,
// struct<a int, b: string>.

import StarlingErrors

extension LogicalType {
    /// Reads the whole of `text` as a type, in any case.
    package init(name text: String) throws(StarlingError) {
        var reader = TypeNameReader(text)
        self = try reader.readType()
        guard reader.isAtEnd else { throw reader.failure() }
    }

    /// Makes a type of a plain name and the numbers in its parentheses; nil for an unknown name.
    package init?(name: String, parameters: [Int]) throws(StarlingError) {
        switch (name.lowercased(), parameters.count) {
        case ("boolean", 0), ("bool", 0): self = .boolean
        case ("tinyint", 0...1): self = .tinyint
        case ("smallint", 0...1): self = .smallint
        case ("int", 0...1), ("integer", 0...1): self = .int
        case ("bigint", 0...1), ("signed", 0): self = .bigint
        case ("largeint", 0...1): self = .largeint
        case ("float", 0), ("real", 0): self = .float
        case ("double", 0): self = .double
        case ("decimal", _), ("decimalv2", _), ("decimalv3", _), ("numeric", _), ("dec", _),
            ("decimal32", _),
            ("decimal64", _), ("decimal128", _):
            self = try Self.decimal(parameters)
        case ("char", 0...1), ("character", 0...1):
            self = .char(length: try Self.length(parameters.first ?? 1, maximum: 255))
        case ("varchar", 0), ("string", 0), ("text", 0): self = .string
        case ("varchar", 1): self = .varchar(length: try Self.length(parameters[0], maximum: .max))
        case ("binary", 0...1), ("varbinary", 0...1), ("bytes", 0): self = .varbinary
        case ("date", 0): self = .date
        case ("datetime", 0...1), ("timestamp", 0...1): self = .datetime
        case ("time", 0): self = .time
        case ("json", 0): self = .json
        case ("bitmap", 0): self = .bitmap
        case ("hll", 0): self = .hll
        case ("percentile", 0): self = .percentile
        case ("null_type", 0): self = .null
        default: return nil
        }
    }

    package static let knownNames = [
        "boolean", "tinyint", "smallint", "int", "integer", "bigint", "largeint", "float",
        "double", "decimal", "char", "varchar", "string", "binary", "varbinary", "date",
        "datetime", "time", "json", "bitmap", "hll", "percentile", "array", "map", "struct",
    ]

    private static func decimal(_ parameters: [Int]) throws(StarlingError) -> LogicalType {
        let precision = parameters.first ?? 10
        let scale = parameters.count > 1 ? parameters[1] : 0
        guard parameters.count <= 2, (1...38).contains(precision), (0...precision).contains(scale)
        else {
            throw StarlingError(
                .binding,
                "decimal takes a precision of 1 to 38 and a scale of at most the precision")
        }
        return .decimal(precision: precision, scale: scale)
    }

    private static func length(_ length: Int, maximum: Int) throws(StarlingError) -> Int {
        guard length >= 1, length <= maximum else {
            throw StarlingError(.binding, "a length of \(length) is out of range for this type")
        }
        return length
    }
}

/// Reads a type's name by recursive descent.
private struct TypeNameReader {
    let bytes: [UInt8]
    var position = 0
    var depth = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    func failure() -> StarlingError {
        StarlingError(.binding, "'\(String(decoding: bytes, as: UTF8.self))' is not a type")
    }

    mutating func skipSpace() {
        while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    }

    var isAtEnd: Bool { bytes[position...].allSatisfy { isSpace($0) } }

    mutating func accept(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(StarlingError) {
        guard accept(byte) else { throw failure() }
    }

    mutating func readName() throws(StarlingError) -> String {
        let isQuoted = accept(UInt8(ascii: "`"))
        skipSpace()
        let start = position
        while position < bytes.count,
            isQuoted ? bytes[position] != UInt8(ascii: "`") : isNameByte(bytes[position])
        { position += 1 }
        guard position > start else { throw failure() }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        if isQuoted { try expect(UInt8(ascii: "`")) }
        return name
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
            || byte >= 0x80
    }

    mutating func readType() throws(StarlingError) -> LogicalType {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 64 else { throw failure() }
        let name = try readName()
        if accept(UInt8(ascii: "<")) {
            let type = try readNested(name.lowercased())
            try expect(UInt8(ascii: ">"))
            return type
        }
        var parameters: [Int] = []
        if accept(UInt8(ascii: "(")) {
            repeat {
                guard let number = Int(try readName()) else { throw failure() }
                parameters.append(number)
            } while accept(UInt8(ascii: ","))
            try expect(UInt8(ascii: ")"))
        }
        guard let type = try LogicalType(name: name, parameters: parameters) else {
            throw unknown(name)
        }
        return type
    }

    private func unknown(_ name: String) -> StarlingError {
        let near = nearestName(to: name, among: LogicalType.knownNames)
        return StarlingError(
            .binding, "unknown type '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }

    private mutating func readNested(_ name: String) throws(StarlingError) -> LogicalType {
        switch name {
        case "array": return .array(try readType())
        case "map":
            let key = try readType()
            try expect(UInt8(ascii: ","))
            return .map(key: key, value: try readType())
        case "struct":
            var fields: [StructureField] = []
            repeat {
                let name = try readName()
                _ = accept(UInt8(ascii: ":"))
                fields.append(StructureField(name: name, type: try readType()))
            } while accept(UInt8(ascii: ","))
            return .structure(fields)
        default: throw unknown(name)
        }
    }
}
