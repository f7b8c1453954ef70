// The files that the path of FILES() names: one path, pattern or folder, or several with commas
// between them.

import StarlingErrors
import StarlingFiles

enum FileList {
    static let standardInput = "/dev/stdin"

    /// Finds all files, each once, in the order of the paths.
    static func find(
        _ path: String, in files: any FileSystem
    ) throws(StarlingError) -> [FoundFile] {
        if path == "-" { return [FoundFile(path: standardInput)] }
        var found: [FoundFile] = []
        var known: Set<String> = []
        for piece in try pieces(of: path, in: files) {
            let some = try FileSearch.find(piece, in: files)
            for file in some where known.insert(file.path).inserted { found.append(file) }
        }
        return found
    }

    /// Takes a list apart into paths and patterns of this machine.
    static func pieces(
        of path: String, in files: any FileSystem
    ) throws(StarlingError) -> [String] {
        let pieces = split(path)
        if pieces.isEmpty {
            throw StarlingError(.binding, "the path '\(path)' names no file")
        }
        // A comma may belong to a name.
        if pieces.count > 1, try files.information(of: path) != nil { return [path] }
        let given = pieces.count == 1 ? [path] : pieces
        var result: [String] = []
        for piece in given { result.append(try withoutScheme(piece)) }
        return result
    }

    /// Takes `file://` away; other schemes mean storage that is not reached yet.
    private static func withoutScheme(_ path: String) throws(StarlingError) -> String {
        let bytes = Array(path.utf8)
        let scheme = bytes.prefix { $0 != UInt8(ascii: ":") }
        guard scheme.count > 1, bytes.dropFirst(scheme.count).starts(with: "://".utf8),
            scheme.allSatisfy({ ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 })
        else { return path }
        let name = String(decoding: scheme, as: UTF8.self)
        guard name.lowercased() == "file" else {
            throw StarlingError(
                .unsupported,
                "'\(path)': files of \(name):// are not read by this version; copy them to the "
                    + "local disk")
        }
        return String(decoding: bytes.dropFirst(scheme.count + 3), as: UTF8.self)
    }

    /// Splits at commas outside of braces and brackets, without the blanks around.
    private static func split(_ path: String) -> [String] {
        var pieces: [[UInt8]] = [[]]
        var depth = 0
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ",") where depth == 0:
                pieces.append([])
                continue
            default: break
            }
            pieces[pieces.count - 1].append(byte)
        }
        return pieces.map { piece in
            let start = piece.drop { $0 == UInt8(ascii: " ") }
            let end = start.reversed().drop { $0 == UInt8(ascii: " ") }
            return String(decoding: end.reversed(), as: UTF8.self)
        }.filter { !$0.isEmpty }
    }
}
