// Runs a fuzzer as the command line says, and tells where it ended.

import Foundation
import StarlingFuzzing
import StarlingThreads

struct FuzzCommand {
    /// Seconds that one round may take.
    private static let roundSecondsMax: UInt32 = 120

    let name: String
    let seed: UInt64
    private let values: [String: String]
    private let run: FuzzRun
    private let folder: String

    /// Reads the arguments behind the name of the fuzzer; `--print-input` has no value.
    init(_ type: any Fuzzer.Type, _ arguments: [String]) throws {
        var values: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard Self.options.contains(argument),
                let value = argument == "--print-input" ? "" : rest.popFirst()
            else { fail("what is '\(argument)'?") }
            values[argument] = value
        }
        self.values = values
        name = type.name
        seed = values["--seed"].flatMap { UInt64($0) } ?? UInt64(time(nil))
        folder = NSTemporaryDirectory() + "starling-fuzz-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        EndingFuzzer.limitsFileSizes = true
        run = try FuzzRun(type, seed: seed, folder: folder)
    }

    private static let options = [
        "--seconds", "--rounds", "--seed", "--round", "--input", "--findings", "--print-input",
    ]

    private func number(_ option: String) -> Int? { values[option].flatMap { Int($0) } }

    /// Returns the exit status.
    func execute() throws -> Int32 {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        if let path = values["--input"] {
            alarm(Self.roundSecondsMax)
            return report(run.run([UInt8](try Data(contentsOf: URL(filePath: path)))))
        }
        guard let round = number("--round") else { return try runRounds() }
        if values["--print-input"] != nil {
            FileHandle.standardOutput.write(Data(try run.input(ofRound: round)))
            return 0
        }
        alarm(Self.roundSecondsMax)
        return report(try run.run(round: round))
    }

    private func runRounds() throws -> Int32 {
        let start = monotonicNanoseconds()
        func elapsed() -> Double { Double(monotonicNanoseconds() - start) / 1e9 }
        let seconds = values["--seconds"].flatMap { Double($0) } ?? 600
        let roundCountMax = number("--rounds") ?? .max
        let current = values["--findings"].map {
            open("\($0)/current", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        }
        print("\(name): seed \(seed)")
        fflush(nil)
        var round = 0
        while elapsed() < seconds, round < roundCountMax {
            if let current {
                let line = Array("\(round)\n".utf8)
                pwrite(current, line, line.count, 0)
            }
            alarm(Self.roundSecondsMax)
            if let finding = try run.run(round: round) {
                print("\(name): round \(round) of seed \(seed) after \(Int(elapsed())) s")
                return report(finding)
            }
            round += 1
        }
        print("\(name): seed \(seed), \(round) rounds in \(Int(elapsed())) s, nothing found")
        return 0
    }

    private func report(_ finding: FuzzRun.Finding?) -> Int32 {
        guard let finding else { return 0 }
        print("\(finding.failure)")
        guard let findings = values["--findings"] else { return 1 }
        let path = "\(findings)/\(name)-\(seed)-\(finding.round)"
        try? Data(finding.input).write(to: URL(filePath: path))
        print("the input is in \(path)")
        print("repeat with: tools/fuzz \(name) --seed \(seed) --round \(finding.round)")
        return 1
    }
}

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(2)
}
