// Files that are written are read back equal. That other readers agree is shown by
// `tools/oracle/written_parquet.py`, which needs pyarrow and DuckDB.

import StarlingErrors
import StarlingFiles
import StarlingLake
import StarlingMemory
import StarlingParquetWriting
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct ParquetWriterTests {
    static let types: [LogicalType] = [
        .boolean, .tinyint, .smallint, .int, .bigint, .largeint, .float, .double,
        .decimal(precision: 9, scale: 2), .decimal(precision: 18, scale: 4),
        .decimal(precision: 38, scale: 10), .varchar(length: nil), .varbinary, .date, .datetime,
        .json,
    ]

    /// Gives a value that depends on the row alone: small, extreme, repeated or NULL.
    private func value(_ row: Int, _ type: LogicalType, hasNulls: Bool, isRepetitive: Bool) -> Value
    {
        if hasNulls, row % 5 == 3 { return .null }
        let seed = isRepetitive ? row % 7 : row
        switch type {
        case .boolean: return .boolean(seed % 3 == 0)
        case .float, .double: return .floating(Double(seed) / 4 - 100)
        case .varchar, .varbinary, .json:
            return .text(String(repeating: "ü\(seed)", count: seed % 6))
        default:
            let bounds = type.bounds!
            if row == 0 { return .integer(bounds.low == .min ? -powerOfTen(38) + 1 : bounds.low) }
            if row == 1 { return .integer(min(bounds.high, powerOfTen(38) - 1)) }
            return .integer(Int128(seed * 37 - 60) % min(bounds.high, 120))
        }
    }

    @Test(
        arguments: [ParquetCodec.none, .snappy, .zstd(level: 3)],
        [(false, true), (true, true), (true, false)])
    func whatIsWrittenIsReadBack(_ codec: ParquetCodec, _ shape: (nulls: Bool, repetitive: Bool))
        throws
    {
        let columns = Self.types.enumerated().map {
            TableColumn(name: "c\($0)", type: $1, isNullable: shape.nulls)
        }
        let rowCount = 5_000
        let rows = (0..<rowCount).map { row in
            Self.types.map { value(row, $0, hasNulls: shape.nulls, isRepetitive: shape.repetitive) }
        }
        let folder = try TemporaryFolder()
        let path = folder.path + "/written.parquet"
        let encoder = try RowGroupEncoder(
            columns: columns, options: ParquetOptions(codec: codec, rowGroupRowCount: 3_000))
        let writer = try ParquetWriter(localFiles.create(path), encoder)
        for start in stride(from: 0, to: rowCount, by: 3_000) {
            let end = min(rowCount, start + 3_000)
            try writer.append(encoder.encode(chunks(Array(rows[start..<end]))))
        }
        try writer.finish()
        try expect(rows, in: try openFiles(path), columns)
    }

    @Test(arguments: [nil] + ValueEncoding.allCases, [1, 2])
    func everyEncodingIsReadBack(_ encoding: ValueEncoding?, _ pageVersion: Int) throws {
        let columns = Self.types.enumerated().map {
            TableColumn(name: "c\($0)", type: $1, isNullable: true)
        }
        let rows = (0..<3_000).map { row in
            Self.types.map { value(row, $0, hasNulls: row % 1_000 > 300, isRepetitive: false) }
        }
        var options = ParquetOptions(codec: pageVersion == 1 ? .gzip(level: 1) : .lz4)
        options.encoding = encoding
        options.pageVersion = pageVersion
        options.pageRowCount = 640
        options.writesChecksums = true
        options.bloomFilterColumns = Set(columns.indices)
        let folder = try TemporaryFolder()
        let path = folder.path + "/written.parquet"
        let encoder = try RowGroupEncoder(columns: columns, options: options)
        let file = try localFiles.create(path)
        let writer = try ParquetWriter(file, encoder)
        try writer.append(encoder.encode(chunks(rows)))
        try writer.finish()
        try file.close()
        try expect(rows, in: try openFiles(path), columns)
    }

    private func chunks(_ rows: [[Value]]) -> [Chunk] {
        stride(from: 0, to: rows.count, by: chunkCapacity).map { start in
            let part = rows[start..<min(rows.count, start + chunkCapacity)]
            let vectors = Self.types.enumerated().map { position, type in
                Vector(type.widestPhysicalType, values: part.map { $0[position] })
            }
            return Chunk(columns: vectors, count: part.count)
        }
    }

    private func expect(
        _ rows: [[Value]], in table: any Table, _ columns: [TableColumn]
    ) throws {
        #expect(table.columns.map(\.name) == columns.map(\.name))
        #expect(table.statistics.rowCount == rows.count)
        let read = table.columns.enumerated().map {
            ReadColumn(column: $0, physicalType: $1.type.widestPhysicalType)
        }
        let context = ScanContext(
            budget: MemoryBudget(byteLimit: 1 << 30, settingName: "the test"),
            cancellation: Cancellation())
        var row = 0
        for part in table.parts {
            let reader = try part.makeReader(columns: read, context: context)
            for start in stride(from: 0, to: part.rowCount, by: chunkCapacity) {
                let count = min(chunkCapacity, part.rowCount - start)
                try reader.moveWindow(to: start, count: count)
                for position in read.indices {
                    let vector = try reader.read(position, selection: nil)
                    for place in 0..<count
                    where vector.value(at: place) != rows[row + place][position] {
                        Issue.record("row \(row + place), column \(Self.types[position])")
                        return
                    }
                }
                row += count
            }
        }
        #expect(row == rows.count)
    }

    @Test func aNullInARequiredColumnIsAnError() throws {
        let column = TableColumn(name: "c", type: .int, isNullable: false)
        let encoder = try RowGroupEncoder(columns: [column], options: ParquetOptions())
        let chunk = Chunk(columns: [Vector(.int32, values: [.integer(1), .null])], count: 2)
        #expect(throws: StarlingError.self) { try encoder.encode([chunk]) }
    }
}

/// Makes a folder that goes away with the test.
private final class TemporaryFolder {
    let path: String

    init() throws {
        path = temporaryFolder() + "/starling-writing-\(monotonicNanoseconds())"
        try localFiles.makeFolder(path)
    }

    deinit {
        try? localFiles.remove(path + "/written.parquet")
        try? localFiles.remove(path)
    }
}
