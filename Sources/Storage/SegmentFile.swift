// Files of segments, and which of them nobody needs any more. Every snapshot, every version that can
// still be read and every query holds the files that its segments lie in; a file that the last of them
// has let go may be removed, once the commit that made it so survives a loss of power.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import Synchronization

/// Is a file of segments. It is opened for each block that is read, so that tables of any number of
/// files need no more than a few descriptors.
final class SegmentFile: ReadableSource {
    let path: String
    let number: UInt64
    private let files: any FileSystem
    private let unneeded: UnneededFiles
    /// True once a commit may name it; before, who writes it takes it away again.
    private let isNamed: Atomic<Bool>

    init(
        _ number: UInt64, _ path: String, _ files: any FileSystem, _ unneeded: UnneededFiles,
        isNamed: Bool
    ) {
        self.number = number
        self.path = path
        self.files = files
        self.unneeded = unneeded
        self.isNamed = Atomic(isNamed)
    }

    deinit { if isNamed.load(ordering: .relaxed) { unneeded.add(number) } }

    func noteNamed() { isNamed.store(true, ordering: .relaxed) }

    func read(_ range: Range<Int>) throws(StarlingError) -> Buffer {
        try files.open(path).read(range)
    }
}

/// Lists files that nobody holds.
final class UnneededFiles: Sendable {
    private let numbers = Mutex<[UInt64]>([])

    func add(_ number: UInt64) { numbers.withLock { $0.append(number) } }

    func add(_ more: [UInt64]) { numbers.withLock { $0 += more } }

    /// Hands out the numbers that are listed.
    func take() -> [UInt64] {
        numbers.withLock { numbers in
            defer { numbers = [] }
            return numbers
        }
    }
}

/// Keeps the files of rows that may be asked for again from being removed.
package struct HeldFiles: Sendable {
    let files: [SegmentFile]
}
