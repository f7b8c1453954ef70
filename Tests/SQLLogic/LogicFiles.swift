// Where the files are.

import Foundation

/// Finds and reads the files below `Tests/SQL`.
public enum LogicFiles {
    /// The package's folder.
    public static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The paths of all files, from `Tests/SQL` on, in order.
    public static let all: [String] = {
        let folder = root.appendingPathComponent("Tests/SQL").path
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        return (paths ?? []).filter { $0.hasSuffix(".slt") }.sorted()
    }()

    /// Reads a file of `all`, or one by its path.
    public static func read(_ path: String) throws -> LogicFile {
        let url =
            all.contains(path)
            ? root.appendingPathComponent("Tests/SQL/\(path)") : URL(fileURLWithPath: path)
        return try LogicParser.parse(String(contentsOf: url, encoding: .utf8), path: url.path)
    }
}
