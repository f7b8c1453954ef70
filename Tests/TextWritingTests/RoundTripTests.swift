// What is written as CSV and JSON is read back equal: random values of every type, NULLs and empty
// strings told apart, in any dialect and compression.

import StarlingCSV
import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingFormats
import StarlingJSONLines
import StarlingKernels
import StarlingMemory
import StarlingTables
import StarlingTestSupport
import StarlingTextWriting
import StarlingTypes
import StarlingVectors
import Testing

/// Keeps what is written, and lets it be read.
private final class MemoryOutput: WritableFile, ReadableFile, @unchecked Sendable {
    let path = "memory"
    private(set) var bytes: [UInt8] = []

    var byteCount: Int { bytes.count }

    func write(_ source: UnsafeRawPointer, count: Int) throws(StarlingError) {
        bytes += UnsafeRawBufferPointer(start: source, count: count)
    }

    func synchronize() throws(StarlingError) {}
    func close() throws(StarlingError) {}

    func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws(StarlingError) {
        try checkBounds(of: range)
        target.copyMemory(from: Array(bytes[range]), byteCount: range.count)
    }
}

@Suite struct RoundTripTests {
    private static let types: [(name: String, type: LogicalType)] = [
        ("i", .int), ("big", .bigint), ("huge", .largeint), ("small", .tinyint),
        ("d", .decimal(precision: 20, scale: 3)), ("x", .double), ("f", .float),
        ("price", .decimal(precision: 12, scale: 2)),
        ("fine", .decimal(precision: 18, scale: 18)), ("flag", .boolean), ("day", .date),
        ("moment", .datetime), ("s", .string),
        ("quoted, \"name\"", .string),
    ]
    private static let columns = types.map { TableColumn(name: $0.name, type: $0.type) }

    private static let words = [
        "", "a", "NULL", "\\N", "null", "a,b", "a;b", "a\tb", "\"", "\"\"", "'", "line\nbreak",
        "cr\r", "\r\n", " leading", "trailing ", "€", "😀", "back\\slash", "\\", "{}", "[1]", "0",
        String(repeating: "long ", count: 10), "\u{1}",
    ]

    private func value(
        _ type: LogicalType, _ generator: inout SeededGenerator
    ) -> Value {
        if Int.random(in: 0..<5, using: &generator) == 0 { return .null }
        switch type {
        case .structure(let fields): return .list(fields.map { value($0.type, &generator) })
        case .array(let element):
            return .list(
                (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
                    value(element, &generator)
                })
        case .map(_, let type):
            // Keys that differ, since others would not all come back.
            let count = Int.random(in: 0..<4, using: &generator)
            return .list((0..<count).flatMap { [.integer(Int128($0)), value(type, &generator)] })
        case .json:
            return .text(Self.documents.randomElement(using: &generator)!)
        default: break
        }
        if type.isString { return .text(Self.words.randomElement(using: &generator)!) }
        if type == .double {
            let number = Double(bitPattern: UInt64.random(in: 0 ... .max, using: &generator))
            return .floating(number.isFinite ? number : 0.1)
        }
        if type == .float {
            let number = Float(bitPattern: UInt32.random(in: 0 ... .max, using: &generator))
            return .floating(Double(number.isFinite ? number : 0.1))
        }
        let bounds = type.bounds!
        let shift = Int.random(in: 0..<127, using: &generator)
        let number = Int128(truncatingIfNeeded: UInt128.random(in: 0 ... .max, using: &generator))
        return .integer(min(max(number >> shift, bounds.low), bounds.high))
    }

    private func write<Writer: FileWriter>(
        _ writer: Writer.Type, _ options: [(name: String, value: String)], _ rows: [[Value]],
        _ columns: [TableColumn] = RoundTripTests.columns
    ) throws -> MemoryOutput {
        let writer = try Writer(
            WrittenRows(columns: columns),
            options: WriteOptions(options, known: Writer.options, format: Writer.name))
        let file = MemoryOutput()
        let assembler = try writer.begin(file)
        // Two blocks, so that what stands between them is seen.
        for part in [rows[..<(rows.count / 2)], rows[(rows.count / 2)...]] {
            let vectors = columns.indices.map { column in
                Vector(part.map { $0[column] }, as: columns[column].type)
            }
            let block = try writer.encode([Chunk(columns: vectors, count: part.count)])
            try assembler.append(block)
        }
        try assembler.finish()
        return file
    }

    private func randomRows() -> [[Value]] {
        var generator = SeededGenerator(seed: 5)
        return (0..<300).map { _ in Self.columns.map { value($0.type, &generator) } }
    }

