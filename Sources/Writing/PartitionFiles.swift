// The files of one partition: encoded blocks come from any worker and are appended by number. A
// file that has grown to the size that is wanted is ended, and the next block begins another one.
//
// Who brings the block that is next appends it, and whatever the others bring meanwhile; they go on
// encoding, but for when more blocks wait than are worth their memory.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingThreads
import Synchronization

/// Counts what was written.
package struct WrittenCounts: Sendable, Equatable {
    package var rowCount = 0
    package var fileCount = 0
    package var byteCount = 0

    static func + (left: WrittenCounts, right: WrittenCounts) -> WrittenCounts {
        WrittenCounts(
            rowCount: left.rowCount + right.rowCount, fileCount: left.fileCount + right.fileCount,
            byteCount: left.byteCount + right.byteCount)
    }
}

/// Appends the blocks of one partition to its files.
final class PartitionFiles<Writer: FileWriter>: Sendable {
    /// The blocks that wait to be appended, and whether somebody does it.
    private struct Queue {
        var waiting: [Int: Writer.Block] = [:]
        var next = 0
        var isAppending = false
        private static var waitingCountMaximum: Int { 2 }

        /// Who appends makes room, and leaves its turn where the next block is not there.
        var hasRoom: Bool { !isAppending || waiting.count < Self.waitingCountMaximum }

        /// Adds a block and returns whether who brought it is to append.
        mutating func add(_ block: Writer.Block, number: Int) -> Bool {
            waiting[number] = block
            guard !isAppending, waiting[next] != nil else { return false }
            isAppending = true
            return true
        }

        /// Returns the next block, or ends the turn of who appends where there is none.
        mutating func take() -> Writer.Block? {
            let block = waiting.removeValue(forKey: next)
            isAppending = block != nil
            return block
        }
    }

    private struct Output {
        var file: (any WritableFile)?
        var assembler: (any FileAssembler<Writer.Block>)?
        var counts = WrittenCounts()
    }

    private let writer: Writer
    private let target: WriteTarget
    private let unfinished: UnfinishedFiles
    /// The partition's folders, each with a slash behind it; empty where there are none.
    private let folder: String
    private let queue = ConditionLocked(Queue())
    private let output = Mutex(Output())

    init(_ writer: Writer, _ target: WriteTarget, _ unfinished: UnfinishedFiles, folder: String) {
        self.writer = writer
        self.target = target
        self.unfinished = unfinished
        self.folder = folder
    }

    var counts: WrittenCounts { output.withLock { $0.counts } }

    /// Adds a block and returns whether a file was begun for it or for blocks that waited for it.
    func add(_ block: Writer.Block, number: Int) throws(StarlingError) -> Bool {
        guard queue.wait(until: \.hasRoom, { $0.add(block, number: number) }) else { return false }
        var began = false
        while let block = queue.withLock({ $0.take() }) {
            queue.broadcast()
            do throws(StarlingError) {
                if try append(block) { began = true }
            } catch {
                // The block is missing now, so that nothing is appended behind it.
                queue.withLock { $0.isAppending = false }
                queue.broadcast()
                throw error
            }
            queue.withLock { $0.next += 1 }
        }
        queue.broadcast()
        return began
    }

    /// Appends a block and returns whether a file was begun for it.
    private func append(_ block: Writer.Block) throws(StarlingError) -> Bool {
        try output.withLock { output throws(StarlingError) in
            let begins = output.assembler == nil
            if begins { try begin(&output) }
            try output.assembler!.append(block)
            output.counts.rowCount += block.rowCount
            if output.assembler!.byteCount >= target.fileByteCountTarget { try end(&output) }
            return begins
        }
    }

    /// Ends the file that is open; the next block begins another one.
    func endFile() throws(StarlingError) {
        try output.withLock { output throws(StarlingError) in try end(&output) }
    }

    /// Writes a file without rows where there is none.
    func writeEmptyFile() throws(StarlingError) {
        try output.withLock { output throws(StarlingError) in
            guard output.counts.fileCount == 0 else { return }
            try begin(&output)
            try end(&output)
        }
    }

    private func begin(_ output: inout Output) throws(StarlingError) {
        let path = target.path(
            partition: folder, number: output.counts.fileCount, mark: unfinished.mark,
            end: writer.fileExtension)
        if !folder.isEmpty { try unfinished.makeFolders(UnfinishedFiles.split(path).folder) }
        let file = try unfinished.create(path)
        output.file = file
        output.assembler = try writer.begin(file)
        output.counts.fileCount += 1
    }

    private func end(_ output: inout Output) throws(StarlingError) {
        guard let assembler = output.assembler, let file = output.file else { return }
        output.assembler = nil
        output.file = nil
        try assembler.finish()
        output.counts.byteCount += assembler.byteCount
        // A name must never be on the disk before what it stands for.
        if target.isDurable { try file.synchronize() }
        try file.close()
    }
}
