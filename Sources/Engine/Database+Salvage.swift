// Opening a database again whose log is damaged in its middle, at the cost of what was committed from
// there on; what that is, is told.

import StarlingErrors
import StarlingFiles
import StarlingStorage
import StarlingTypes

extension Database {
    /// Cuts the log of the database in a folder off where it is damaged and says what is lost with
    /// that, a row for each table that a commit changed. The damaged log is kept. A log that is whole
    /// stays as it is, and the result has one row that says so.
    public static func repairLog(path: String) throws(DatabaseError) -> Result {
        do throws(StarlingError) { return try repairLog(of: path, on: LocalFileSystem()) } catch {
            throw DatabaseError(error, in: "")
        }
    }

    package static func repairLog(
        of path: String, on files: any FileSystem
    ) throws(StarlingError) -> Result {
        var rows: [[Value]] = []
        if let salvage = try DatabaseFolder.salvage(path, files) {
            let kept = "the damaged log is kept as \(salvage.keptAs)"
            if let unread = salvage.unread {
                let numbers =
                    unread.count == 1
                    ? "commit \(unread.lowerBound)"
                    : "commits \(unread.lowerBound) to \(unread.upperBound)"
                rows.append([
                    .integer(Int128(unread.lowerBound)), .null, .null, .null,
                    .text("damaged at byte \(salvage.place): what \(numbers) changed is not known"),
                ])
            }
            for commit in salvage.lost { rows += Self.rows(of: commit, path, files) }
            let state =
                salvage.lastNumber == 0
                ? "no commit stands before the damage, so the database is empty"
                : "the database is as it was after commit \(salvage.lastNumber)"
            rows.append([
                salvage.lastNumber == 0 ? .null : .integer(Int128(salvage.lastNumber)),
                salvage.lastMicroseconds.map { .integer(Int128($0)) } ?? .null, .null, .null,
                .text("\(state); \(kept); CHECK TABLE tells whether files of it went since"),
            ])
        } else {
            rows.append([.null, .null, .null, .null, .text("OK: the log is whole")])
        }
        return Result(
            [
                ("Commit", .bigint), ("Time", .datetime), ("Table", .string),
                ("Rows_lost", .bigint), ("Message", .string),
            ], rows: rows)
    }

    /// What a lost commit did, a row for each table and each statement.
    private static func rows(
        of commit: Commit, _ path: String, _ files: any FileSystem
    ) -> [[Value]] {
        var tables: [(name: TableName, added: Int?, message: String)] = []
        var rows: [[Value]] = []
        func row(_ table: Value, _ count: Value, _ message: String) -> [Value] {
            [
                .integer(Int128(commit.number)), .integer(Int128(commit.microseconds)), table,
                count,
                .text(message),
            ]
        }
        for change in commit.changes {
            if case .statement(_, let sql) = change {
                rows.append(row(.null, .null, "lost: \(sql)"))
            }
            guard let name = change.versionedTable else { continue }
            let place =
                tables.firstIndex { $0.name == name }
                ?? {
                    tables.append((name, 0, "lost: what it changed"))
                    return tables.count - 1
                }()
            switch change {
            case .addition(_, _, let stored):
                let count = DatabaseFolder.rowCount(at: stored, path, files)
                tables[place].added = count.flatMap { more in tables[place].added.map { $0 + more }
                }
            case .mergedAddition(_, let pieces, _):
                let count = pieces.reduce(0) { $0 + $1.rowCount }
                tables[place].added = tables[place].added.map { $0 + count }
            case .clearing, .removal, .deletion:
                tables[place].message =
                    "lost: what it changed; rows that it deleted are there again"
            default: break
            }
        }
        rows += tables.map { table in
            row(
                .text(table.name.description),
                table.added.map { .integer(Int128($0)) } ?? .null, table.message)
        }
        return rows.isEmpty ? [row(.null, .null, "it changed no rows")] : rows
    }
}
