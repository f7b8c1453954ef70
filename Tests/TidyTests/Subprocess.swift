// Programs that tidy asks: git for the list of files, swift for the package graph and the format.

import Foundation

/// Runs a program of the PATH in a folder and waits for what it prints.
func run(
    _ program: String, _ arguments: [String], in folder: URL
) throws -> (status: Int32, output: String, errors: String) {
    let errorFile = FileManager.default.temporaryDirectory
        .appending(path: "starling-tidy-\(UUID().uuidString)")
    try Data().write(to: errorFile)
    defer { try? FileManager.default.removeItem(at: errorFile) }

    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    // Errors go to a file, since two pipes that are read one after the other can block each other.
    process.standardError = try FileHandle(forWritingTo: errorFile)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let errors = try Data(contentsOf: errorFile)
    return (
        process.terminationStatus, String(decoding: output, as: UTF8.self),
        String(decoding: errors, as: UTF8.self)
    )
}
