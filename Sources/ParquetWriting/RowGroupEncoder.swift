// Row groups are encoded independently of each other, by any number of workers.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Encodes row groups of a schema. May be used by many workers at once.
package struct RowGroupEncoder: Sendable {
    package let columns: [TableColumn]
    package let options: ParquetOptions
    let types: [ParquetType]

    package init(columns: [TableColumn], options: ParquetOptions) throws(StarlingError) {
        self.columns = columns
        self.options = options
        var types: [ParquetType] = []
        for column in columns { types.append(try ParquetType(column.type, column: column.name)) }
        self.types = types
    }

    package func encode(_ chunks: [Chunk]) throws(StarlingError) -> EncodedRowGroup {
        let compressor = PageCompressor(options.codec)
        var group = EncodedRowGroup(rowCount: chunks.reduce(0) { $0 + $1.count }, columns: [])
        for position in columns.indices {
            let vectors = chunks.map { $0.columns[position] }
            let encoded = try withExtendedLifetime(vectors) { () throws(StarlingError) in
                try encode(vectors, position, compressor)
            }
            group.columns.append(encoded)
        }
        return group
    }

    private func encode(
        _ vectors: [Vector], _ position: Int, _ compressor: PageCompressor
    ) throws(StarlingError) -> EncodedColumn {
        switch types[position].storage {
        case .boolean: try encode(ColumnValues<UInt8>(vectors), position, compressor)
        case .int32: try encode(ColumnValues<Int32>(vectors), position, compressor)
        case .int64: try encode(ColumnValues<Int64>(vectors), position, compressor)
        case .float: try encode(ColumnValues<Float>(vectors), position, compressor)
        case .double: try encode(ColumnValues<Double>(vectors), position, compressor)
        case .bytes: try encode(ColumnValues<StringReference>(vectors), position, compressor)
        case .decimal128:
            try encode(try decimals(vectors, position), position, compressor)
        }
    }

    /// Checks what a decimal of 38 digits can't hold: LARGEINT goes beyond.
    private func decimals(
        _ vectors: [Vector], _ position: Int
    ) throws(StarlingError) -> ColumnValues<Int128> {
        let values = ColumnValues<Int128>(vectors)
        guard columns[position].type == .largeint else { return values }
        let limit = powerOfTen(38)
        for place in 0..<values.count
        where values.values[place] >= limit || values.values[place] <= -limit {
            throw StarlingError(
                .data,
                "column '\(columns[position].name)' has the value \(values.values[place]), and "
                    + "Parquet holds 38 digits at most; cast it to STRING")
        }
        return values
    }

    private func encode<Value: EncodedValue>(
        _ values: ColumnValues<Value>, _ position: Int, _ compressor: PageCompressor
    ) throws(StarlingError) -> EncodedColumn {
        let encoder = ColumnEncoder<Value>(
            name: columns[position].name, isNullable: columns[position].isNullable,
            isText: types[position].isText,
            wantsBloomFilter: options.bloomFilterColumns.contains(position), options: options,
            compressor: compressor)
        return try encoder.encode(values)
    }
}

/// Holds a row group as bytes.
package struct EncodedRowGroup: Sendable {
    package let rowCount: Int
    var columns: [EncodedColumn]
}
