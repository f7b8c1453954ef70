// A real process that is killed while it works: the shell's dialogue over a database, ended by
// SIGKILL at any moment.

import Foundation
import Starling
import StarlingTestSupport

/// Lets processes work on one database, one after the other, and kills them.
package struct KilledProcess {
    /// How long a process may work; most of it goes by while it opens the database.
    private static let milliseconds = 5.0...90.0
    /// More than that is read too slowly between the kills.
    private static let rowCountMax = 150_000

    private let executable: String
    private let folder: String
    private var generator: SeededGenerator
    private var workload: Workload
    private var model = ModelDatabase()

    /// Begins with a database that is not there yet, in a folder.
    package init(executable: String, folder: String, seed: UInt64) {
        self.executable = executable
        self.folder = folder
        generator = SeededGenerator(seed: seed)
        workload = Workload(seed: seed, rowFactor: 10)
        // Who writes to a process that is gone gets an error.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Lets a process work and kills it; says what the database has afterwards that it may not have,
    /// or misses; nil where all is well.
    package mutating func killOnce() throws -> String? {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = [folder, "--exchange"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let end = Date.now + Double.random(in: Self.milliseconds, using: &generator) / 1_000
        var replies = Replies(output.fileHandleForReading.fileDescriptor)
        var possible = model
        var sql = ""
        var isKilled = false
        while !isKilled {
            if model.rowCount > Self.rowCountMax {
                (sql, possible) = Workload.clearing(model)
            } else {
                (sql, possible) = workload.next(in: model)
            }
            let request = try JSONSerialization.data(withJSONObject: ["sql": sql])
            try? input.fileHandleForWriting.write(contentsOf: request + [UInt8(ascii: "\n")])
            replies.expect(sql.components(separatedBy: "; ").count)
            if !replies.wait(until: end) {
                kill(process.processIdentifier, SIGKILL)
                isKilled = true
                replies.readAll()
            }
            if let error = replies.error { return "\(error) at \(sql)" }
            if replies.areComplete { model = possible }
        }
        process.waitUntilExit()

        let session = try Database(path: folder).makeSession()
        let found = try ModelDatabase(reading: session)
        guard found == model || found == possible else {
            return "\(found.difference(from: model)) after \(sql)"
        }
        model = found
        return nil
    }
}

/// Reads the lines that a process answers with.
private struct Replies {
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    private var expectedCount = 0
    private(set) var error: String?

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    var areComplete: Bool { error == nil && expectedCount == 0 }

    /// Waits from now on for that many lines more.
    mutating func expect(_ count: Int) { expectedCount = count }

    /// Reads until all lines are there; false where there is no time left, or no process.
    mutating func wait(until end: Date) -> Bool {
        while !areComplete, error == nil {
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let milliseconds = Int32(max(0, end.timeIntervalSinceNow * 1_000))
            guard poll(&request, 1, milliseconds) > 0, readSome() else { return false }
        }
        return true
    }

    /// Reads what a process that is gone has still said.
    mutating func readAll() {
        while readSome() {}
    }

    private mutating func readSome() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return false }
        bytes += buffer[..<count]
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[..<end], as: UTF8.self)
            bytes.removeSubrange(...end)
            if line.hasPrefix("{\"error\"") { error = line }
            expectedCount -= 1
        }
        return true
    }
}
