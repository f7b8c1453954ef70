// A file without a name: it is gone when nobody holds it any more, however the process ends.

import StarlingErrors
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Is written by one writer and read by anyone, also while it grows.
package protocol TemporaryFile: WritableFile, ReadableFile {}

/// Is a temporary file of the local disk.
final class LocalTemporaryFile: TemporaryFile {
    let path: String
    private let descriptor: Int32
    private let written = Atomic<Int>(0)

    var byteCount: Int { written.load(ordering: .acquiring) }

    /// Creates a file in `folder` and removes its name at once.
    init(in folder: String) throws(StarlingError) {
        let separator = folder.isEmpty || folder.hasSuffix("/") ? "" : "/"
        var path = ""
        var descriptor: Int32 = -1
        repeat {
            let number = UInt64.random(in: 0 ... .max)
            path = folder + separator + "starling-spill-" + String(number, radix: 16)
            descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        } while descriptor < 0 && errno == EEXIST
        if descriptor < 0 { throw systemCallError(errno, "create", path) }
        unlink(path)
        self.path = path
        self.descriptor = descriptor
    }

    deinit { _ = Glibc.close(descriptor) }

    func write(_ bytes: UnsafeRawPointer, count: Int) throws(StarlingError) {
        let start = byteCount
        var done = 0
        while done < count {
            let rest = min(count - done, SystemWrite.byteCountMaximum)
            let result = pwrite(descriptor, bytes + done, rest, start + done)
            if result >= 0 {
                done += result
            } else if errno != EINTR {
                throw systemCallError(errno, "write", path)
            }
        }
        written.store(start + count, ordering: .releasing)
    }

    func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws(StarlingError) {
        try checkBounds(of: range)
        try readFully(descriptor, range, into: target, path: path)
    }

    func synchronize() throws(StarlingError) {}
    func close() throws(StarlingError) {}
}
