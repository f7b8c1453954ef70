// Who writes: a file that one process holds until it ends, however it does.

import StarlingErrors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Holds a local file that says which process holds it.
final class LocalFileLock: FileLock {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { _ = close(descriptor) }

    static func take(_ path: String) throws(StarlingError) -> LocalFileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw systemCallError(errno, "open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            _ = close(descriptor)
            if number == EWOULDBLOCK { return nil }
            throw systemCallError(number, "lock", path)
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, write(descriptor, text, text.count) == text.count
        else {
            let number = errno
            _ = close(descriptor)
            throw systemCallError(number, "write", path)
        }
        return LocalFileLock(descriptor)
    }
}
