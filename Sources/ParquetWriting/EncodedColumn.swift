// A column chunk as bytes, with what the footer and the indexes say of it.

import StarlingMemory

/// Holds what the page index says of a page.
struct PageFacts: Sendable {
    /// From the beginning of the chunk.
    var offset: Int
    /// With its header.
    var byteCount: Int
    var firstRow: Int
    var rowCount: Int
    /// NULLs and empty lists included.
    var entryCount: Int
    var valueCount: Int
    var definitionCounts: [Int]
    var repetitionCounts: [Int]
    var low: WrittenBound?
    var high: WrittenBound?
    /// Bytes of texts without lengths; 0 for other types.
    var textByteCount: Int
}

/// Holds the encoded bytes of a column chunk and what the footer says of it.
struct EncodedColumn: Sendable {
    var bytes: ByteWriter?
    var byteCount = 0
    /// Offsets from the beginning of the chunk.
    var dictionaryPageOffset: Int?
    var dataPageOffset = 0
    var uncompressedByteCount = 0
    /// NULLs and empty lists included.
    var valueCount = 0
    var nullCount = 0
    var distinctCount: Int?
    var low: WrittenBound?
    var high: WrittenBound?
    /// The number of the data pages' encoding.
    var encoding = 0
    var pages: [PageFacts] = []
    /// True where each page has bounds or only NULLs.
    var hasColumnIndex = false
    /// 1 where the bounds of pages ascend, 2 where they descend, else 0.
    var boundaryOrder = 0
    var textByteCount: Int?
    var bloomFilter: [UInt8]?

    /// How often each level comes in all pages.
    func levelCounts(_ counts: KeyPath<PageFacts, [Int]>) -> [Int] {
        guard let first = pages.first else { return [] }
        return pages.dropFirst().reduce(first[keyPath: counts]) { sum, page in
            zip(sum, page[keyPath: counts]).map { $0 + $1 }
        }
    }
}
