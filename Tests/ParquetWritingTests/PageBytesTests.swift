// Bytes of files against the examples of the Parquet specification (Encodings.md) and others that
// were worked out by hand from it.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingParquetWriting
import StarlingTables
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct PageBytesTests {
    private func written(
        _ values: [Value], _ type: LogicalType, _ change: (inout ParquetOptions) -> Void
    ) throws -> [UInt8] {
        var options = ParquetOptions(codec: .none)
        change(&options)
        let column = TableColumn(name: "c", type: type, isNullable: values.contains(.null))
        let encoder = try RowGroupEncoder(columns: [column], options: options)
        let target = MemoryWritableFile()
        let writer = try ParquetWriter(target, encoder)
        let vector = Vector(type.widestPhysicalType, values: values)
        try writer.append(encoder.encode([Chunk(columns: [vector], count: values.count)]))
        try writer.finish()
        #expect(writer.byteCount == target.bytes.count)
        #expect(target.bytes.prefix(4).elementsEqual("PAR1".utf8))
        #expect(target.bytes.suffix(4).elementsEqual("PAR1".utf8))
        return target.bytes
    }

    private func written(
        _ vector: Vector, _ type: LogicalType, _ change: (inout ParquetOptions) -> Void
    ) throws -> [UInt8] {
        var options = ParquetOptions(codec: .none)
        change(&options)
        let column = TableColumn(name: "c", type: type)
        let encoder = try RowGroupEncoder(columns: [column], options: options)
        let target = MemoryWritableFile()
        let writer = try ParquetWriter(target, encoder)
        try writer.append(encoder.encode([Chunk(columns: [vector], count: vector.count)]))
        try writer.finish()
        return target.bytes
    }

    /// [1, 2], [], NULL, [3] has the repetitions 0 1 0 0 0 and the definitions 3 3 1 0 3.
    @Test func listsHaveLevels() throws {
        var lists = Vector(uninitialized: .list, count: 4)
        let ranges = lists.pointer(to: ListRange.self)
        ranges[0] = ListRange(offset: 0, count: 2)
        ranges[1] = ListRange(offset: 2, count: 0)
        ranges[2] = ListRange(offset: 0, count: 0)
        ranges[3] = ListRange(offset: 2, count: 1)
        lists.validity = Validity(count: 4, allValid: true)
        lists.validity!.setNull(2)
        lists.children = NestedVectors([Vector(.int32, values: integers([1, 2, 3]))])
        let bytes = try written(lists, .array(.int)) { $0.encoding = .plain }
        let repetitions: [UInt8] = [2, 0, 0, 0, 3, 0b10]
        let definitions: [UInt8] = [3, 0, 0, 0, 3, 0b0001_1111, 0b11]
        let values: [UInt8] = [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]
        #expect(contains(bytes, repetitions + definitions + values))
    }

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: part) }
    }

    private func integers(_ numbers: [Int128]) -> [Value] { numbers.map { .integer($0) } }

    @Test func plainValuesAreLittleEndian() throws {
        let bytes = try written(integers([1, -2, 300]), .int) {
            $0.encoding = .plain
        }
        #expect(contains(bytes, [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0x2C, 1, 0, 0]))
    }

    /// The first example of the section on DELTA_BINARY_PACKED: 1, 2, 3, 4, 5.
    @Test func differencesAsInTheSpecification() throws {
        let bytes = try written(integers([1, 2, 3, 4, 5]), .int) { $0.encoding = .delta }
        #expect(contains(bytes, [0x80, 1, 4, 5, 2, 2, 0, 0, 0, 0]))
    }

    /// The second one: 7, 5, 3, 1, 2, 3, 4, 5 has the differences -2 -2 -2 1 1 1 1, which less -2
    /// are 0 0 0 3 3 3 3 in two bits each.
    @Test func differencesBelowZero() throws {
        let bytes = try written(integers([7, 5, 3, 1, 2, 3, 4, 5]), .bigint) {
            $0.encoding = .delta
        }
        #expect(
            contains(
                bytes,
                [0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0]))
    }

    /// The example of bit packing: 0 to 7 in three bits each.
    @Test func codesAsInTheSpecification() throws {
        let bytes = try written(integers([0, 1, 2, 3, 4, 5, 6, 7]), .int) { _ in }
        #expect(contains(bytes, [3, 3, 0b1000_1000, 0b1100_0110, 0b1111_1010]))
    }

    /// Three values of four bytes become four streams of three bytes.
    @Test func streamsAreSplit() throws {
        let numbers: [Float] = [1, 2, -0.5]
        let bytes = try written(numbers.map { .floating(Double($0)) }, .float) {
            $0.encoding = .byteStreamSplit
        }
        // 3F800000, 40000000, BF000000.
        #expect(contains(bytes, [0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0x3F, 0x40, 0xBF]))
    }

    /// Integers begin with their least byte.
    @Test func streamsOfNumbersAreSplit() throws {
        let ints = try written(integers([1, 0x0203, -2]), .int) { $0.encoding = .byteStreamSplit }
        #expect(contains(ints, [1, 3, 0xFE, 0, 2, 0xFF, 0, 0, 0xFF, 0, 0, 0xFF]))
        let longs = try written(integers([1, 1 << 56]), .bigint) { $0.encoding = .byteStreamSplit }
        #expect(contains(longs, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]))
    }

    @Test func textsBehindLengthsAndPrefixes() throws {
        let texts: [Value] = ["axis", "axle", "babble", "babyhood"].map { .text($0) }
        let lengths = try written(texts, .string) { $0.encoding = .deltaLength }
        #expect(contains(lengths, Array("axisaxlebabblebabyhood".utf8)))
        // The example of the specification: prefixes 0, 2, 0, 3; suffixes axis, le, babble, yhood.
        let prefixes = try written(texts, .string) { $0.encoding = .deltaByteArray }
        #expect(contains(prefixes, Array("axislebabbleyhood".utf8)))
    }

    @Test func levelsAreBitsAndRuns() throws {
        let bytes = try written(integers([1]) + [.null] + integers([2, 3]), .tinyint) {
            $0.encoding = .plain
        }
        // Two bytes of levels: one group of eight, of which the first four count.
        #expect(contains(bytes, [2, 0, 0, 0, 3]))
        let all = try written(Array(repeating: .null, count: 100), .tinyint) { _ in }
        // A run of a hundred zeros.
        #expect(contains(all, [3, 0, 0, 0, 0xC8, 1, 0]))
    }

    @Test func decimalsOfSixteenBytesAreBigEndian() throws {
        let bytes = try written(integers([-2]), .decimal(precision: 38, scale: 2)) { _ in }
        #expect(contains(bytes, Array(repeating: 0xFF, count: 15) + [0xFE]))
    }

    /// Bounds of long texts are prefixes of 64 bytes, from above with the last character raised.
    @Test func longBoundsAreCut() throws {
        let text = String(repeating: "x", count: 100)
        let bytes = try written([.text(text)], .string) { $0.encoding = .deltaLength }
        let prefix = Array(String(repeating: "x", count: 63).utf8)
        #expect(contains(bytes, [64] + prefix + [UInt8(ascii: "y")]))
        #expect(contains(bytes, [64] + prefix + [UInt8(ascii: "x")]))
    }
}
