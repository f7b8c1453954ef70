// The 300 MB of sentences that all comments of TPC-H are cut from. They are one random stream in
// the reference generator; the states at which blocks begin are known (`TextPoolCheckpoint`), so
// that blocks are written in parallel: every thread that needs the pool writes blocks until none
// is left. Tables whose comments nobody reads never make it.

import StarlingErrors
import StarlingMemory
import StarlingTables
import StarlingThreads
import Synchronization

/// Holds the text that comments are cut from, once `prepare` has returned.
///
/// `@unchecked Sendable`: a block is written by the thread that claimed it, and read only after
/// all blocks have been reported finished under the lock.
package final class TextPool: @unchecked Sendable {
    package static let byteCount = 300 << 20
    static let blockByteCount = 4 << 20
    package static let blockCount = byteCount / blockByteCount
    /// As many rows of TPC-H's tables take as long to write as a block.
    private static let blockRowCount = 5_000
    package static let equivalentRowCount = blockCount * blockRowCount

    private struct Progress {
        var claimedCount = 0
        var finishedCount = 0
    }

    private final class Memory: Sendable {
        let buffer = Buffer(byteCount: TextPool.byteCount)
    }

    private struct Shared {
        weak var pool: TextPool?
    }

    private static let shared = Mutex(Shared())

    private let memory = Mutex<Memory?>(nil)
    private let progress = ConditionLocked(Progress())
    private let isReady = Atomic<Bool>(false)

    package init() {}

    /// Returns the pool that is in use, or a new one; it goes away with the last table and vector
    /// that use it.
    package static func current() -> TextPool {
        shared.withLock { shared in
            if let pool = shared.pool { return pool }
            let pool = TextPool()
            shared.pool = pool
            return pool
        }
    }

    /// Returns the address of the text, written as far as `prepare` says.
    private func allocated() -> Buffer {
        memory.withLock { memory in
            if let memory { return memory.buffer }
            let fresh = Memory()
            memory = fresh
            return fresh.buffer
        }
    }

    /// The text, once it is prepared; 64 bytes behind it may be read.
    package var text: UnsafeRawPointer { UnsafeRawPointer(allocated().baseAddress) }

    /// Makes sure that all text is there. Blocks that a cancelled query leaves are for the next one.
    package func prepare(
        _ cancellation: Cancellation, _ watch: (any ScanProgress)? = nil
    ) throws(StarlingError) {
        if isReady.load(ordering: .acquiring) { return }
        let base = allocated().baseAddress
        while true {
            try cancellation.check()
            guard let block = claimBlock() else { break }
            if block == 0 { watch?.expect(Self.equivalentRowCount) }
            Self.write(block: block, of: base)
            watch?.note(Self.blockRowCount)
            progress.withLock { $0.finishedCount += 1 }
        }
        progress.broadcast()
        progress.wait(until: { $0.finishedCount == Self.blockCount }) { _ in }
        isReady.store(true, ordering: .releasing)
    }

    private func claimBlock() -> Int? {
        progress.withLock { progress in
            guard progress.claimedCount < Self.blockCount else { return nil }
            progress.claimedCount += 1
            return progress.claimedCount - 1
        }
    }

    /// Writes the sentences that begin in a block, the last of which may reach into the next one,
    /// and returns the state of the stream after them.
    @discardableResult
    package static func write(block: Int, of base: UnsafeMutableRawPointer) -> UInt32 {
        let checkpoint = TextPoolCheckpoint.all[block]
        let isLast = block + 1 == blockCount
        let end = base + (isLast ? byteCount : TextPoolCheckpoint.all[block + 1].offset)
        var writer = SentenceWriter(state: checkpoint.state, at: base + checkpoint.offset)
        let directEnd = end - sentenceByteCountMax
        while writer.cursor < directEnd { writer.writeSentence() }

        // The writer stores whole words; what it stores behind the end belongs to the next block.
        return withUnsafeTemporaryAllocation(
            byteCount: sentenceByteCountMax * 3, alignment: 16
        ) { tail in
            let start = writer.cursor
            let needed = end - start
            let tailStart = tail.baseAddress.unsafelyUnwrapped
            var tailWriter = SentenceWriter(state: writer.state, at: tailStart)
            while tailWriter.cursor < tailStart + needed { tailWriter.writeSentence() }
            start.copyMemory(from: tailStart, byteCount: needed)
            return tailWriter.state
        }
    }

    /// Bounds the bytes of a sentence and of the store that ends it.
    static let sentenceByteCountMax = 512
}
