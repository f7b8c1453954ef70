// Files whose structures differ, read as one table.

import Starling
import StarlingFiles
import StarlingMemory
import Testing

struct UnitedStructuresTests {
    private let session = Database(configuration: Configuration(threadCount: 2)).makeSession()

    private func withFiles(_ queries: [String], _ body: (String) throws -> Void) throws {
        let folder = temporaryFolder() + "/starling-united-\(UInt64.random(in: 0 ... .max))"
        try LocalFileSystem().makeFolder(folder)
        defer { removeFolder(folder) }
        for (number, query) in queries.enumerated() {
            _ = try session.execute("COPY (\(query)) TO '\(folder)/\(number).parquet'")
        }
        try body(folder)
    }

    private func rows(_ sql: String) throws -> [String] {
        try session.execute(sql).rows.map { row in
            row.map(text).joined(separator: " ")
        }
    }

    private func text(_ value: SQLValue) -> String {
        switch value {
        case .null: "null"
        case .boolean(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .string(let text): text
        default: "\(value)"
        }
    }

    @Test func fieldsAreUnitedByName() throws {
        try withFiles([
            "SELECT 1 AS k, named_struct('x', CAST(1 AS INT), 'y', 'a') AS s, [1, 2] AS l",
            "SELECT 2 AS k, named_struct('z', true, 'X', CAST(5000000000 AS BIGINT)) AS s, [2.5] AS l",
            "SELECT 3 AS k, CAST(NULL AS STRUCT<x INT, y STRING>) AS s, CAST(NULL AS ARRAY<INT>) AS l",
        ]) { folder in
            let error = #expect(throws: DatabaseError.self) {
                try session.execute("SELECT * FROM '\(folder)'")
            }
            #expect(error?.description.contains("has no field 's.") == true)
            let source =
                "FILES('path' = '\(folder)', 'format' = 'parquet', "
                + "'fill_mismatch_column_with' = 'null')"
            let fields = try rows(
                "SELECT k, CAST(s.x AS STRING), s.y, CAST(s.z AS STRING) FROM \(source) ORDER BY k")
            #expect(fields == ["1 1 a null", "2 5000000000 null 1", "3 null null null"])
            let whole = try rows(
                "SELECT CAST(s AS STRING), CAST(l AS STRING) FROM \(source) ORDER BY k")
            #expect(
                whole == [
                    #"{"x":1,"y":"a","z":null} [1.0,2.0]"#,
                    #"{"x":5000000000,"y":null,"z":1} [2.5]"#, "null null",
                ])
            let large = try rows("SELECT k FROM \(source) WHERE s.x > 1")
            #expect(large == ["2"])
        }
    }

    @Test func absentNestedColumnsAreNull() throws {
        try withFiles([
            "SELECT 1 AS k, named_struct('x', [1, 2]) AS s, MAP{'a': 1} AS m", "SELECT 2 AS k",
        ]) { folder in
            let source = "FILES('path' = '\(folder)', 'fill_mismatch_column_with' = 'null')"
            let values = try rows(
                "SELECT k, CAST(s.x AS STRING), CAST(m AS STRING) FROM \(source) ORDER BY k")
            #expect(values == [#"1 [1,2] {"a":1}"#, "2 null null"])
            let groups = try rows("SELECT s IS NULL, count(*) FROM \(source) GROUP BY s ORDER BY 1")
            #expect(groups == ["false 1", "true 1"])
        }
    }
}
