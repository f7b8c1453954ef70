// Chunks come back from spill files as they went, in any order, and no file stays behind.

import StarlingErrors
import StarlingExecution
import StarlingFiles
import StarlingMemory
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct SpillFileTests {
    private static let types: [PhysicalType] = [
        .int8, .int16, .int32, .int64, .int128, .float32, .float64, .string,
    ]

    private func values(_ chunk: Chunk) -> [[Value]] {
        (0..<chunk.count).map { row in chunk.columns.map { $0.value(at: row) } }
    }

    @Test func chunksComeBackInAnyOrder() throws {
        var generator = SeededGenerator(seed: 31)
        let file = try SpillFile(folder: temporaryFolder())
        var expected: [[[Value]]] = []
        var spilled: [SpilledChunk] = []
        for count in [1, 63, 64, 65, 2_048, 7] {
            var columns: [Vector] = []
            for type in Self.types {
                let values = (0..<count).map { _ in generator.value(type, isNarrow: false) }
                columns.append(Vector(type, values: values))
                columns.append(Vector(constant: values[0], type, count: count))
            }
            let texts = (0..<count).map { _ in generator.value(.string, isNarrow: true) }
            columns.append(Vector(dictionaryOf: texts))
            let chunk = Chunk(columns: columns, count: count)
            expected.append(values(chunk).map { $0.map(comparable) })
            spilled.append(try file.append(chunk))
        }
        try file.finish()
        for position in [3, 0, 5, 1, 2, 4, 4] {
            let read = try spilled[position].read()
            #expect(values(read).map { $0.map(comparable) } == expected[position])
        }
        let noColumns = try SpillFile(folder: temporaryFolder())
        let place = try noColumns.append(Chunk(columns: [], count: 12))
        try noColumns.finish()
        #expect(try place.read().count == 12)
    }

    /// NaN is not equal to itself; its description is.
    private func comparable(_ value: Value) -> Value {
        if case .floating(let number) = value, number.isNaN { return .text("NaN") }
        return value
    }

    @Test func nestedVectorsComeBack() throws {
        let elements = Vector(.string, values: (0..<9).map { .text("element number \($0)") })
        var lists = Vector(uninitialized: .list, count: 3)
        for (row, range) in [(0, 4), (4, 0), (4, 5)].enumerated() {
            lists.pointer(to: ListRange.self)[row] = ListRange(
                offset: UInt32(range.0), count: UInt32(range.1))
        }
        lists.children = NestedVectors([elements])
        let structure = Vector(
            .structure, count: 3, buffer: Buffer(byteCount: 0),
            children: NestedVectors([lists, Vector(.int8, values: [.integer(1), .null, .null])]))
        let file = try SpillFile(folder: temporaryFolder())
        let chunk = Chunk(columns: [lists, structure], count: 3)
        let place = try file.append(chunk)
        try file.finish()
        #expect(values(try place.read()) == values(chunk))
    }

    @Test func foldersThatDoNotExistAreErrors() {
        #expect(throws: StarlingError.self) { try SpillFile(folder: "/no/such/folder") }
    }

    @Test func filesHaveNoNameFromTheirFirstMoment() throws {
        let folder = temporaryFolder() + "/starling-spill-test-\(UInt64.random(in: 0 ... .max))"
        let files = LocalFileSystem()
        try files.makeFolder(folder)
        defer { try? files.remove(folder) }
        let file = try SpillFile(folder: folder)
        _ = try file.append(Chunk(columns: [Vector(.int8, values: [.integer(1)])], count: 1))
        #expect(try files.list(folder).isEmpty)
        try file.finish()
        #expect(try files.list(folder).isEmpty)
    }
}
