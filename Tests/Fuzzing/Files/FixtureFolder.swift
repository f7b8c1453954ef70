// The fixtures of a format's tests, which its fuzzer damages.

import Foundation

/// Finds the fixtures of the tests of a module.
struct FixtureFolder {
    private let folder: URL

    init(_ tests: String) {
        folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "\(tests)/Fixtures")
    }

    /// Reads the files whose names end so, in the order of their names.
    func files(endingIn ends: [String]) throws -> [(name: String, bytes: [UInt8])] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try names.filter { name in ends.contains { name.hasSuffix($0) } }.map { name in
            (name, [UInt8](try Data(contentsOf: folder.appending(path: name))))
        }
    }
}
