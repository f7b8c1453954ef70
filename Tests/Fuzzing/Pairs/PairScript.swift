// Runs a script on two tables that are to give the same rows: `made` has what is tried, such as indexes,
// `plain` has nothing of it. The lines are:
//
//   STORED                      the database is in a folder
//   REOPEN                      closes it, and opens it again
//   BOTH statement              runs a statement for both; each @ stands for the table
//   MADE statement              runs a statement for the one that is tried
//   ASK query                   gives the same rows of both, or an error of both
//   ASK query ||| query         the same, where the plain table is asked in other words
//
// A line may not break: \n stands for the end of one in a text of SQL.

import Foundation
import Starling
import StarlingTestSupport

/// Makes the lines of a script out of random numbers.
protocol PairScriptMaker {
    var chance: SeededGenerator { get }

    init(_ chance: SeededGenerator)

    mutating func lines() -> [String]
}

final class PairScript {
    private let path: String
    private var isStored = false
    private var database = Database(configuration: Configuration(threadCount: 2))
    private var session: Session

    init(in folder: String) {
        path = folder + "/pair-\(UInt64.random(in: 0 ... .max))"
        session = database.makeSession()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Makes an input with the next random numbers.
    static func input(
        of type: (some PairScriptMaker).Type, _ chance: inout SeededGenerator
    ) -> [UInt8] {
        var maker = type.init(chance)
        defer { chance = maker.chance }
        return Array(maker.lines().joined(separator: "\n").utf8)
    }

    /// Runs the lines of an input.
    static func run(_ input: [UInt8], in folder: String) throws {
        let script = PairScript(in: folder)
        for line in String(decoding: input, as: UTF8.self).split(separator: "\n") {
            try script.run(String(line))
        }
    }

    private func run(_ line: String) throws {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        let rest = words.count > 1 ? words[1] : ""
        switch words.first {
        case "STORED":
            isStored = true
            try open()
        case "REOPEN": if isStored { try open() }
        case "BOTH":
            for table in ["made", "plain"] {
                try execute(rest.replacingOccurrences(of: "@", with: table))
            }
        case "MADE": try execute(rest.replacingOccurrences(of: "@", with: "made"))
        case "ASK": try ask(rest)
        default: throw FuzzFailure("a script has no line \(line)")
        }
    }

    private func open() throws {
        database = Database(configuration: Configuration(threadCount: 1))
        session = database.makeSession()
        database = try Database(path: path, configuration: Configuration(threadCount: 2))
        session = database.makeSession()
    }

    private func execute(_ sql: String) throws {
        do { _ = try session.execute(sql) } catch {
            throw FuzzFailure("\(error)\n\(sql.prefix(2_000))")
        }
    }

    private func ask(_ text: String) throws {
        let queries = text.components(separatedBy: " ||| ")
        let made = try answer(queries[0], "made")
        let plain = try answer(queries[queries.count - 1], "plain")
        // What a sum of floating-point numbers is, depends on their order.
        let isSummed = text.contains("sum(")
        let areSame = zip(made, plain).map { made, plain in
            made == plain || isSummed && Self.areNear(made, plain)
        }
        let place = areSame.firstIndex(of: false)
        guard place != nil || made.count != plain.count else { return }
        let shown = place ?? min(made.count, plain.count)
        func row(_ rows: [String]) -> String { shown < rows.count ? rows[shown] : "none" }
        throw FuzzFailure(
            "\(made.count) rows and not \(plain.count), of which row \(shown + 1) is "
                + "\(row(made)) and not \(row(plain)): \(text)")
    }

    /// Tells whether two rows have the same values, or numbers that lie next to each other.
    private static func areNear(_ left: String, _ right: String) -> Bool {
        let (left, right) = (
            left.components(separatedBy: ", "), right.components(separatedBy: ", ")
        )
        return left.count == right.count
            && zip(left, right).allSatisfy { left, right in
                if left == right { return true }
                guard let left = Double(left), let right = Double(right) else { return false }
                return abs(left - right) <= max(abs(left), abs(right)) * 1e-9
            }
    }

    /// Lists the rows of a query, or what is wrong with it.
    private func answer(_ query: String, _ table: String) throws -> [String] {
        let sql = query.replacingOccurrences(of: "@", with: table)
        let result: Starling.Result
        do { result = try session.execute(sql) } catch {
            guard error.kind != .internal else { throw error }
            return ["error: " + error.message.replacingOccurrences(of: table, with: "@")]
        }
        let columns = result.columns.indices.map { result.texts($0) }
        let rows = (0..<result.rowCount).map { row in
            columns.map { $0[row] ?? "NULL" }.joined(separator: ", ")
        }
        return sql.contains("ORDER BY") ? rows : rows.sorted()
    }
}

/// Quotes a text for SQL.
func quoted(_ text: String) -> String {
    let escaped = text.replacingOccurrences(of: "\\", with: "\\\\")
        .replacingOccurrences(of: "'", with: "''").replacingOccurrences(of: "\n", with: "\\n")
    return "'\(escaped)'"
}
