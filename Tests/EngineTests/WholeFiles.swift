import StarlingFiles
import StarlingMemory

/// Writes a file as a whole.
func writeFile(_ bytes: [UInt8], to path: String) throws {
    let file = try LocalFileSystem().create(path)
    try file.write(bytes)
    try file.close()
}

/// Reads all bytes of a file.
func readFile(_ path: String) throws -> [UInt8] {
    let file = try LocalFileSystem().open(path)
    let buffer = try file.read(0..<file.byteCount)
    return (0..<file.byteCount).map { buffer.pointer(to: UInt8.self)[$0] }
}
