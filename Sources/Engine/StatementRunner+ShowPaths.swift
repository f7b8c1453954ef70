// SHOW JSON PATHS FROM t.j: which paths of documents are stored as columns.

import StarlingErrors
import StarlingShredding
import StarlingStorage
import StarlingSyntax
import StarlingTypes

extension StatementRunner {
    /// Tells of the paths of a column, or of all columns of documents that a table has.
    func showPaths(_ name: QualifiedName) throws(StarlingError) -> Result {
        let (table, columns) = try documents(name)
        var rows: [[Value]] = []
        for column in columns {
            let facts = try table.pathFacts(ofColumn: column)
            let documentCount = facts.last?.documentCount ?? 0
            for path in facts {
                rows.append([
                    .text(table.columns[column].name), path.text.map { .text($0) } ?? .null,
                    .text(path.types.isEmpty ? "JSON" : path.types.joined(separator: ", ")),
                    documentCount > 0
                        ? .floating(Double(path.documentCount) / Double(documentCount)) : .null,
                    path.distinctCount.map { .integer(Int128($0)) } ?? .null,
                    .integer(Int128(path.byteCount)), .integer(Int128(path.segmentCount)),
                ])
            }
        }
        return Result(
            [
                ("Column", .string), ("Path", .string), ("Type", .string),
                ("Frequency", .double), ("Distinct", .bigint), ("Bytes", .bigint),
                ("Segments", .bigint),
            ], rows: rows)
    }

    /// Finds the column that a name ends with, or the columns of the table that it names.
    private func documents(
        _ name: QualifiedName
    ) throws(StarlingError) -> (NativeTable, columns: [Int]) {
        if name.parts.count > 1 {
            let owner = QualifiedName(Array(name.parts.dropLast()))
            if let table = try? nativeTable(owner) {
                let position = table.columns.firstIndex {
                    $0.name.lowercased() == name.last.text.lowercased()
                }
                if let position {
                    guard table.columns[position].type == .json else {
                        throw StarlingError(
                            .binding,
                            "column '\(table.columns[position].name)' is "
                                + "\(table.columns[position].type), not JSON",
                            at: name.last.range)
                    }
                    return (table, [position])
                }
                if (try? nativeTable(name)) == nil {
                    let near = nearestName(to: name.last.text, among: table.columns.map(\.name))
                    throw StarlingError(
                        .binding,
                        "'\(table.name)' has no column '\(name.last.text)'"
                            + (near.map { "; did you mean '\($0)'?" } ?? ""), at: name.last.range)
                }
            }
        }
        let table = try nativeTable(name)
        let columns = table.columns.indices.filter { table.columns[$0].type == .json }
        guard !columns.isEmpty else {
            throw StarlingError(
                .binding, "'\(table.name)' has no column of JSON", at: name.range)
        }
        return (table, columns)
    }
}