    @Test(arguments: [
        [:], ["column_separator": ";"], ["column_separator": "\\t", "enclose": "'"],
        ["force_quote": "true"], ["header": "false", "row_delimiter": "\\r\\n"],
        ["nullstr": "nothing"], ["column_separator": "||"], ["compression": "gzip"],
        ["compression": "zstd"],
    ])
    func csvComesBack(options: [String: String]) throws {
        let rows = randomRows()
        let file = try write(
            CSVFileWriter.self, options.map { (name: $0.key, value: $0.value) }, rows)
        var reading = ["header": options["header"] ?? "true"]
        for (name, read) in [
            ("column_separator", "csv.column_separator"), ("enclose", "csv.enclose"),
            ("nullstr", "nullstr"),
        ] { if let value = options[name] { reading[read] = value } }
        // Names and dialect are found; types that a text does not tell are given.
        reading["types"] =
            "i int, small tinyint, d decimal(20,3), price decimal(12,2), fine decimal(18,18), "
            + "f float, huge largeint, x double, s string"
        reading["auto_detect_types"] = "true"
        if options["header"] == "false" {
            reading["columns"] = Self.columns.enumerated().map { "c\($0) \($1.type)" }
                .joined(separator: ", ")
            reading["types"] = nil
        }
        let opened = try CSVFile(file, FileOptions(reading), partByteCount: 3_000)
        #expect(opened.columns.map(\.type) == Self.columns.map(\.type))
        let table = try CSVFormat.table(of: [opened], title: "csv").table
        #expect(try uncountedRows(of: table) == rows)
    }

    /// Codes and constants are written as the values that they stand for.
    @Test func encodingsAreWrittenAlike() throws {
        let words = Self.words.map { Value.text($0) }
        let dictionary = VectorDictionary(values: Vector(.string, values: words), isSorted: false)
        let codes = Buffer(byteCount: 400)
        let validity = Validity(count: 100, allValid: true)
        var values: [Value] = []
        for row in 0..<100 {
            codes.pointer(to: UInt32.self)[row] = UInt32(row * 7 % words.count)
            if row % 9 == 0 { validity.setNull(row) }
            values.append(row % 9 == 0 ? .null : words[row * 7 % words.count])
        }
        let coded = Vector(codes: codes, of: dictionary, count: 100, validity: validity)
        let numbers = Vector(constant: .integer(-120), .int64, count: 100)
        let nulls = Vector.allNull(.int64, count: 100)
        let encoded = Chunk(columns: [coded, numbers, nulls], count: 100)
        let flat = Chunk(
            columns: [
                Vector(.string, values: values),
                Vector(.int64, values: values.map { _ in .integer(-120) }),
                Vector(.int64, values: values.map { _ in .null }),
            ], count: 100)
        let columns = [
            TableColumn(name: "s", type: .string),
            TableColumn(name: "d", type: .decimal(precision: 10, scale: 2)),
            TableColumn(name: "n", type: .bigint),
        ]
        let rows = WrittenRows(columns: columns)
        let options = WriteOptions()
        func written<Writer: FileWriter>(_ writer: Writer, _ chunk: Chunk) throws -> [UInt8] {
            let file = MemoryOutput()
            let assembler = try writer.begin(file)
            try assembler.append(writer.encode([chunk, chunk]))
            try assembler.finish()
            return file.bytes
        }
        let csv = try CSVFileWriter(rows, options: options)
        #expect(try written(csv, encoded) == written(csv, flat))
        let json = try JSONFileWriter(rows, options: options)
        #expect(try written(json, encoded) == written(json, flat))
        let start = String(decoding: try written(csv, encoded).prefix(24), as: UTF8.self)
        #expect(start.hasPrefix("s,d,n\n,-1.20,\n"))
    }

    @Test(arguments: [
        [:], ["array": "true"], ["compression": "gzip"],
        ["array": "true", "compression": "zstd"],
    ])
    func jsonComesBack(options: [String: String]) throws {
        let rows = randomRows()
        let file = try write(
            JSONFileWriter.self, options.map { (name: $0.key, value: $0.value) }, rows)
        let types =
            "i int, small tinyint, d decimal(20,3), price decimal(12,2), fine decimal(18,18), "
            + "f float, huge largeint, x double, s string"
        let opened = try JSONFile(file, FileOptions(["types": types]), partByteCount: 3_000)
        #expect(opened.columns.map(\.name) == Self.columns.map(\.name))
        #expect(opened.columns.map(\.type) == Self.columns.map(\.type))
        let table = try JSONFormat.table(of: [opened], title: "json").table
        #expect(try uncountedRows(of: table) == rows)
    }

