// The 22 queries of TPC-H over generated rows, compared with the answers of another engine.

import Foundation
import Starling

/// Runs TPC-H's queries at scale 0.01 under one configuration.
public struct TPCHQueries {
    private let session: Session

    public init(under configuration: LogicConfiguration, memoryLimit: Int? = nil) throws {
        session = Database(configuration: Configuration(threadCount: 2)).makeSession()
        let limit = memoryLimit.map { ["SET query_mem_limit = \($0)"] } ?? []
        for setting in configuration.settings + limit { _ = try session.execute(setting) }
        for table in [
            "region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem",
        ] {
            _ = try session.execute(
                "CREATE VIEW \(table) AS SELECT * FROM tpch('\(table)', 0.01)")
        }
    }

    /// Runs a query and says how its rows differ from the answer, or nil.
    public func difference(inQuery number: Int) throws -> String? {
        let name = number < 10 ? "q0\(number)" : "q\(number)"
        let folder = LogicFiles.root.appendingPathComponent("Queries/tpch")
        let sql = try String(
            contentsOf: folder.appendingPathComponent("\(name).sql"), encoding: .utf8)
        let answer = try String(
            contentsOf: folder.appendingPathComponent("answers-sf0.01/\(name).csv"),
            encoding: .utf8)
        let expected = answer.split(separator: "\n").dropFirst().map { Self.fields(of: $0) }
        let result = try session.execute(sql)
        let columns = result.columns.indices.map { result.texts($0) }
        guard result.rowCount == expected.count else {
            return "\(result.rowCount) rows; \(expected.count) were expected"
        }
        for (row, fields) in expected.enumerated() {
            guard fields.count == columns.count else { return "\(columns.count) columns" }
            for (column, field) in fields.enumerated()
            where !Self.isSame(columns[column][row] ?? "", field) {
                let actual = columns[column][row] ?? "NULL"
                return "row \(row + 1), \(result.columns[column].name): \(actual); \(field) "
                    + "was expected"
            }
        }
        return nil
    }

    /// Compares numbers as numbers. An exact decimal may differ from an answer that was computed
    /// in floating point by one unit of its last place.
    private static func isSame(_ actual: String, _ expected: String) -> Bool {
        if actual == expected { return true }
        guard let left = Double(actual), let right = Double(expected) else { return false }
        let isFloating = fractionDigits(expected) > 6
        let unit = isFloating ? pow(10, -Double(fractionDigits(actual))) : 0
        return abs(left - right) <= max(unit, isFloating ? 1e-9 * abs(right) : 0)
    }

    private static func fractionDigits(_ text: String) -> Int {
        text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 } ?? 0
    }

    /// Splits a line of CSV; none of these fields holds a line break.
    private static func fields(of line: Substring) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}
