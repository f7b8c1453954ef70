// Holds down how often queries allocate memory: a count does not depend on how busy a machine is. A
// count that has to rise rises in allocations.tsv, with a reason in the commit.

import Foundation
import Testing

@Suite struct GateTests {
    /// A small part more, and some more for queries that allocate little, is no finding.
    private func limit(_ known: Int) -> Int { known + known / 20 + 40 }

    @Test func nothingAllocatesMoreThanItDid() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let known = try counts(
            String(contentsOf: folder.appending(path: "allocations.tsv"), encoding: .utf8))
        let counted = counts(try run())
        #expect(!counted.isEmpty)
        #expect(Set(counted.keys) == Set(known.keys), "GateCommand writes the file anew")
        for (name, count) in counted.sorted(by: { $0.key < $1.key }) {
            guard let before = known[name] else { continue }
            #expect(
                count <= limit(before), "\(name) allocates \(count) times, and \(before) before")
        }
    }

    private func counts(_ text: String) -> [String: Int] {
        var result: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            if parts.count == 2, let count = Int(parts[1]) { result[String(parts[0])] = count }
        }
        return result
    }

    private func run() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let process = Process()
        process.executableURL = root.appending(path: ".build/release/GateCommand")
        process.environment = ["SWIFT_DETERMINISTIC_HASHING": "1"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
