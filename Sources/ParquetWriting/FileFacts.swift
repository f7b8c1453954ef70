// What is kept of the row groups of a file until its end: numbers, and bytes as they will be written.
// Files may have very many row groups; what is kept of each lies together, for small blocks all over
// the memory would keep it from being used again.

import StarlingMemory

/// Gathers what the page index and the footer say.
struct FileFacts {
    var groups: [GroupFacts] = []
    /// Those of all row groups, one behind the other.
    private(set) var chunks: [ChunkFacts] = []
    let metadata = ByteWriter()
    let columnIndexes = ByteWriter()
    let offsetIndexes = ByteWriter()

    /// Adds a column chunk whose bytes lie at `offset` of the file.
    mutating func add(
        _ column: EncodedColumn, _ encoder: RowGroupEncoder, _ position: Int, offset: Int,
        bloomFilter: Range<Int>?
    ) {
        let bytes = Footer.metadata(
            of: column, encoder, position, offset: offset, bloomFilter: bloomFilter)
        var chunk = ChunkFacts(offset: offset, metadata: Self.add(bytes, to: metadata))
        if encoder.options.writesPageIndex {
            if column.hasColumnIndex {
                chunk.columnIndex = Self.add(PageIndex.columnIndex(column), to: columnIndexes)
            }
            chunk.offsetIndex = Self.add(
                PageIndex.offsetIndex(column, chunkOffset: offset), to: offsetIndexes)
        }
        chunks.append(chunk)
    }

    /// Appends bytes and returns their place among the others.
    private static func add(_ bytes: [UInt8], to writer: ByteWriter) -> Range<Int> {
        writer.append(bytes)
        return (writer.count - bytes.count)..<writer.count
    }

    /// Moves places within the page index to where it lies in the file.
    mutating func moveIndexes(to offset: Int) {
        let second = offset + columnIndexes.count
        for place in chunks.indices {
            chunks[place].columnIndex = chunks[place].columnIndex.map {
                ($0.lowerBound + offset)..<($0.upperBound + offset)
            }
            chunks[place].offsetIndex = chunks[place].offsetIndex.map {
                ($0.lowerBound + second)..<($0.upperBound + second)
            }
        }
    }
}

/// Holds what the footer needs of a row group once its bytes are in the file.
struct GroupFacts {
    var rowCount: Int
    var offset: Int
    var byteCount = 0
    var uncompressedByteCount = 0
}

/// Holds what the footer needs of a column chunk, as places among bytes.
struct ChunkFacts {
    var offset: Int
    var metadata: Range<Int>
    var columnIndex: Range<Int>?
    var offsetIndex: Range<Int>?
}
