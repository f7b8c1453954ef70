// A file in memory, for damaged copies of fixtures.

import StarlingErrors
import StarlingFiles

/// Reads from an array.
package final class MemoryFile: ReadableFile {
    package let path: String
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8], path: String = "memory") {
        self.bytes = bytes
        self.path = path
    }

    package convenience init(_ text: String) { self.init(Array(text.utf8)) }

    package var byteCount: Int { bytes.count }

    package func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer)
        throws(StarlingError)
    {
        try checkBounds(of: range)
        target.copyMemory(from: Array(bytes[range]), byteCount: range.count)
    }
}
