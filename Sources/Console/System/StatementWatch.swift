// What goes on beside a running statement: Ctrl-C cancels it, and a bar shows how far it is when it
// takes longer. A thread looks twenty times a second.

import CPlatform
import Starling
import StarlingThreads
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Counts the times that Ctrl-C was pressed since the running statement of a person, or the script,
/// began.
private let interruptCount = Atomic<Int>(0)

/// Makes Ctrl-C cancel the running statement instead of ending the process. Who presses it a third
/// time, since the statement doesn't end, ends the process.
func watchInterrupts() {
    forgetInterrupts()
    guard !starling_ignores_interrupts() else { return }
    signal(SIGINT) { _ in
        if interruptCount.wrappingAdd(1, ordering: .relaxed).newValue >= 3 { _exit(130) }
    }
}

func forgetInterrupts() { interruptCount.store(0, ordering: .relaxed) }

/// Tells whether Ctrl-C was pressed since the script began.
var wasInterrupted: Bool { interruptCount.load(ordering: .relaxed) > 0 }

/// Watches the statements of a script from its making until `end`.
final class StatementWatch: Sendable {
    private struct State {
        var start: UInt64
        var isDrawn = false
        var isEnded = false
        /// The watch must not keep a database open that nobody else holds.
        weak var session: Session?
    }

    private static let pauseMicroseconds: UInt32 = 50_000
    private static let quietNanoseconds: UInt64 = 500_000_000
    private let showsProgress: Bool
    private let state: Mutex<State>

    init(_ session: Session, showsProgress: Bool) {
        self.showsProgress = showsProgress
        state = Mutex(State(start: monotonicNanoseconds(), session: session))
        // Where the system refuses, a statement runs unwatched.
        _ = startThread { [self] in
            repeat { usleep(Self.pauseMicroseconds) } while look()
        }
    }

    /// Erases the bar, since a result is about to be printed; the next statement begins.
    func statementEnded() {
        state.withLock { state in
            Self.erase(&state)
            state.start = monotonicNanoseconds()
        }
    }

    func end() {
        state.withLock { state in
            Self.erase(&state)
            state.isEnded = true
        }
    }

    /// Returns false when there is nothing more to watch.
    private func look() -> Bool {
        state.withLock { state in
            guard !state.isEnded, let session = state.session else { return false }
            if wasInterrupted { session.cancel() }
            let elapsed = monotonicNanoseconds() - state.start
            guard showsProgress, elapsed > Self.quietNanoseconds else { return true }
            let bar = ProgressBar(
                fraction: session.progress, elapsedSeconds: Double(elapsed) / 1e9)
            writeText("\r" + bar.text(width: terminalWidth() ?? 80) + "\u{1B}[K", to: standardError)
            state.isDrawn = true
            return true
        }
    }

    private static func erase(_ state: inout State) {
        guard state.isDrawn else { return }
        writeText("\r\u{1B}[K", to: standardError)
        state.isDrawn = false
    }
}
