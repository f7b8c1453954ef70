// The files that the path of FILES() names: one path, pattern or folder, or several with commas
// between them.

import StarlingErrors
import StarlingFiles

enum FileList {
    /// Finds all files, each once, in the order of the paths.
    static func find(
        _ path: String, in files: any FileSystem
    ) throws(StarlingError) -> [FoundFile] {
        if path == "-" { return [FoundFile(path: "/dev/stdin")] }
        // A comma may belong to a name.
        let pieces = split(path)
        if pieces.isEmpty {
            throw StarlingError(.binding, "the path '\(path)' names no file")
        }
        if pieces.count == 1 { return try FileSearch.find(path, in: files) }
        if try files.information(of: path) != nil {
            return try FileSearch.find(path, in: files)
        }
        var found: [FoundFile] = []
        var known: Set<String> = []
        for piece in pieces {
            for file in try find(piece, in: files) where known.insert(file.path).inserted {
                found.append(file)
            }
        }
        return found
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
