// Rows of files of text: as they are expected, and as a table gives them window by window.

import StarlingTables
import StarlingTypes
import StarlingVectors

/// Reads expected rows: a line a row, its fields in hexadecimal, "-" for empty ones, "NULL".
package func expectedTexts(_ path: String) throws -> [[String?]] {
    let text = String(decoding: try Fixture.bytes(path), as: UTF8.self)
    return text.split(separator: "\n").map { line in
        line.split(separator: " ").map { field in
            if field == "NULL" { return nil }
            if field == "-" { return "" }
            return decodedHexadecimal(field) ?? String(field)
        }
    }
}

private func decodedHexadecimal(_ field: Substring) -> String? {
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

/// Reads the rows of a table whose parts don't know how many they have.
package func uncountedRows(
    of table: any Table, window: Int = chunkCapacity
) throws -> [[Value]] {
    var rows: [[Value]] = []
    for part in table.parts {
        let reader = try part.makeReader(
            columns: table.columns.enumerated().map {
                ReadColumn(column: $0, physicalType: $1.type.widestPhysicalType)
            }, context: makeContext())
        while case let count = try reader.moveToNextWindow(countMax: window), count > 0 {
            let vectors = try table.columns.indices.map { try reader.read($0, selection: nil) }
            for row in 0..<count { rows.append(vectors.map { $0.value(at: row) }) }
        }
    }
    return rows
}
