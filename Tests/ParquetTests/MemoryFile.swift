// A file in memory, for damaged copies of fixtures.

import StarlingErrors
import StarlingFiles

/// Reads from an array.
final class MemoryFile: ReadableFile {
    let path = "memory.parquet"
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var byteCount: Int { bytes.count }

    func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws(StarlingError) {
        try checkBounds(of: range)
        target.copyMemory(from: Array(bytes[range]), byteCount: range.count)
    }
}
