// A file that is read by ranges, from any thread.

import StarlingErrors
import StarlingMemory

/// Reads ranges of one file; any number of threads may do so at once.
package protocol ReadableFile: AnyObject, Sendable {
    var path: String { get }
    var byteCount: Int { get }

    /// Reads all bytes of `range` to `target`, or throws.
    func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws(StarlingError)

    /// Says that these ranges are about to be read, in the order of the file or any other.
    func prefetch(_ ranges: [Range<Int>])
}

extension ReadableFile {
    package func prefetch(_ ranges: [Range<Int>]) {}

    /// Joins ranges that are so near each other that one request for both costs less than two.
    package static func coalesced(_ ranges: [Range<Int>], gap: Int) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = result.last, range.lowerBound - last.upperBound <= gap {
                result[result.count - 1] =
                    last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }

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