    private static let documents = ["[1,{\"a\":null}]", "\"text\"", "1.50", "{}"]
    private static let nestedTypes = [
        "array<int>", "array<string>", "struct<a bigint, `b c` varchar, d date>",
        "array<struct<x double, y array<boolean>>>", "map<int,decimal(20,3)>", "json",
        "struct<big largeint, at datetime, deep struct<f float, j json>>", "array<array<tinyint>>",
    ]

    private func nestedColumns() throws -> [TableColumn] {
        try Self.nestedTypes.enumerated().map {
            TableColumn(name: "c\($0)", type: try LogicalType(name: $1))
        }
    }

    private func nestedRows(_ columns: [TableColumn]) -> [[Value]] {
        var generator = SeededGenerator(seed: 6)
        return (0..<200).map { _ in columns.map { value($0.type, &generator) } }
    }

    @Test(arguments: [[:], ["array": "true"], ["compression": "zstd"]])
    func nestedJSONComesBack(options: [String: String]) throws {
        let columns = try nestedColumns()
        let rows = nestedRows(columns)
        let file = try write(
            JSONFileWriter.self, options.map { (name: $0.key, value: $0.value) }, rows, columns)
        let types = zip(columns, Self.nestedTypes).map { "\($0.name) \($1)" }
        let opened = try JSONFile(
            file, FileOptions(["columns": types.joined(separator: ", ")]), partByteCount: 3_000)
        #expect(try uncountedRows(of: JSONFormat.table(of: [opened], title: "").table) == rows)
    }

    /// A field of CSV that holds a nested value is what stands for it in a file of JSON.
    @Test func nestedCSVIsJSON() throws {
        let columns = try nestedColumns()
        let rows = nestedRows(columns)
        let file = try write(CSVFileWriter.self, [], rows, columns)
        let texts = columns.map { "\($0.name) string" }.joined(separator: ", ")
        let csv = try CSVFile(
            file, FileOptions(["columns": texts, "header": "true"]), partByteCount: 3_000)
        let fields = try uncountedRows(of: CSVFormat.table(of: [csv], title: "").table)
        var records = ""
        for row in fields {
            let members = zip(columns, row).map { "\"\($0.name)\":\($1.text ?? "null")" }
            records += "{" + members.joined(separator: ",") + "}\n"
        }
        let types = zip(columns, Self.nestedTypes).map { "\($0.name) \($1)" }
        let json = try JSONFile(
            MemoryFile(records), FileOptions(["columns": types.joined(separator: ", ")]))
        #expect(try uncountedRows(of: JSONFormat.table(of: [json], title: "").table) == rows)
    }

    /// Reads the parts of a compressed file from the last to the first: pieces that come earlier wait,
    /// and rows have their numbers before those before them are counted.
    @Test(arguments: ["gzip", "zstd"], ["csv", "json"])
    func partsOfCompressedFilesComeInAnyOrder(compression: String, format: String) throws {
        let columns = [TableColumn(name: "n", type: .bigint)]
        let rows = (0..<5_000).map { [Value.integer(Int128($0))] }
        let options = [(name: "compression", value: compression)]
        let table: any Table
        if format == "csv" {
            let file = try write(CSVFileWriter.self, options, rows, columns)
            let opened = try CSVFile(file, FileOptions(), partByteCount: 2_000)
            table = try CSVFormat.table(of: [opened], title: "").table
        } else {
            let file = try write(JSONFileWriter.self, options, rows, columns)
            let opened = try JSONFile(file, FileOptions(), partByteCount: 2_000)
            table = try JSONFormat.table(of: [opened], title: "").table
        }
        #expect(table.parts.count > 10)
        let context = makeContext()
        var parts: [[Value]] = []
        for part in table.parts.reversed() {
            let reader = try part.makeReader(
                columns: [ReadColumn(column: 0, physicalType: .int64)], context: context)
            var values: [Value] = []
            while case let count = try reader.moveToNextWindow(countMax: 100), count > 0 {
                let vector = try reader.read(0, selection: nil)
                #expect(
                    try reader.firstRowInFile.map { .integer(Int128($0)) } == vector.value(at: 0))
                values += (0..<count).map { vector.value(at: $0) }
            }
            parts.append(values)
        }
        #expect(parts.reversed().flatMap { $0 } == rows.map { $0[0] })
        #expect(parts.filter { !$0.isEmpty }.count > 5)
    }
}
