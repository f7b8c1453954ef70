// A file that is only bytes in memory: results that go through a descriptor of the caller's.

import StarlingErrors

/// Collects what is written.
package final class MemoryWritableFile: WritableFile {
    package let path = "memory"
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package func write(_ start: UnsafeRawPointer, count: Int) throws(StarlingError) {
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
    }

    package func synchronize() throws(StarlingError) {}
    package func close() throws(StarlingError) {}
}
