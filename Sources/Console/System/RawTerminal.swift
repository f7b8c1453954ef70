// The terminal while a person edits: every key is read as it comes, nothing is echoed.

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Says that the terminal's size has changed since it was last asked.
private let sizeChanged = Atomic<Bool>(false)

final class RawTerminal {
    enum Input {
        case byte(UInt8)
        case timeout
        case resized
        case end
    }

    private let original: termios
    private var buffer = [UInt8](repeating: 0, count: 4_096)
    private var next = 0
    private var count = 0

    /// Takes over the terminal of the standard input; nil where there is none.
    init?() {
        var settings = termios()
        guard tcgetattr(standardInput, &settings) == 0 else { return nil }
        original = settings
        signal(SIGWINCH) { _ in sizeChanged.store(true, ordering: .relaxed) }
    }

    func enter() {
        var raw = original
        cfmakeraw(&raw)
        // Lines that queries print still end as usual.
        raw.c_oflag |= tcflag_t(OPOST)
        _ = tcsetattr(standardInput, TCSADRAIN, &raw)
    }

    func leave() {
        var settings = original
        _ = tcsetattr(standardInput, TCSADRAIN, &settings)
    }

    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(standardOutput, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), max(1, Int(size.ws_row)))
    }

    /// Tells whether bytes were read that nobody has taken.
    var hasInput: Bool { next < count }

    /// Waits for a byte; -1 waits without end.
    func read(waitMilliseconds: Int32) -> Input {
        if next < count {
            defer { next += 1 }
            return .byte(buffer[next])
        }
        if sizeChanged.exchange(false, ordering: .relaxed) { return .resized }
        var request = pollfd(fd: standardInput, events: Int16(POLLIN), revents: 0)
        switch poll(&request, 1, waitMilliseconds) {
        case 0: return .timeout
        case ..<0:
            guard errno == EINTR else { return .end }
            return sizeChanged.exchange(false, ordering: .relaxed) ? .resized : .timeout
        default: break
        }
        let received = readBytes(standardInput, into: &buffer)
        guard received > 0 else { return received < 0 && errno == EINTR ? .timeout : .end }
        (next, count) = (1, received)
        return .byte(buffer[0])
    }
}
