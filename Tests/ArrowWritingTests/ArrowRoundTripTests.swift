// What is written as Arrow is read back equal, whatever encodings and layouts the vectors have, and
// however the rows fall into chunks and batches.

import StarlingArrow
import StarlingArrowWriting
import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingFormats
import StarlingTables
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

struct ArrowRoundTripTests {
    private static let optionSets: [[String: String]] = [
        [:], ["compression": "lz4"], ["compression": "zstd", "compression_level": "3"],
        ["stream": "true"], ["stream": "true", "compression": "lz4"],
    ]

    /// Types with the layouts that their values may travel in.
    private static let types: [(type: LogicalType, layouts: [PhysicalType])] = [
        (.boolean, [.int8]), (.tinyint, [.int8]), (.smallint, [.int8, .int16]),
        (.int, [.int8, .int32]), (.bigint, [.int16, .int64]), (.float, [.float32]),
        (.double, [.float64]), (.decimal(precision: 9, scale: 2), [.int8, .int32]),
        (.decimal(precision: 18, scale: 0), [.int16, .int64]), (.varbinary, [.string]),
        (.string, [.string]), (.char(length: 30), [.string]), (.date, [.int8, .int32]),
        (.datetime, [.int32, .int64]), (.time, [.int64]), (.null, [.int8]),
    ]

    private func write(
        _ columns: [TableColumn], _ batches: [[Chunk]], _ options: [String: String]
    ) throws -> any Table {
        let writer = try ArrowFileWriter(
            WrittenRows(columns: columns),
            options: WriteOptions(
                options.map { (name: $0.key, value: $0.value) }, known: ArrowFileWriter.options,
                format: ArrowFileWriter.name))
        let file = MemoryWritableFile()
        let assembler = try writer.begin(file)
        for batch in batches { try assembler.append(try writer.encode(batch)) }
        try assembler.finish()
        #expect(assembler.byteCount == file.bytes.count)
        #expect(ArrowFormat.recognizes(FileStart(bytes: file.bytes)))
        return try ArrowFormat.table(
            of: [ArrowFile(MemoryFile(file.bytes))], title: "arrow"
        ).table
    }

    private func values(of table: any Table, _ column: Int) throws -> [Value] {
        try readColumn(table, column, Reading()).map(\.value)
    }

    private func column(
        _ type: LogicalType, _ layout: PhysicalType, _ encoding: SampleEncoding, count: Int,
        _ nullRate: Double, _ chance: inout SeededGenerator
    ) -> (values: [Value], vector: Vector) {
        let sample = SampleColumn(
            layout, encoding, count: count, nullRate: type == .null ? 1 : nullRate, using: &chance)
        guard let bounds = type.bounds, layout.isInteger else {
            return (sample.values, sample.vector)
        }
        let values = sample.values.map { value in
            value.integer.map { .integer(min(max($0, bounds.low), bounds.high)) } ?? value
        }
        return (values, Vector(layout, values: values, as: encoding))
    }

    @Test(arguments: optionSets, [0, 0.3, 1])
    func columnsComeBack(options: [String: String], nullRate: Double) throws {
        var chance = SeededGenerator(seed: 3)
        let columns = Self.types.enumerated().map {
            TableColumn(name: "column \($0)", type: $1.type)
        }
        var expected: [[Value]] = columns.map { _ in [] }
        var batches: [[Chunk]] = []
        for counts in [[1], [63, 65, 1, 700], [64, 64], [2_048, 5]] {
            batches.append(
                counts.map { count in
                    let vectors = Self.types.enumerated().map { index, row in
                        let encoding = SampleEncoding.allCases.randomElement(using: &chance)!
                        let (values, vector) = column(
                            row.type, row.layouts.randomElement(using: &chance)!, encoding,
                            count: count, nullRate, &chance)
                        expected[index] += values
                        return vector
                    }
                    return Chunk(columns: vectors, count: count)
                })
        }
        let table = try write(columns, batches, options)
        for (index, column) in table.columns.enumerated() {
            let type = Self.types[index].type
            #expect(column.type == (type.isString ? .string : type), "\(type)")
            #expect(try values(of: table, index) == expected[index], "\(type)")
        }
    }

    /// Lists of all kinds, as the reader gives them: shared memory, gaps, constants, dictionaries.
    @Test(arguments: optionSets, [17, 64, 2_048])
    func nestedColumnsComeBack(options: [String: String], window: Int) throws {
        let folder =
            #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
            + "/ArrowTests/Fixtures"
        let file = try ArrowFile(LocalFileSystem().open("\(folder)/nested.lz4.arrow"))
        let source = try ArrowFormat.table(of: [file], title: "arrow").table
        var batches: [[Chunk]] = []
        for part in source.parts {
            let reader = try part.makeReader(
                columns: source.columns.enumerated().map {
                    ReadColumn(column: $0, physicalType: $1.type.widestPhysicalType)
                }, context: makeContext())
            var chunks: [Chunk] = []
            for start in stride(from: 0, to: part.rowCount, by: window) {
                let count = min(window, part.rowCount - start)
                try reader.moveWindow(to: start, count: count)
                let vectors = try source.columns.indices.map { try reader.read($0, selection: nil) }
                chunks.append(Chunk(columns: vectors, count: count))
            }
            batches.append(chunks)
        }
        let table = try write(source.columns, batches, options)
        #expect(table.columns.map(\.type) == source.columns.map(\.type))
        for index in source.columns.indices {
            #expect(
                try values(of: table, index) == values(of: source, index),
                "\(source.columns[index].name)")
        }
    }

    @Test func noRowsAreAFileToo() throws {
        let columns = [
            TableColumn(name: "a", type: .array(.int)), TableColumn(name: "b", type: .int),
        ]
        for options in Self.optionSets {
            let table = try write(columns, [], options)
            #expect(table.columns.map(\.type) == columns.map(\.type))
            #expect(table.statistics.rowCount == 0)
        }
    }

    @Test func numbersBeyondTheFormatAreErrors() throws {
        let columns = [TableColumn(name: "huge", type: .largeint)]
        let fitting = powerOfTen(38) - 1
        for (number, isFit) in [(fitting, true), (-fitting, true), (fitting + 1, false)] {
            let chunk = Chunk(
                columns: [Vector(.int128, values: [.integer(number), .null])], count: 2)
            if isFit {
                let table = try write(columns, [[chunk]], [:])
                #expect(table.columns[0].type == .decimal(precision: 38, scale: 0))
                #expect(try values(of: table, 0) == [.integer(number), .null])
            } else {
                let error = #expect(throws: StarlingError.self) {
                    try write(columns, [[chunk]], [:])
                }
                #expect(error?.kind == .data)
            }
        }
    }

    @Test func mapsWithoutAKeyAreErrors() throws {
        let type = LogicalType.map(key: .string, value: .int)
        let chunk = Chunk(
            columns: [Vector([.list([.null, .integer(1)])], as: type)], count: 1)
        let error = #expect(throws: StarlingError.self) {
            try write([TableColumn(name: "m", type: type)], [[chunk]], [:])
        }
        #expect(error?.message.contains("column 'm' has a map with the key NULL") == true)
    }

    @Test(arguments: [["compression": "brotli"], ["batch_size": "0"], ["stream": "perhaps"]])
    func optionsThatAreNone(options: [String: String]) {
        #expect(throws: StarlingError.self) { try write([], [], options) }
    }
}
