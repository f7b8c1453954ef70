// Files that the scripts in tools/fixtures wrote, and the values that pyarrow says are in them.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingTypes

/// Names a file `<dataset>.<variant>.<format>`, whose values are in `<dataset>.values`.
package struct Fixture: CustomStringConvertible, Sendable {
    package let folder: String
    package let name: String

    package init(folder: String, name: String) {
        self.folder = folder
        self.name = name
    }

    /// Lists the files of a folder whose names end so.
    package static func all(in folder: String, endingIn end: String) -> [Fixture] {
        let entries = (try? LocalFileSystem().list(folder)) ?? []
        return entries.filter { $0.name.hasSuffix(end) }.map {
            Fixture(folder: folder, name: $0.name)
        }
    }

    package var path: String { folder + "/" + name }
    package var description: String { name }

    /// Holds what a column should be.
    package struct Column {
        package var name: String
        package var type: String
        package var isNullable: Bool
        package var values: [Value]
    }

    /// Reads the values of the dataset.
    package func expected() throws -> [String: Column] {
        let dataset = name.split(separator: ".")[0]
        let text = String(
            decoding: try Self.bytes("\(folder)/\(dataset).values"), as: UTF8.self)
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

    package static func bytes(_ path: String) throws -> [UInt8] {
        let file = try LocalFileSystem().open(path)
        let buffer = try file.read(0..<file.byteCount)
        return withExtendedLifetime(buffer) {
            Array(UnsafeRawBufferPointer(start: buffer.baseAddress, count: buffer.byteCount))
        }
    }
}
