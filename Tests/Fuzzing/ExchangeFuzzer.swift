// Random and mutated lines to the dialogue for programs: each line that isn't blank is answered, by
// lines that are JSON objects with rows or an error.

import Foundation
import Starling
import StarlingConsole
import StarlingTestSupport

package final class ExchangeFuzzer: Fuzzer {
    package static let name = "exchange"
    package static let summary = "random bytes and mutated requests to the dialogue (--exchange)"
    package static let smokeRoundCount = 200

    package init(folder: String) {}

    private static let requests = [
        #"{"sql": "SELECT 1 AS a; SELECT 'x', NULL"}"#,
        #"{"sql": "SELECT \"a\\b\u0041\ud83d\ude00\", 1.5, 1e300, CAST(1 AS DECIMAL(38, 2))"}"#,
        #"{"id": 7, "sql": "VALUES (1, 'a'), (2, NULL)", "more": [1, {"a": [true, null]}]}"#,
        #"{"sql": "SELECT DATE '2024-02-29', CAST('2024-01-01 01:02:03.4' AS DATETIME), TRUE"}"#,
        #"{"sql": "SELECT 0e0 / 1, -0.0e0, CAST('nan' AS DOUBLE), CAST('inf' AS DOUBLE)"}"#,
        #"{"sql": "SET sql_mode = 'ANSI_QUOTES'; SELECT 1 AS \"a\"; SELECT missing"}"#,
        #"{"sql": "CREATE TABLE t (a INT); INSERT INTO t VALUES (1); SELECT * FROM t; SHOW TABLES"}"#,
        #"{"sql": "EXPLAIN SELECT 1; -- nothing"}"#, #"{"sql": ""}"#, #"{}"#, #"[]"#, #""sql""#,
    ]

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        var lines: [[UInt8]] = []
        for _ in 0...chance.below(4) {
            switch chance.below(8) {
            case 0:
                lines.append((0..<chance.below(60)).map { _ in UInt8(chance.below(256)) })
            case 1:
                let depth = chance.pick([10, 1_000, 100_000])
                let open = chance.pick(["{\"sql\":", "[", "{\"a\":["])
                lines.append(Array(String(repeating: open, count: depth).utf8))
            case 2:
                let sql = TextMutation.bytes(
                    of: chance.pick(Corpus.queries), others: Corpus.queries, &chance)
                let text = JSONText.quoted(String(decoding: sql, as: UTF8.self))
                lines.append(Array("{\"sql\": \(text)}".utf8))
            default:
                lines.append(
                    TextMutation.bytes(
                        of: chance.pick(Self.requests), others: Self.requests, &chance))
            }
        }
        return Array(lines.joined(separator: [10]))
    }

    package func run(_ input: [UInt8]) throws {
        let session = Database(
            configuration: Configuration(threadCount: 1, memoryLimit: 256 << 20)
        ).makeSession()
        _ = try session.execute("SET query_timeout = 2")
        var replies: [String] = []
        let loop = ExchangeLoop(session) { replies.append($0) }
        for bytes in input.split(separator: 10) {
            let line = String(decoding: bytes, as: UTF8.self)
            let lowered = line.lowercased()
            // Nothing is written outside of the database.
            guard !["outfile", "files", "copy"].contains(where: { lowered.contains($0) }) else {
                continue
            }
            replies = []
            loop.answer(line)
            if replies.isEmpty, line.contains(where: { !$0.isWhitespace && $0 != "\0" }) {
                throw FuzzFailure("a request is not answered: \(line)")
            }
            for reply in replies { try check(reply, to: line) }
        }
    }

    private func check(_ reply: String, to line: String) throws {
        guard !reply.utf8.contains(10), !reply.utf8.contains(13) else {
            throw FuzzFailure("an answer has more than one line: \(reply)")
        }
        let object = try? JSONSerialization.jsonObject(with: Data(reply.utf8)) as? [String: Any]
        guard let object else { throw FuzzFailure("an answer is not JSON: \(reply)") }
        if let error = object["error"] as? [String: Any] {
            guard let kind = error["kind"] as? String, error["message"] is String else {
                throw FuzzFailure("an error is incomplete: \(reply)")
            }
            if kind == "internal" { throw FuzzFailure("\(reply)\nto \(line)") }
            return
        }
        guard let columns = object["columns"] as? [[String: String]],
            let rows = object["rows"] as? [[Any]], object["rows_affected"] is Int,
            object["elapsed_ms"] is Double, rows.allSatisfy({ $0.count == columns.count })
        else { throw FuzzFailure("an answer is incomplete: \(reply)") }
    }
}
