// Fixtures, texts in memory, and rows read from them as text.

import StarlingJSONLines
import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingMemory
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors

/// Is a text that stands for a file.
final class MemoryText: ReadableFile {
    let path = "memory.json"
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var byteCount: Int { bytes.count }

    func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws(StarlingError) {
        try checkBounds(of: range)
        target.copyMemory(from: Array(bytes[range]), byteCount: range.count)
    }
}

enum JSONFixture {
    static let folder =
        #filePath.split(separator: "/").dropLast(1).reduce("") { $0 + "/" + $1 } + "/Fixtures/"

    /// The names of all files; they have the same records.
    static let all: [String] = {
        let names = (try? LocalFileSystem().list(folder).map(\.name)) ?? []
        return names.filter { $0.contains(".json") }
    }()

    static func bytes(_ name: String) throws -> [UInt8] {
        let file = try LocalFileSystem().open(folder + name)
        let buffer = try file.read(0..<file.byteCount)
        return (0..<file.byteCount).map { buffer.pointer(to: UInt8.self)[$0] }
    }

    /// Reads expected rows: fields in hexadecimal, "-" for empty ones, "NULL".
    static func rows(_ name: String) throws -> [[String?]] {
        let text = String(decoding: try bytes(name), as: UTF8.self)
        return text.split(separator: "\n").map { line in
            line.split(separator: " ").map { field in
                if field == "NULL" { return nil }
                if field == "-" { return "" }
                return unhex(field) ?? String(field)
            }
        }
    }

    private static func unhex(_ field: Substring) -> String? {
        guard field.utf8.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        var rest = field[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func values(
        of file: JSONFile, window: Int = chunkCapacity
    ) throws -> [[Value]] {
        let table = try JSONFormat.table(of: [file], title: "json").table
        let context = ScanContext(
            budget: MemoryBudget(byteLimit: 1 << 30, settingName: "query_mem_limit"),
            cancellation: Cancellation())
        var rows: [[Value]] = []
        for part in table.parts {
            let reader = try part.makeReader(
                columns: table.columns.enumerated().map {
                    ReadColumn(column: $0, physicalType: $1.type.widestPhysicalType)
                }, context: context)
            while case let count = try reader.moveToNextWindow(countMax: window), count > 0 {
                let vectors = try table.columns.indices.map {
                    try reader.read($0, selection: nil)
                }
                for row in 0..<count { rows.append(vectors.map { $0.value(at: row) }) }
            }
        }
        return rows
    }

    static func texts(of file: JSONFile, window: Int = chunkCapacity) throws -> [[String?]] {
        try values(of: file, window: window).map { row in
            zip(row, file.columns).map { $0.text(as: $1.type) }
        }
    }
}
