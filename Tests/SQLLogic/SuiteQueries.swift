// The queries of TPC-H and SSB over generated rows, compared with the answers of another engine, and
// those of TPC-DS, whose rows have no generator here, over empty tables.

import Foundation
import Starling

/// Runs a suite's queries at scale 0.01 under one configuration.
public struct SuiteQueries {
    private let database: LogicDatabase
    private var session: Session { database.session }
    private let folder: String

    public init(
        _ suite: GeneratedSuite, under configuration: LogicConfiguration, memoryLimit: Int? = nil
    ) throws {
        database = try LogicDatabase(under: configuration)
        folder = "Queries/\(suite.rawValue)"
        for table in suite.tables {
            _ = try session.execute(suite.definition(of: table, isStored: configuration.isStored))
        }
        for setting in configuration.settings { _ = try session.execute(setting) }
        try database.reopen()
        if let memoryLimit { _ = try session.execute("SET query_mem_limit = \(memoryLimit)") }
    }

    /// Runs TPC-DS's queries over tables without rows; returns the first error.
    public static func errorOverEmptyTables(
        under configuration: LogicConfiguration
    ) throws -> String? {
        let database = try LogicDatabase(under: configuration)
        let session = database.session
        for setting in configuration.settings { _ = try session.execute(setting) }
        _ = try session.execute("SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'")
        let schema = try text(of: "Queries/tpcds/schema.sql")
        for statement in schema.split(separator: ";") where statement.contains("CREATE TABLE") {
            _ = try session.execute(String(statement))
        }
        for name in try names(in: "Queries/tpcds") {
            do { _ = try session.execute(text(of: "Queries/tpcds/\(name).sql")) } catch {
                return "\(name): \(error)"
            }
        }
        return nil
    }

    static func text(of path: String) throws -> String {
        try String(contentsOf: LogicFiles.root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func names(in folder: String) throws -> [String] {
        let path = LogicFiles.root.appendingPathComponent(folder).path
        return try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0.hasPrefix("q") && $0.hasSuffix(".sql") && !$0.contains(".peers") }
            .map { String($0.dropLast(4)) }.sorted()
    }

    /// The names of the queries, in order.
    public var names: [String] { get throws { try Self.names(in: folder) } }

    /// Runs a query and says how its rows differ from the answer, or nil.
    public func difference(inQuery name: String) throws -> String? {
        let answer = try Self.text(of: "\(folder)/answers-sf0.01/\(name).csv")
        let expected = answer.split(separator: "\n").dropFirst().map { Self.fields(of: $0) }
        let result = try session.execute(Self.text(of: "\(folder)/\(name).sql"))
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
