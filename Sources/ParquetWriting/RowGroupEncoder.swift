// Row groups are encoded independently of each other, by any number of workers.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Encodes row groups of a schema. May be used by many workers at once.
package struct RowGroupEncoder: Sendable {
    package let columns: [TableColumn]
    package let options: ParquetOptions
    let schema: ParquetSchema

    package init(columns: [TableColumn], options: ParquetOptions) throws(StarlingError) {
        self.columns = columns
        self.options = options
        schema = try ParquetSchema(columns)
    }

    /// The columns that rows are ordered by as places among leaves, up to the first nested one.
    var leafOrders: [ParquetOptions.Order] {
        var orders: [ParquetOptions.Order] = []
        for var order in options.orders {
            guard let leaf = schema.leaf(ofColumn: order.column) else { break }
            order.column = leaf.position
            orders.append(order)
        }
        return orders
    }

    package func encode(_ chunks: [Chunk]) throws(StarlingError) -> EncodedRowGroup {
        let compressor = PageCompressor(options.codec)
        var group = EncodedRowGroup(rowCount: chunks.reduce(0) { $0 + $1.count }, columns: [])
        for position in columns.indices {
            let vectors = chunks.map { $0.columns[position] }
            if let leaf = schema.leaf(ofColumn: position) {
                group.columns.append(try encode(vectors, nil, leaf, position, compressor))
                continue
            }
            let shredder = ColumnShredder(schema.columns[position], vectors)
            for leaf in schema.leaves {
                guard let levels = shredder.leaves[leaf.position] else { continue }
                group.columns.append(
                    try encode(levels.values, levels, leaf, position, compressor))
            }
        }
        return group
    }

    private func encode(
        _ vectors: [Vector], _ levels: NestedLevels?, _ leaf: SchemaLeaf, _ position: Int,
        _ compressor: PageCompressor
    ) throws(StarlingError) -> EncodedColumn {
        /// Strings lie in what the vectors own.
        func encode<Value: EncodedValue>(
            _ values: ColumnValues<Value>
        ) throws(StarlingError) -> EncodedColumn {
            let encoder = ColumnEncoder<Value>(
                leaf: leaf, wantsBloomFilter: options.bloomFilterColumns.contains(position),
                options: options, compressor: compressor)
            return try withExtendedLifetime(vectors) { () throws(StarlingError) in
                try encoder.encode(values, levels)
            }
        }
        switch leaf.type.storage {
        case .boolean: return try encode(ColumnValues<UInt8>(vectors))
        case .int32: return try encode(ColumnValues<Int32>(vectors))
        case .int64: return try encode(ColumnValues<Int64>(vectors))
        case .float: return try encode(ColumnValues<Float>(vectors))
        case .double: return try encode(ColumnValues<Double>(vectors))
        case .bytes: return try encode(ColumnValues<StringReference>(vectors))
        case .decimal128:
            let values = ColumnValues<Int128>(vectors)
            if leaf.type.logicalType == .largeint { try checkDigits(values, leaf) }
            return try encode(values)
        }
    }

    /// Refuses what a decimal of 38 digits can't hold: LARGEINT goes beyond.
    private func checkDigits(
        _ values: ColumnValues<Int128>, _ leaf: SchemaLeaf
    ) throws(StarlingError) {
        let limit = powerOfTen(38)
        for place in 0..<values.count
        where values.values[place] >= limit || values.values[place] <= -limit {
            throw StarlingError(
                .data,
                "column '\(leaf.path.joined(separator: "."))' has the value "
                    + "\(values.values[place]), and Parquet holds 38 digits at most; cast it to "
                    + "STRING")
        }
    }
}

/// Holds a row group as bytes.
package struct EncodedRowGroup: Sendable {
    package let rowCount: Int
    var columns: [EncodedColumn]
}
