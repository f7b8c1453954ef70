// Files of segments, and which of them nobody needs any more. Every snapshot, every version that can
// still be read and every query holds the files that its segments lie in; a file that the last of them
// has let go may be removed, once the commit that made it so survives a loss of power.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import Synchronization

/// Is a file of segments. It stays open for a while once it was read, since indexes are read in many
/// small pieces.
final class SegmentFile: ReadableSource {
    let path: String
    let number: UInt64
    private let files: any FileSystem
    private let unneeded: UnneededFiles
    private let openFiles: OpenFiles
    private let opened = Mutex<(any ReadableFile)?>(nil)
    /// True once a commit may name it; before, who writes it takes it away again.
    private let isNamed: Atomic<Bool>

    init(
        _ number: UInt64, _ path: String, _ files: any FileSystem, _ unneeded: UnneededFiles,
        _ openFiles: OpenFiles, isNamed: Bool
    ) {
        self.number = number
        self.path = path
        self.files = files
        self.unneeded = unneeded
        self.openFiles = openFiles
        self.isNamed = Atomic(isNamed)
    }

    deinit { if isNamed.load(ordering: .relaxed) { unneeded.add(number) } }

    func noteNamed() { isNamed.store(true, ordering: .relaxed) }

    func read(_ range: Range<Int>) throws(StarlingError) -> Buffer {
        try file().read(range)
    }

    private func file() throws(StarlingError) -> any ReadableFile {
        if let known = opened.withLock({ $0 }) { return known }
        let file = try files.open(path)
        // What is still written to has not its length yet.
        guard isNamed.load(ordering: .relaxed) else { return file }
        opened.withLock { $0 = file }
        openFiles.add(self)
        return file
    }

    fileprivate func close() { opened.withLock { $0 = nil } }
}

/// Knows which files are open, so that tables of any number of files need no more than a few
/// descriptors.
final class OpenFiles: Sendable {
    private static let countMax = 64

    private struct OpenFile {
        weak var file: SegmentFile?
    }

    /// The one that was opened first stands first.
    private let files = Mutex<[OpenFile]>([])

    /// Notes that a file is open, and closes another where they become too many.
    func add(_ file: SegmentFile) {
        let first = files.withLock { files -> SegmentFile? in
            files.append(OpenFile(file: file))
            return files.count > Self.countMax ? files.removeFirst().file : nil
        }
        first?.close()
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
