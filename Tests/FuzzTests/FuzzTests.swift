// Smoke runs of all fuzzers; `tools/fuzz` runs them for as long as you like.

import Foundation
import StarlingFuzzing
import StarlingViews
import Testing

@Suite struct FuzzTests {
    private func findings(of type: any Fuzzer.Type) throws -> FuzzRun.Finding? {
        let folder = NSTemporaryDirectory() + "starling-fuzz-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try FuzzRun(type, seed: 1, folder: folder)
        for round in 0..<type.smokeRoundCount {
            if let finding = try run.run(round: round) { return finding }
        }
        return nil
    }

    @Test(arguments: Fuzzers.all.map { $0.name })
    func nothingIsFound(_ name: String) throws {
        let type = try #require(Fuzzers.named(name))
        let finding = try findings(of: type)
        #expect(
            finding == nil,
            "\(finding!.failure)\nrepeat with: tools/fuzz \(name) --seed 1 --round \(finding!.round)"
        )
    }

    /// The test of views is tested: each way for them to be wrong is found.
    @Test(arguments: SeededFlaw.allCases)
    func seededFlawsAreFound(_ flaw: SeededFlaw) throws {
        let folder = NSTemporaryDirectory() + "starling-flaws-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let fuzzer = ViewFuzzer(folder: folder)
        #expect(try fuzzer.finds(flaw: flaw, rounds: 60, seed: 1))
    }

    /// The limit of file sizes, which stands for a full disk, is the whole process's.
    @Test func nothingIsFoundWhereTheDiskIsFull() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let process = Process()
        process.executableURL = root.appending(path: ".build/release/FuzzCommand")
        process.arguments = ["endings", "--seed", "2", "--rounds", "10"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
    }

    @Test func theCanaryIsFound() throws {
        #expect(try findings(of: CanaryFuzzer.self) != nil)
    }

    @Test func namesAreDistinct() {
        #expect(Set(Fuzzers.all.map { $0.name }).count == Fuzzers.all.count)
    }
}
