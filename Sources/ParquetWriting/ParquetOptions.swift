// What a user can say about Parquet files that are written.

/// Says how files are written.
package struct ParquetOptions: Sendable {
    package var codec: ParquetCodec
    /// Rows of a row group, the last one aside.
    package var rowGroupRowCount: Int
    /// Rows of a page, at most.
    package var pageRowCount = 20_480
    /// Bytes of a page before compression, about.
    package var pageByteCount = 1 << 20
    /// 1 or 2.
    package var pageVersion = 1
    package var usesDictionaries = true
    /// A dictionary that grows beyond this is given up.
    package var dictionaryByteCountMaximum = 1 << 20
    /// Nil chooses what is smallest in a sample.
    package var encoding: ValueEncoding?
    package var writesPageIndex = true
    package var writesStatistics = true
    package var writesChecksums = false
    /// Places of columns that get a bloom filter.
    package var bloomFilterColumns: Set<Int> = []
    /// The share of absent values that a bloom filter lets pass.
    package var bloomFilterError = 0.01
    package var orders: [Order] = []

    /// Names a column that row groups are sorted by.
    package struct Order: Sendable {
        package var column: Int
        package var isDescending: Bool
        package var nullsFirst: Bool
    }

    package init(codec: ParquetCodec = .zstd(level: 3), rowGroupRowCount: Int = 122_880) {
        self.codec = codec
        self.rowGroupRowCount = rowGroupRowCount
    }
}

/// Names how the values of a page are written, dictionaries aside.
package enum ValueEncoding: String, Sendable, CaseIterable {
    case plain
    case delta
    case byteStreamSplit = "byte_stream_split"
    case deltaLength = "delta_length"
    case deltaByteArray = "delta_byte_array"
    case runLength = "rle"

    /// The number in the format.
    var code: Int {
        switch self {
        case .plain: 0
        case .runLength: 3
        case .delta: 5
        case .deltaLength: 6
        case .deltaByteArray: 7
        case .byteStreamSplit: 9
        }
    }

    static let dictionaryCode = 8
}
