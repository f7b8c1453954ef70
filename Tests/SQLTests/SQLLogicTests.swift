// Runs every sqllogictest file, as it is and under other truths.

import Foundation
import SQLLogic
import Testing

@Suite struct SQLLogicTests {
    @Test(arguments: LogicFiles.all, LogicConfiguration.ofOneProcess)
    func fileHolds(path: String, configuration: LogicConfiguration) throws {
        var runner = try LogicRunner(try LogicFiles.read(path), under: configuration)
        runner.run()
        for failure in runner.failures { Issue.record("\(failure)") }
    }

    /// The mode is the whole process's, so the files and TPC-H run in another one.
    @Test func filesHoldWithoutHashes() throws {
        let process = Process()
        process.executableURL = LogicFiles.root.appendingPathComponent(
            ".build/release/SQLLogicCommand")
        process.arguments = ["--configuration", LogicConfiguration.hashZero.rawValue, "--tpch"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
    }

    @Test func filesAreFound() {
        #expect(LogicFiles.all.count > 10)
    }
}
