// The columns that folders named `key=value` stand for: every file has one value of each. They take the
// place of what the files themselves have of that name: whole files are left out by them, so that
// anything else would give rows that contradict the condition.

import StarlingErrors
import StarlingFiles
import StarlingTables
import StarlingTypes

/// Holds the partition columns of found files, and each file's values.
struct PartitionColumns: Sendable {
    private(set) var columns: [TableColumn] = []
    /// A row a file.
    private(set) var values: [[Value]] = []

    init(_ files: [FoundFile]) throws(StarlingError) {
        let names = files[0].partitionKeys.map(\.name)
        var texts: [[String?]] = []
        for file in files {
            let keys = file.partitionKeys
            guard keys.map(\.name) == names else {
                throw StarlingError(
                    .file,
                    "'\(file.path)' lies in folders with the keys "
                        + "(\(keys.map(\.name).joined(separator: ", "))), '\(files[0].path)' in "
                        + "ones with (\(names.joined(separator: ", "))); read them one by one")
            }
            texts.append(keys.map(\.value))
        }
        for (position, name) in names.enumerated() {
            let column = texts.map { $0[position] }
            let type = Self.type(of: column.compactMap { $0 })
            columns.append(
                TableColumn(name: name, type: type, isNullable: column.contains(nil)))
        }
        values = texts.map { row in
            zip(row, columns).map { text, column in
                text.flatMap { Value(parsing: $0, as: column.type) } ?? .null
            }
        }
    }

    /// Reads the values of a file from its path, as if it had been found with the others; nil where it
    /// would not be one of them.
    func values(ofFileAt path: String) -> [Value]? {
        let names = Set(columns.map(\.name))
        let found = FileSearch.keys(in: path).filter { names.contains($0.name) }
        guard found.map(\.name) == columns.map(\.name) else { return nil }
        var values: [Value] = []
        for (key, column) in zip(found, columns) {
            guard let text = key.value else {
                values.append(.null)
                continue
            }
            guard let value = Value(parsing: text, as: column.type) else { return nil }
            values.append(value)
        }
        return values
    }

    /// Finds the narrowest of INT, BIGINT, DATE and STRING that all texts are written in.
    private static func type(of texts: [String]) -> LogicalType {
        // A number is only one where printing it gives the folder's name back.
        let numbers = texts.map { Int64($0) }
        let areNumbers = zip(numbers, texts).allSatisfy { number, text in
            number.map { String($0) == text } ?? false
        }
        if areNumbers, !texts.isEmpty {
            let fitInt = numbers.allSatisfy { Int32(exactly: $0!) != nil }
            return fitInt ? .int : .bigint
        }
        let areDates = texts.allSatisfy { text in
            let bytes = Array(text.utf8)
            return bytes.count == 10 && bytes[4] == UInt8(ascii: "-")
                && bytes[7] == UInt8(ascii: "-") && Value(parsing: bytes, as: .date) != nil
        }
        return areDates && !texts.isEmpty ? .date : .string
    }
}
