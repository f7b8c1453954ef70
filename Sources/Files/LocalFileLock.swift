// Who writes, or reads: a file that a process holds until it ends, however it does.

import StarlingErrors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Holds a local file; one that is not shared says which process holds it.
final class LocalFileLock: FileLock {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Closing alone would not give it up: a process that is being started has a copy of the
    /// descriptor until it runs its own program.
    deinit {
        _ = flock(descriptor, LOCK_UN)
        _ = close(descriptor)
    }

    static func take(_ path: String, isShared: Bool) throws(StarlingError) -> LocalFileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw systemCallError(errno, "open", path) }
        // Those who share it wait for one who has it to himself, which is never for long.
        var result: Int32
        repeat {
            result = flock(descriptor, isShared ? LOCK_SH : LOCK_EX | LOCK_NB)
        } while result != 0 && errno == EINTR
        guard result == 0 else {
            let number = errno
            _ = close(descriptor)
            if number == EWOULDBLOCK { return nil }
            throw systemCallError(number, "lock", path)
        }
        if isShared { return LocalFileLock(descriptor) }
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
