// Parquet as a row of the formats that can be written: options to the writer's own.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingVectors

package struct ParquetFileWriter: FileWriter {
    package static let name = "parquet"

    package static let options: [WriteOption] = [
        WriteOption("compression", aliases: ["codec"], ParquetCodec.names),
        WriteOption("compression_level", "the codec's own level; more takes longer"),
        WriteOption("row_group_size", "rows of a row group"),
        WriteOption("page_row_count", "rows of a page, at most"),
        WriteOption("page_size", "the size of a page before compression, such as 1MB"),
        WriteOption("data_page_version", aliases: ["parquet_version"], "1 or 2"),
        WriteOption("version", "accepted for StarRocks: 1.0, 2.4 or 2.6; all are written alike"),
        WriteOption("dictionary", "false: no dictionaries"),
        WriteOption("dictionary_size_limit", "the size beyond which a dictionary is given up"),
        WriteOption(
            "encoding",
            "auto, plain, delta, byte_stream_split, delta_length, delta_byte_array or rle"),
        WriteOption("page_index", aliases: ["write_page_index"], "false: no page index"),
        WriteOption("statistics", "false: no bounds and counts"),
        WriteOption("crc", aliases: ["page_checksum"], "true: a checksum for each page"),
        WriteOption("bloom_filter_columns", "columns that get a bloom filter"),
        WriteOption(
            "bloom_filter_fpp", aliases: ["bloom_filter_false_positive_ratio"],
            "the share of absent values that a bloom filter lets pass"),
    ]

    private let encoder: RowGroupEncoder

    package init(_ rows: WrittenRows, options: WriteOptions) throws(StarlingError) {
        encoder = try RowGroupEncoder(
            columns: rows.columns, options: ParquetOptions(options, rows))
    }

    package var fileExtension: String { Self.name }
    package var blockRowCount: Int { encoder.options.rowGroupRowCount }

    package func encode(_ chunks: [Chunk]) throws(StarlingError) -> EncodedRowGroup {
        try encoder.encode(chunks)
    }

    package func begin(
        _ file: any WritableFile
    ) throws(StarlingError) -> any FileAssembler<EncodedRowGroup> {
        try ParquetWriter(file, encoder)
    }
}

extension EncodedRowGroup: EncodedBlock {}
extension ParquetWriter: FileAssembler {}

extension ParquetOptions {
    fileprivate init(_ options: WriteOptions, _ rows: WrittenRows) throws(StarlingError) {
        self.init()
        let level = try options.integer("compression_level", in: -7...22)
        do throws(StarlingError) {
            codec = try ParquetCodec(name: options.text("compression") ?? "zstd", level: level)
        } catch {
            throw error.about(options.part("compression"))
        }
        rowGroupRowCount =
            try options.integer("row_group_size", in: 1...16_777_216) ?? rowGroupRowCount
        pageRowCount = try options.integer("page_row_count", in: 1...16_777_216) ?? pageRowCount
        pageByteCount = min(try options.byteCount("page_size") ?? pageByteCount, 1 << 30)
        pageVersion = try Self.pageVersion(options)
        usesDictionaries = try options.flag("dictionary") ?? true
        dictionaryByteCountMaximum =
            min(try options.byteCount("dictionary_size_limit") ?? 1 << 20, 1 << 30)
        encoding = try Self.encoding(options)
        writesStatistics = try options.flag("statistics") ?? true
        writesPageIndex = try options.flag("page_index") ?? writesStatistics
        writesChecksums = try options.flag("crc") ?? false
        bloomFilterColumns = Set(
            try options.columns("bloom_filter_columns", among: rows.columns.map(\.name)))
        bloomFilterError =
            try options.number("bloom_filter_fpp", in: 0.000_001...0.5) ?? bloomFilterError
        orders = rows.orders.map {
            Order(column: $0.column, isDescending: !$0.isAscending, nullsFirst: $0.nullsFirst)
        }
    }

    private static func pageVersion(_ options: WriteOptions) throws(StarlingError) -> Int {
        let text = options.text("data_page_version")?.lowercased()
        switch text {
        case nil, "1", "v1", "1.0": return 1
        case "2", "v2", "2.0": return 2
        default:
            throw options.wrong(
                "data_page_version", "'data_page_version' is 1 or 2, not '\(text!)'")
        }
    }

    private static func encoding(_ options: WriteOptions) throws(StarlingError) -> ValueEncoding? {
        guard let name = options.text("encoding")?.lowercased(), name != "auto" else { return nil }
        if let encoding = ValueEncoding(rawValue: name) { return encoding }
        let names = ValueEncoding.allCases.map(\.rawValue).joined(separator: ", ")
        throw options.wrong(
            "encoding", "there is no encoding '\(name)'; there are auto, \(names)")
    }
}
