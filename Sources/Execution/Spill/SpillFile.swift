// Where sinks put chunks that memory has no room for: one file a worker, to which chunks are
// appended and from which they are read back in any order. The file's name is removed as soon as
// it is complete, so that nothing stays behind, however the process ends.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingVectors
import Synchronization

/// Takes chunks of one worker and gives them back to any.
///
/// `@unchecked Sendable`: one worker appends; others read after `finish`.
package final class SpillFile: @unchecked Sendable {
    private let files: any FileSystem
    private let path: String
    private let writer: any WritableFile
    private var reader: (any ReadableFile)?
    private var encoder = ChunkEncoder()
    private var isRemoved = false
    private var node: NodeMeasurements?
    package private(set) var byteCount = 0

    private static let nextNumber = Atomic<UInt64>(UInt64.random(in: 0...UInt64.max))

    /// Creates a file in `folder`.
    package init(
        folder: String, files: any FileSystem = LocalFileSystem()
    ) throws(StarlingError) {
        self.files = files
        let number = Self.nextNumber.wrappingAdd(1, ordering: .relaxed).oldValue
        let separator = folder.isEmpty || folder.hasSuffix("/") ? "" : "/"
        path = folder + separator + "starling-spill-" + String(number, radix: 16)
        writer = try files.create(path)
    }

    deinit {
        if !isRemoved { try? files.remove(path) }
    }

    /// Creates a file of an operator, which counts what is written.
    package convenience init(_ execution: QueryExecution) throws(StarlingError) {
        try self.init(folder: execution.options.spillFolder)
        node = execution.node
    }

    /// Appends a chunk.
    package func append(_ chunk: Chunk) throws(StarlingError) -> SpilledChunk {
        let encoded = try encoder.encode(chunk)
        try writer.write(encoded.baseAddress, count: encoder.byteCount)
        let range = byteCount..<(byteCount + encoder.byteCount)
        byteCount = range.upperBound
        node?.spilledByteCount.wrappingAdd(range.count, ordering: .relaxed)
        return SpilledChunk(file: self, range: range, rowCount: chunk.count)
    }

    /// Ends writing; only then chunks can be read.
    package func finish() throws(StarlingError) {
        guard reader == nil else { return }
        try writer.close()
        reader = try files.open(path)
        try files.remove(path)
        isRemoved = true
    }

    func read(_ range: Range<Int>) throws(StarlingError) -> Chunk {
        guard let reader else {
            throw StarlingError(.internal, "a spill file is read before it is complete")
        }
        return try ChunkDecoder(try reader.read(range), path: path).decode()
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
