// A file that is read by ranges, from any thread.

import StarlingErrors
import StarlingMemory

/// Reads ranges of one file; any number of threads may do so at once.
package protocol ReadableFile: AnyObject, Sendable {
    var path: String { get }
    var byteCount: Int { get }

    /// Reads all bytes of `range` to `target`, or throws.
    func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws(StarlingError)
}

extension ReadableFile {
    /// Reads all bytes of `range` into a buffer of their own.
    package func read(_ range: Range<Int>) throws(StarlingError) -> Buffer {
        try checkBounds(of: range)
        let buffer = Buffer(byteCount: range.count)
        try read(range, into: buffer.baseAddress)
        return buffer
    }

    /// Throws where `range` leaves the file.
    package func checkBounds(of range: Range<Int>) throws(StarlingError) {
        if range.lowerBound >= 0, range.upperBound <= byteCount { return }
        throw StarlingError(
            .file,
            "\(path): bytes \(range.lowerBound) to \(range.upperBound) were asked for, but the "
                + "file has \(byteCount)")
    }
}
