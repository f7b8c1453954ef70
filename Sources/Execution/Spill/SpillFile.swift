// Where sinks put chunks that memory has no room for: one file a worker, to which chunks are
// appended and from which they are read back in any order. It has no name, so that nothing stays
// behind, however the process ends.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingVectors

/// Takes chunks of one worker and gives them back to any.
///
/// `@unchecked Sendable`: one worker appends; others read after `finish`.
package final class SpillFile: @unchecked Sendable {
    private let file: any TemporaryFile
    private var encoder = ChunkEncoder()
    private var node: NodeMeasurements?
    private var isComplete = false
    package var byteCount: Int { file.byteCount }

    /// Creates a file in `folder`.
    package init(
        folder: String, files: any FileSystem = LocalFileSystem()
    ) throws(StarlingError) {
        file = try files.createTemporary(in: folder)
    }

    /// Creates a file of an operator, which counts what is written.
    package convenience init(_ execution: QueryExecution) throws(StarlingError) {
        try self.init(folder: execution.options.spillFolder)
        node = execution.node
    }

    /// Appends a chunk.
    package func append(_ chunk: Chunk) throws(StarlingError) -> SpilledChunk {
        let encoded = try encoder.encode(chunk)
        let start = file.byteCount
        try file.write(encoded.baseAddress, count: encoder.byteCount)
        let range = start..<file.byteCount
        node?.spilledByteCount.wrappingAdd(range.count, ordering: .relaxed)
        return SpilledChunk(file: self, range: range, rowCount: chunk.count)
    }

    /// Ends writing; only then chunks can be read.
    package func finish() throws(StarlingError) {
        guard !isComplete else { return }
        try file.close()
        isComplete = true
    }

    func read(_ range: Range<Int>) throws(StarlingError) -> Chunk {
        guard isComplete else {
            throw StarlingError(.internal, "a spill file is read before it is complete")
        }
        return try ChunkDecoder(try file.read(range), path: file.path).decode()
    }
}

/// Names a chunk in a spill file.
package struct SpilledChunk: Sendable {
    let file: SpillFile
    let range: Range<Int>
    package let rowCount: Int

    /// The bytes in the file, which is about what the chunk takes in memory.
    package var byteCount: Int { range.count }

    package func read() throws(StarlingError) -> Chunk { try file.read(range) }
}
