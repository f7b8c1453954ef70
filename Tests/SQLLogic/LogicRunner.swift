// Runs a file in a fresh database and compares what it gives with what it says.

import Starling
import StarlingErrors
import StarlingSyntax

/// Runs the records of one file under one configuration.
public struct LogicRunner {
    private let file: LogicFile
    private let configuration: LogicConfiguration
    private let database: LogicDatabase
    private var session: Session { database.session }
    private var linesByLabel: [String: [String]] = [:]
    /// What the file got wrong, in order.
    public private(set) var failures: [LogicFailure] = []
    /// What the queries gave, by the index of their record; for completion.
    private var results: [Int: (types: String, lines: [String])] = [:]

    public init(_ file: LogicFile, under configuration: LogicConfiguration) throws {
        self.file = file
        self.configuration = configuration
        database = try LogicDatabase(under: configuration)
    }

    /// Runs the file from its first record to its last.
    public mutating func run() {
        if file.exceptions.contains(where: { $0.configuration == configuration.rawValue }) {
            return
        }
        for setting in configuration.settings {
            do { _ = try session.execute(setting) } catch {
                failures.append(
                    LogicFailure(path: file.path, line: 0, message: "\(setting): \(error)"))
            }
        }
        for (index, record) in file.records.enumerated() where applies(record) {
            run(record, index)
        }
    }

    private func applies(_ record: LogicRecord) -> Bool {
        record.conditions.allSatisfy { condition in
            let isMet = condition.name == "starling" || condition.name == configuration.rawValue
            return isMet != condition.isSkip
        }
    }

    private mutating func run(_ record: LogicRecord, _ index: Int) {
        do {
            let result = try execute(record.sql)
            switch record.expectation {
            case .success: try database.reopen()
            case .failure(let message):
                fail(record, "succeeds; an error with '\(message)' was expected")
            case .rows(let expectation): compare(result, expectation, record, index)
            }
        } catch let error as DatabaseError {
            let text = "\(error.kind.rawValue) error: \(error.message)"
            guard case .failure(let expected) = record.expectation else {
                return fail(record, "\(error)")
            }
            if !matches(text, expected) {
                fail(record, "fails with '\(text)'; '\(expected)' was expected")
            }
        } catch {
            fail(record, "\(error)")
        }
    }

    private func matches(_ text: String, _ expected: String) -> Bool {
        if text.contains(expected) { return true }
        guard let expression = try? Regex(expected) else { return false }
        return text.contains(expression)
    }

    private func execute(_ sql: String) throws -> Result {
        guard configuration == .printReparse else { return try session.execute(sql) }
        let options = session.syntaxOptions
        // What does not parse is run as it is written, for its error.
        guard let statement = try? parseStatement(sql, options: options) else {
            return try session.execute(sql)
        }
        let printed = statement.sql(options: options)
        let again: Statement
        do { again = try parseStatement(printed, options: options) } catch {
            throw PrintingFailure(printed: printed, message: "is not read: \(error)")
        }
        guard statement == again, again.sql(options: options) == printed else {
            throw PrintingFailure(printed: printed, message: "gives another tree")
        }
        return try session.execute(printed)
    }

    private mutating func compare(
        _ result: Result, _ expectation: RowExpectation, _ record: LogicRecord, _ index: Int
    ) {
        let types = result.columns.map { typeLetter(of: $0.typeName) }
        let lines = fileLines(of: result, order: expectation.order)
        results[index] = (String(types), lines)
        if let expected = expectation.types, !isSameTypes(types, expected) {
            let names = result.columns.map(\.typeName).joined(separator: ", ")
            fail(record, "has types \(String(types)) (\(names)); \(expected) were expected")
        }
        let isSame =
            lines.count == expectation.lines.count
            && zip(lines, expectation.lines).allSatisfy { isSameLine($0, $1, types: types) }
        if !isSame {
            let actual = lines.joined(separator: "\n")
            let expected = expectation.lines.joined(separator: "\n")
            fail(record, "gives\n\(actual)\n---- expected:\n\(expected)")
        }
        guard let label = expectation.label else { return }
        if let first = linesByLabel[label] {
            if first != lines { fail(record, "differs from other queries with label '\(label)'") }
        } else {
            linesByLabel[label] = lines
        }
    }

    /// `?` in a file stands for any type.
    private func isSameTypes(_ types: [Character], _ expected: String) -> Bool {
        types.count == expected.count
            && zip(types, expected).allSatisfy { $0 == $1 || $1 == "?" }
    }

    private mutating func fail(_ record: LogicRecord, _ message: String) {
        failures.append(
            LogicFailure(
                path: file.path, line: record.line, message: "\(record.sql)\n\(message)"))
    }

    /// Returns the file's text with the rows that its queries gave: a draft, to be checked.
    public func completed() -> String {
        var lines = file.lines
        for (index, record) in file.records.enumerated().reversed() {
            guard case .rows(let expectation) = record.expectation, let result = results[index]
            else { continue }
            let hasMark =
                expectation.lineRange.lowerBound > 0
                && lines[expectation.lineRange.lowerBound - 1] == "----"
            lines.replaceSubrange(
                expectation.lineRange, with: (hasMark ? [] : ["----"]) + result.lines)
            var words = lines[record.line - 1].split(separator: " ").map(String.init)
            if expectation.types == nil { words.insert("", at: 1) }
            words[1] = result.types
            lines[record.line - 1] = words.joined(separator: " ")
        }
        return lines.joined(separator: "\n")
    }
}

/// Reports a statement whose printed text is another statement.
private struct PrintingFailure: Error, CustomStringConvertible {
    var printed: String
    var message: String

    var description: String { "is printed as\n\(printed)\nwhich \(message)" }
}
