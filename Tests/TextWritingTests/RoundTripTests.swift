// What is written as CSV and JSON is read back equal: random values of every type, NULLs and empty
// strings told apart, in any dialect and compression.

import StarlingCSV
import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingFormats
import StarlingJSONLines
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
        ("flag", .boolean), ("day", .date), ("moment", .datetime), ("s", .string),
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
        _ writer: Writer.Type, _ options: [(name: String, value: String)], _ rows: [[Value]]
    ) throws -> MemoryOutput {
        let writer = try Writer(
            WrittenRows(columns: Self.columns),
            options: WriteOptions(options, known: Writer.options, format: Writer.name))
        let file = MemoryOutput()
        let assembler = try writer.begin(file)
        // Two blocks, so that what stands between them is seen.
        for part in [rows[..<(rows.count / 2)], rows[(rows.count / 2)...]] {
            let vectors = Self.columns.indices.map { column in
                Vector(
                    Self.columns[column].type.widestPhysicalType, values: part.map { $0[column] })
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
            "i int, small tinyint, d decimal(20,3), f float, huge largeint, x double, s string"
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

    @Test(arguments: [
        [:], ["array": "true"], ["compression": "gzip"],
        ["array": "true", "compression": "zstd"],
    ])
    func jsonComesBack(options: [String: String]) throws {
        let rows = randomRows()
        let file = try write(
            JSONFileWriter.self, options.map { (name: $0.key, value: $0.value) }, rows)
        let types =
            "i int, small tinyint, d decimal(20,3), f float, huge largeint, x double, s string"
        let opened = try JSONFile(file, FileOptions(["types": types]), partByteCount: 3_000)
        #expect(opened.columns.map(\.name) == Self.columns.map(\.name))
        #expect(opened.columns.map(\.type) == Self.columns.map(\.type))
        let table = try JSONFormat.table(of: [opened], title: "json").table
        #expect(try uncountedRows(of: table) == rows)
    }
}
