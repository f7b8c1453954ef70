// Where the history stays between sessions: a private file, a statement a line with line breaks
// written as \n. Several shells may append to it at the same time.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Keeps statements in a file; what cannot be read or written is left out silently.
package struct HistoryFile {
    private static let countMaximum = 2_000
    /// More is not read at once at the start of a shell.
    private static let byteCountMaximum = 4 << 20

    package let path: String

    /// Finds the place that the environment gives.
    package init?(environment: (String) -> String?) {
        if let folder = environment("XDG_STATE_HOME"), !folder.isEmpty {
            path = folder + "/starling_history"
        } else if let home = environment("HOME"), !home.isEmpty {
            path = home + "/.starling_history"
        } else {
            return nil
        }
    }

    package init(path: String) { self.path = path }

    /// Reads the statements, oldest first, and shortens a file that has become long.
    package func load() -> [String] {
        guard let text = readFile(path) else { return [] }
        let lines = text.split(separator: "\n")
        let kept = lines.suffix(Self.countMaximum)
        if lines.count > 2 * Self.countMaximum || text.utf8.count > Self.byteCountMaximum {
            replace(with: kept.joined(separator: "\n") + "\n")
        }
        return kept.map(Self.unescaped)
    }

    package func append(_ statement: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // It may have been made by hand, readable for all.
        _ = fchmod(descriptor, 0o600)
        writeText(Self.escaped(statement) + "\n", to: descriptor)
    }

    private func replace(with text: String) {
        let fresh = path + ".new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        writeText(text, to: descriptor)
        close(descriptor)
        _ = rename(fresh, path)
    }

    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    package static func unescaped(_ line: some StringProtocol) -> String {
        var result = ""
        var isEscaped = false
        for scalar in line.unicodeScalars {
            guard isEscaped || scalar == "\\" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            if isEscaped {
                switch scalar {
                case "n": result += "\n"
                case "r": result += "\r"
                default: result.unicodeScalars.append(scalar)
                }
            }
            isEscaped.toggle()
        }
        return result
    }
}
