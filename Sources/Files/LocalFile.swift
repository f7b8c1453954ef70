// Files of the local disk. They are read with pread and not mapped: a mapped file that someone
// truncates ends the process, and a copy out of the page cache costs less than the faults of a
// fresh mapping.

import StarlingErrors
import StarlingMemory

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Reads a local file.
final class LocalReadableFile: ReadableFile {
    let path: String
    let byteCount: Int
    private let descriptor: Int32

    init(_ path: String) throws(StarlingError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemCallError(errno, "open", path) }
        var status = stat()
        let result = fstat(descriptor, &status)
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        guard result == 0, !isFolder else {
            let number = result == 0 ? EISDIR : errno
            close(descriptor)
            throw systemCallError(number, "open", path)
        }
        self.path = path
        self.descriptor = descriptor
        self.byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    fileprivate func readAhead(_ range: Range<Int>) {
        // A hint: that it fails says nothing.
        _ = posix_fadvise(
            descriptor, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_WILLNEED)
    }

    func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws(StarlingError) {
        try checkBounds(of: range)
        try readFully(descriptor, range, into: target, path: path)
    }
}

/// Reads all bytes of `range`, in as many calls as the system wants.
func readFully(
    _ descriptor: Int32, _ range: Range<Int>, into target: UnsafeMutableRawPointer, path: String
) throws(StarlingError) {
    var done = 0
    while done < range.count {
        let count = pread(descriptor, target + done, range.count - done, range.lowerBound + done)
        if count > 0 {
            done += count
        } else if count == 0 {
            throw StarlingError(
                .file, "'\(path)' became shorter while it was read; read it again")
        } else if errno != EINTR {
            throw systemCallError(errno, "read", path)
        }
    }
}

extension LocalReadableFile {
    /// Has the system read ahead while something else is computed.
    func prefetch(_ ranges: [Range<Int>]) {
        for range in Self.coalesced(ranges, gap: 64 << 10) {
            readAhead(range)
        }
    }
}

/// What the system is given to write at once.
enum SystemWrite {
    /// For 2 MiB and more Linux takes huge pages, for which it has to look further: on a machine
    /// that is the guest of another these are often such as the host has to give first, and 200 MB
    /// took 350 ms instead of 43.
    static let byteCountMaximum = 1 << 20
    /// The least that a system may take at once is 16, what Linux takes is 1,024.
    static let pieceCountMaximum = 1_024
}

/// Writes a local file.
final class LocalWritableFile: WritableFile {
    let path: String
    private var descriptor: Int32

    init(_ path: String) throws(StarlingError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        self.path = path
        if descriptor < 0 { throw systemCallError(errno, "create", path) }
    }

    /// Opens a file that is there, and cuts off what stands behind its first `byteCount` bytes.
    init(_ path: String, from byteCount: Int) throws(StarlingError) {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        self.path = path
        if descriptor < 0 { throw systemCallError(errno, "open", path) }
        if ftruncate(descriptor, byteCount) != 0 {
            throw systemCallError(errno, "shorten", path)
        }
    }

    deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

    func write(_ bytes: UnsafeRawPointer, count: Int) throws(StarlingError) {
        var done = 0
        while done < count {
            let result = Glibc.write(
                descriptor, bytes + done, min(count - done, SystemWrite.byteCountMaximum))
            if result >= 0 {
                done += result
            } else if errno != EINTR {
                throw systemCallError(errno, "write", path)
            }
        }
    }

    func write(gathered pieces: [UnsafeRawBufferPointer]) throws(StarlingError) {
        var vectors = pieces.filter { !$0.isEmpty }.map {
            iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
        }[...]
        while !vectors.isEmpty {
            let result = Self.start(of: vectors).withUnsafeBufferPointer {
                writev(descriptor, $0.baseAddress, Int32($0.count))
            }
            if result >= 0 {
                Self.drop(result, from: &vectors)
            } else if errno != EINTR {
                throw systemCallError(errno, "write", path)
            }
        }
    }

    /// Returns what the system is given of some pieces.
    private static func start(of vectors: ArraySlice<iovec>) -> [iovec] {
        var start: [iovec] = []
        var room = SystemWrite.byteCountMaximum
        for var vector in vectors.prefix(SystemWrite.pieceCountMaximum) where room > 0 {
            vector.iov_len = min(vector.iov_len, room)
            room -= vector.iov_len
            start.append(vector)
        }
        return start
    }

    /// Takes away the bytes that were written, which may end within a piece.
    private static func drop(_ count: Int, from vectors: inout ArraySlice<iovec>) {
        var rest = count
        while let first = vectors.first, first.iov_len <= rest {
            rest -= first.iov_len
            vectors.removeFirst()
        }
        guard rest > 0 else { return }
        vectors[vectors.startIndex].iov_base += rest
        vectors[vectors.startIndex].iov_len -= rest
    }

    func synchronize() throws(StarlingError) {
        // Pipes and devices keep nothing.
        if fsync(descriptor) != 0, ![EINVAL, EROFS, ENOTSUP].contains(errno) {
            throw systemCallError(errno, "synchronize", path)
        }
    }

    func close() throws(StarlingError) {
        guard descriptor >= 0 else { return }
        let result = Glibc.close(descriptor)
        descriptor = -1
        if result != 0 { throw systemCallError(errno, "close", path) }
    }
}
