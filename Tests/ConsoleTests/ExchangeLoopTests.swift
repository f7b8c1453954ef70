import Foundation
import Starling
import StarlingConsole
import Testing

@Suite struct ExchangeLoopTests {
    private func answers(_ requests: String...) throws -> [[String: Any]] {
        var lines: [String] = []
        let session = Database(configuration: Configuration(threadCount: 1)).makeSession()
        let loop = ExchangeLoop(session) { lines.append($0) }
        for request in requests { loop.answer(request) }
        return try lines.map {
            let object = try JSONSerialization.jsonObject(with: Data($0.utf8))
            return try #require(object as? [String: Any])
        }
    }

    @Test func oneLineForEachStatement() throws {
        let answers = try answers(#"{"sql": "SELECT 1 AS a; SELECT 'x', NULL"}"#)
        #expect(answers.count == 2)
        #expect(answers[0]["rows"] as? [[Int]] == [[1]])
        #expect((answers[0]["columns"] as? [[String: String]])?.first?["name"] == "a")
        #expect(answers[0]["rows_affected"] as? Int == 0)
        #expect(answers[0]["elapsed_ms"] is Double)
    }

    @Test func goesOnAfterAnError() throws {
        let answers = try answers(
            #"{"sql": "SELECT missing; SELECT 2"}"#, "nonsense", #"{"sql": "SELECT 3"}"#)
        #expect(answers.count == 4)
        let error = try #require(answers[0]["error"] as? [String: Any])
        #expect(error["kind"] as? String == "binding")
        #expect(error["position"] as? Int == 7)
        #expect(answers[1]["rows"] as? [[Int]] == [[2]])
        #expect(answers[2]["error"] != nil)
        #expect(answers[3]["rows"] as? [[Int]] == [[3]])
    }

    @Test func exactNumbersAreTexts() throws {
        let answers = try answers(
            #"{"sql": "SELECT CAST(1.10 AS DECIMAL(5,2)), 9223372036854775807, 0.5e0"}"#)
        let row = try #require((answers[0]["rows"] as? [[Any]])?.first)
        #expect(row[0] as? String == "1.10")
        #expect((row[1] as? NSNumber)?.int64Value == .max)
        #expect(row[2] as? Double == 0.5)
    }

    @Test func requestsWithoutStatementsAreAnswered() throws {
        #expect(try answers(#"{"sql": " -- nothing "}"#).count == 1)
        #expect(try answers("  ").isEmpty)
    }
}
