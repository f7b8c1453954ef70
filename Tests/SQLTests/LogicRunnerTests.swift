// The runner finds what is wrong: a test of tests must fail where it should.

import SQLLogic
import Testing

@Suite struct LogicRunnerTests {
    private func failures(of text: String) throws -> [LogicFailure] {
        var runner = try LogicRunner(try LogicParser.parse(text, path: "text"), under: .plain)
        runner.run()
        return runner.failures
    }

    @Test(arguments: [
        "statement ok\nSELECT 1\n",
        "query I\nSELECT 1\n----\n1\n",
        "query IT\nSELECT NULL + 1, ''\n----\nNULL\t(empty)\n",
        "query I rowsort\nSELECT a FROM (VALUES (2), (1)) AS t(a)\n----\n1\n2\n",
        "query R\nSELECT 0.1e0 + 0.2e0\n----\n0.3\n",
        "statement error nowhere\nSELECT a FROM nowhere\n",
        "statement error ^binding error:.*nowhere\nSELECT a FROM nowhere\n",
        "skipif starling for the test\nquery I\nSELECT 1\n----\n2\n",
        "onlyif batch_7 for the test\nquery I\nSELECT 1\n----\n2\n",
        "halt\nnonsense\n",
    ])
    func trueTextHolds(text: String) throws {
        let failures = try failures(of: text)
        #expect(failures.isEmpty, "\(failures)")
    }

    @Test(arguments: [
        "statement ok\nSELECT a FROM nowhere\n",
        "statement error unknown\nSELECT 1\n",
        "statement error another message\nSELECT a FROM nowhere\n",
        "query I\nSELECT 1\n----\n2\n",
        "query T\nSELECT 1\n----\n1\n",
        "query I\nSELECT 1\n----\n1\n1\n",
        "query I\nSELECT 1 WHERE false\n----\n1\n",
        "query R\nSELECT 0.1e0 + 0.2e0\n----\n0.31\n",
        "query I\nSELECT a FROM nowhere\n----\n1\n",
        "query I nosort x\nSELECT 1\n----\n1\n\nquery I nosort x\nSELECT 2\n----\n2\n",
    ])
    func falseTextFails(text: String) throws {
        #expect(try failures(of: text).count == 1)
    }

    @Test(arguments: ["nonsense\n", "statement perhaps\nSELECT 1\n", "except nothing why\n"])
    func otherTextIsNoFile(text: String) {
        #expect(throws: LogicFailure.self) { try LogicParser.parse(text, path: "text") }
    }

    @Test func completionWritesRows() throws {
        let text = "query\nSELECT 1, 'x'\n\nquery I\nSELECT 3\n----\n2\n5\n"
        var runner = try LogicRunner(try LogicParser.parse(text, path: "text"), under: .plain)
        runner.run()
        #expect(
            runner.completed()
                == "query IT\nSELECT 1, 'x'\n----\n1\tx\n\nquery I\nSELECT 3\n----\n3\n")
    }
}
