// The package graph as the package manager itself understands Package.swift.

import Foundation

/// Describes the targets of Package.swift.
struct PackageGraph: Decodable {
    static let shared = Result { try load() }

    let targets: [PackageTarget]

    /// Finds the target that a file belongs to.
    func target(owning path: String) -> PackageTarget? {
        targets.first { path.hasPrefix($0.folder + "/") }
    }

    func target(named name: String) -> PackageTarget? {
        targets.first { $0.name == name }
    }

    private static func load() throws -> PackageGraph {
        // A scratch path of its own, since the test run holds the lock of the usual one.
        let scratch = FileManager.default.temporaryDirectory
            .appending(path: "starling-tidy-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let dump = try run(
            "swift", ["package", "--scratch-path", scratch.path, "dump-package"],
            in: Repository.shared.root)
        return try JSONDecoder().decode(PackageGraph.self, from: Data(dump.output.utf8))
    }
}
