// Runs every sqllogictest file, as it is and under other truths.

import SQLLogic
import Testing

@Suite struct SQLLogicTests {
    @Test(arguments: LogicFiles.all, LogicConfiguration.allCases)
    func fileHolds(path: String, configuration: LogicConfiguration) throws {
        var runner = try LogicRunner(try LogicFiles.read(path), under: configuration)
        runner.run()
        for failure in runner.failures { Issue.record("\(failure)") }
    }

    @Test func filesAreFound() {
        #expect(LogicFiles.all.count > 10)
    }
}
