// Files that tools/fixtures/parquet.py wrote, and the values that pyarrow says are in them.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingTypes

/// Names a file in the folder Fixtures, `<dataset>.<variant>.parquet`.
struct Fixture: CustomStringConvertible, Sendable {
    let name: String

    static let folder =
        #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures"

    static let all: [Fixture] = {
        let entries = try? LocalFileSystem().list(folder)
        let names = (entries ?? []).map(\.name).filter { $0.hasSuffix(".parquet") }
        return names.filter { !$0.hasPrefix("nested") && !$0.hasPrefix("odd") }.map {
            Fixture(name: $0)
        }
    }()

    var path: String { Self.folder + "/" + name }
    var description: String { name }

    /// Holds what a column should be.
    struct Column {
        var name: String
        var type: String
        var isNullable: Bool
        var values: [Value]
    }

    /// Reads the values of the dataset.
    func expected() throws -> [String: Column] {
        let dataset = name.split(separator: ".")[0]
        let text = String(
            decoding: try Self.bytes("\(Self.folder)/\(dataset).values"), as: UTF8.self)
        var columns: [String: Column] = [:]
        var current: Column?
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if words[0] == "column" {
                if let current { columns[current.name] = current }
                current = Column(
                    name: words[1], type: words[2].split(separator: "~").joined(separator: " "),
                    isNullable: words[3] == "1", values: [])
            } else {
                var tokens = line.split(separator: " ")[...]
                current?.values.append(Self.value(&tokens))
            }
        }
        if let current { columns[current.name] = current }
        return columns
    }

    /// Reads a value; a nested one is its parts in parentheses.
    private static func value(_ tokens: inout ArraySlice<Substring>) -> Value {
        guard let first = tokens.popFirst() else { return .null }
        guard first == "(" else { return value(first) }
        var parts: [Value] = []
        while let next = tokens.first, next != ")" { parts.append(value(&tokens)) }
        tokens.removeFirst()
        return .list(parts)
    }

    private static func value(_ line: Substring) -> Value {
        let rest = line.dropFirst()
        switch line.first {
        case "i": return .integer(Int128(rest) ?? .min)
        case "f": return .floating(Double(bitPattern: UInt64(rest, radix: 16) ?? 0))
        case "b":
            let digits = Array(rest)
            return .bytes(
                stride(from: 0, to: digits.count, by: 2).map {
                    UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0
                })
        default: return .null
        }
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        let file = try LocalFileSystem().open(path)
        let buffer = try file.read(0..<file.byteCount)
        return withExtendedLifetime(buffer) {
            Array(UnsafeRawBufferPointer(start: buffer.baseAddress, count: buffer.byteCount))
        }
    }
}
