// Reads sqllogictest files:
//
//     except batch_7 why this file stays out of a configuration
//
//     statement ok
//     CREATE TABLE t (a INT)
//
//     statement error unknown column 'b'
//     SELECT b FROM t
//
//     skipif duckdb why
//     query IT rowsort label
//     SELECT a, 'x' FROM t
//     ----
//     1	x
//
// Records are separated by blank lines. Values of a row are separated by tabs; NULL is `NULL`, an
// empty text `(empty)`. `halt` ends the file. Lines that begin with # are comments.

/// Turns the text of a file into records.
public struct LogicParser {
    private let path: String
    private let lines: [String]
    private var position = 0
    private var conditions: [LogicRecord.Condition] = []
    private var records: [LogicRecord] = []
    private var exceptions: [(configuration: String, reason: String)] = []

    private init(_ text: String, path: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    public static func parse(_ text: String, path: String) throws(LogicFailure) -> LogicFile {
        var parser = LogicParser(text, path: path)
        while try parser.parseNext() {}
        return LogicFile(
            path: path, lines: parser.lines, records: parser.records,
            exceptions: parser.exceptions)
    }

    /// Reads one line that begins a record or stands between records.
    private mutating func parseNext() throws(LogicFailure) -> Bool {
        guard position < lines.count else { return false }
        let line = lines[position]
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        position += 1
        guard let first = words.first, !first.hasPrefix("#") else { return true }
        switch first {
        case "halt": return false
        case "statement": try parseStatement(words)
        case "query": try parseQuery(line)
        case "skipif", "onlyif":
            guard words.count == 3 else { throw failure("\(first) takes a name and a reason") }
            conditions.append(
                LogicRecord.Condition(
                    isSkip: first == "skipif", name: words[1], reason: words[2]))
        case "except":
            guard words.count == 3, LogicConfiguration(rawValue: words[1]) != nil else {
                throw failure("except takes a configuration and a reason")
            }
            exceptions.append((words[1], words[2]))
        default: throw failure("'\(first)' begins no record")
        }
        return true
    }

    private func failure(_ message: String) -> LogicFailure {
        LogicFailure(path: path, line: position, message: message)
    }

    private mutating func parseStatement(_ words: [String]) throws(LogicFailure) {
        let line = position
        let expectation: LogicRecord.Expectation
        switch words.dropFirst().first {
        case "ok" where words.count == 2: expectation = .success
        case "error" where words.count == 3: expectation = .failure(words[2])
        default: throw failure("a statement is 'ok', or 'error' with a part of the message")
        }
        let (sql, _) = takeSQL()
        append(line, sql, expectation)
    }

    private mutating func parseQuery(_ header: String) throws(LogicFailure) {
        let line = position
        var words = header.split(separator: " ").dropFirst().map(String.init)
        var types: String?
        if let first = words.first, RowExpectation.Order(rawValue: first) == nil {
            types = words.removeFirst()
        }
        let order = words.first.flatMap { RowExpectation.Order(rawValue: $0) }
        if order != nil { words.removeFirst() }
        guard words.count <= 1 else {
            throw failure("a query has types, nosort, rowsort or valuesort, and a label")
        }
        let (sql, hasRows) = takeSQL()
        let start = position
        if hasRows { while position < lines.count, !lines[position].isEmpty { position += 1 } }
        let rows = RowExpectation(
            types: types, order: order ?? .nosort, label: words.first,
            lines: Array(lines[start..<position]), lineRange: start..<position)
        append(line, sql, .rows(rows))
    }

    /// Takes lines up to `----` or a blank one; tells whether it was `----`.
    private mutating func takeSQL() -> (sql: String, hasRows: Bool) {
        var sql: [String] = []
        while position < lines.count, !lines[position].isEmpty {
            position += 1
            if lines[position - 1] == "----" { return (sql.joined(separator: "\n"), true) }
            sql.append(lines[position - 1])
        }
        return (sql.joined(separator: "\n"), false)
    }

    private mutating func append(
        _ line: Int, _ sql: String, _ expectation: LogicRecord.Expectation
    ) {
        var record = LogicRecord(line: line, sql: sql, expectation: expectation)
        record.conditions = conditions
        conditions = []
        records.append(record)
    }
}
