// The files of one partition: encoded blocks come from any worker and are appended by number. A
// file that has grown to the size that is wanted is ended, and the next block begins another one.

import StarlingErrors
import StarlingFiles
import StarlingFormats
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
    private struct State {
        var waiting: [Int: Writer.Block] = [:]
        var next = 0
        var file: (any WritableFile)?
        var assembler: (any FileAssembler<Writer.Block>)?
        var counts = WrittenCounts()
    }

    private let writer: Writer
    private let target: WriteTarget
    private let unfinished: UnfinishedFiles
    /// The partition's folders, each with a slash behind it; empty where there are none.
    private let folder: String
    private let state = Mutex(State())

    init(_ writer: Writer, _ target: WriteTarget, _ unfinished: UnfinishedFiles, folder: String) {
        self.writer = writer
        self.target = target
        self.unfinished = unfinished
        self.folder = folder
    }

    var counts: WrittenCounts { state.withLock { $0.counts } }

    /// Adds a block and returns whether a file was begun for it.
    func add(_ block: Writer.Block, number: Int) throws(StarlingError) -> Bool {
        try state.withLock { state throws(StarlingError) in
            state.waiting[number] = block
            var began = false
            while let block = state.waiting.removeValue(forKey: state.next) {
                state.next += 1
                if state.assembler == nil {
                    try begin(&state)
                    began = true
                }
                try state.assembler!.append(block)
                state.counts.rowCount += block.rowCount
                if state.assembler!.byteCount >= target.fileByteCountTarget { try end(&state) }
            }
            return began
        }
    }

    /// Ends the file that is open; the next block begins another one.
    func endFile() throws(StarlingError) {
        try state.withLock { state throws(StarlingError) in try end(&state) }
    }

    /// Writes a file without rows where there is none.
    func writeEmptyFile() throws(StarlingError) {
        try state.withLock { state throws(StarlingError) in
            guard state.counts.fileCount == 0 else { return }
            try begin(&state)
            try end(&state)
        }
    }

    private func begin(_ state: inout State) throws(StarlingError) {
        let path = target.path(
            partition: folder, number: state.counts.fileCount, mark: unfinished.mark,
            end: writer.fileExtension)
        if !folder.isEmpty { try unfinished.makeFolders(UnfinishedFiles.split(path).folder) }
        let file = try unfinished.create(path)
        state.file = file
        state.assembler = try writer.begin(file)
        state.counts.fileCount += 1
    }

    private func end(_ state: inout State) throws(StarlingError) {
        guard let assembler = state.assembler, let file = state.file else { return }
        state.assembler = nil
        state.file = nil
        try assembler.finish()
        state.counts.byteCount += assembler.byteCount
        // A name must never be on the disk before what it stands for.
        if target.isDurable { try file.synchronize() }
        try file.close()
    }
}
