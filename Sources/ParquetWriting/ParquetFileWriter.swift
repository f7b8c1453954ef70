// Parquet as a row of the formats that can be written: options to the writer's own.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingVectors

package struct ParquetFileWriter: FileWriter {
    package static let name = "parquet"
    package static let fileExtensions = ["parquet", "parq", "pq"]

    package static let options: [WriteOption] = [
        WriteOption("compression", aliases: ["codec"], "zstd, snappy or none"),
        WriteOption("compression_level", "the codec's own level; more takes longer"),
        WriteOption("row_group_size", "rows of a row group"),
    ]

    private let encoder: RowGroupEncoder

    package init(_ rows: WrittenRows, options: WriteOptions) throws(StarlingError) {
        var parquet = ParquetOptions()
        if let name = options.text("compression") {
            let level = try options.integer("compression_level", in: -7...22)
            parquet.codec = try ParquetCodec(name: name, level: level)
        }
        if let count = try options.integer("row_group_size", in: 1...16_777_216) {
            parquet.rowGroupRowCount = count
        }
        encoder = try RowGroupEncoder(columns: rows.columns, options: parquet)
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
