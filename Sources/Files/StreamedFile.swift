// Files without a size: standard input, pipes, devices. They are read to their end once and kept,
// since a query opens a file more than once.

import StarlingErrors
import StarlingMemory
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Holds all that came through a pipe.
final class StreamedFile: ReadableFile {
    let path: String
    let byteCount: Int
    private let buffer: Buffer

    /// Tells streams apart that bear the same name one after the other.
    private struct Identity: Hashable {
        var device: UInt64
        var node: UInt64
    }

    private static let opened = Mutex<[Identity: StreamedFile]>([:])

    /// Opens what lies at `path` if it is a stream; nil where it is not, or is not there.
    static func open(_ path: String) throws(StarlingError) -> StreamedFile? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFIFO || kind == S_IFCHR || kind == S_IFSOCK else { return nil }
        let identity = Identity(device: UInt64(status.st_dev), node: UInt64(status.st_ino))
        // Reading under the lock: whoever asks second waits for the same bytes.
        var failure: StarlingError?
        let file: StreamedFile? = opened.withLock { opened in
            if let known = opened[identity] { return known }
            do throws(StarlingError) {
                let file = try StreamedFile(reading: path)
                opened[identity] = file
                return file
            } catch {
                failure = error
                return nil
            }
        }
        if let failure { throw failure }
        return file
    }

    private init(reading path: String) throws(StarlingError) {
        self.path = path
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemCallError(errno, "open", path) }
        defer { close(descriptor) }
        var buffer = Buffer(byteCount: 1 << 16)
        var count = 0
        while true {
            if count == buffer.byteCount {
                let larger = Buffer(byteCount: buffer.byteCount * 2)
                larger.baseAddress.copyMemory(from: buffer.baseAddress, byteCount: count)
                buffer = larger
            }
            let result = Glibc.read(
                descriptor, buffer.baseAddress + count, buffer.byteCount - count)
            if result > 0 {
                count += result
            } else if result == 0 {
                break
            } else if errno != EINTR {
                throw systemCallError(errno, "read", path)
            }
        }
        self.buffer = buffer
        byteCount = count
    }

    func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws(StarlingError) {
        try checkBounds(of: range)
        target.copyMemory(from: buffer.baseAddress + range.lowerBound, byteCount: range.count)
    }
}
