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
}
