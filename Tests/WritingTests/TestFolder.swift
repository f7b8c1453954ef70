// A folder of a test's own, which goes away with it.

import StarlingErrors
import StarlingFiles
import StarlingMemory

/// Holds a folder on the disk.
final class TestFolder {
    let path: String
    let files = LocalFileSystem()

    init() throws(StarlingError) {
        path = temporaryFolder() + "/starling-writing-\(UInt64.random(in: 0 ... .max))"
        try files.makeFolder(path)
    }

    deinit { Self.remove(path, files) }

    private static func remove(_ folder: String, _ files: LocalFileSystem) {
        for entry in (try? files.list(folder)) ?? [] {
            let path = "\(folder)/\(entry.name)"
            if entry.isFolder { remove(path, files) } else { try? files.remove(path) }
        }
        try? files.remove(folder)
    }

    /// Everything that lies there, hidden files too; folders end with a slash.
    func contents(_ folder: String = "") throws(StarlingError) -> [String] {
        var result: [String] = []
        for entry in try files.list(path + "/" + folder) {
            let name = folder + entry.name
            if entry.isFolder {
                result.append(name + "/")
                result += try contents(name + "/")
            } else {
                result.append(name)
            }
        }
        return result.sorted()
    }

    func write(_ text: String, to name: String) throws(StarlingError) {
        let file = try files.create("\(path)/\(name)")
        try file.write(Array(text.utf8))
        try file.close()
    }

    func read(_ name: String) throws(StarlingError) -> String {
        let file = try files.open("\(path)/\(name)")
        let buffer = Buffer(byteCount: file.byteCount)
        try file.read(0..<file.byteCount, into: buffer.baseAddress)
        let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: file.byteCount)
        return String(decoding: bytes, as: UTF8.self)
    }
}
