// The files that git knows or would take, which is what tidy checks: build products and benchmark
// results are ignored by git, and so by every rule here.

import Foundation

/// Gives the repository's files to the rules, each read once.
struct Repository {
    static let shared = Repository()

    let root: URL
    let paths: [String]
    let swiftFiles: [SourceFile]

    private init() {
        // …/Tests/TidyTests/Repository.swift
        root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let listing = try? run(
            "git",
            [
                // A checkout may belong to somebody else, as in containers.
                "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others",
                "--exclude-standard",
            ],
            in: root)
        let directory = root
        paths = (listing?.output ?? "").split(separator: "\0").map(String.init)
            .filter { FileManager.default.fileExists(atPath: directory.appending(path: $0).path) }
            .sorted()
        swiftFiles = paths.filter { $0.hasSuffix(".swift") }.map {
            SourceFile(path: $0, text: Self.read(directory.appending(path: $0)))
        }
    }

    /// Lists the paths that end in one of the given ways.
    func paths(ending suffixes: String...) -> [String] {
        paths.filter { path in suffixes.contains { path.hasSuffix($0) } }
    }

    func text(of path: String) -> String {
        Self.read(root.appending(path: path))
    }

    func byteCount(of path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: root.appending(path: path).path)
        return (attributes?[.size] as? Int) ?? 0
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    private static func read(_ file: URL) -> String {
        String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
    }
}
