// What was committed is there again, whatever happened to the end of the log; and what is damaged is
// an error that says so.

import StarlingErrors
import StarlingFiles
import StarlingStorage
import StarlingTables
import StarlingTestSupport
import Testing

@Suite struct DatabaseFolderTests {
    private let table = TableName(database: "main", name: "t")

    @Test func commitsComeBackInOrder() throws {
        let database = TemporaryDatabase()
        let commits: [[Change]] = [
            [.statement(database: "main", sql: "CREATE TABLE t (a INT)")],
            [.addition(table, segment: 7, .file(3, offset: 16, byteCount: 80)), .clearing(table)],
            [.addition(table, segment: 8, .log([1, 2, 3])), .removal(table, segments: [7, 8])],
            [
                .definition(
                    table, sql: "CREATE TABLE t (b INT)",
                    columns: [
                        ColumnIdentity(number: 3, initialValue: .integer(-1 << 100)),
                        ColumnIdentity(number: 1),
                        ColumnIdentity(number: 2, initialValue: .text("x")),
                        ColumnIdentity(number: 9, initialValue: .floating(0.1)),
                    ], lastColumnNumber: 10), .numbering(table, last: 1 << 40),
            ],
            [
                .version(table, number: 7, microseconds: -1),
                .mergedAddition(
                    table,
                    [SegmentPiece(number: 7, rowCount: 3), SegmentPiece(number: 1, rowCount: 1)],
                    .log([4, 5])),
                .mergedAddition(
                    table, [SegmentPiece(number: 1 << 60, rowCount: 100_000)],
                    .file(5, offset: 8, byteCount: 1 << 40)),
            ],
            [
                .label(database: "main", name: "load 'x'"),
                .label(database: "main", name: "before", microseconds: -5),
                .retirement(
                    table, number: 3, end: .max, original: TableName(database: "d", name: "")),
                .recovery(number: 1 << 40),
            ],
            [.deletion(table, segment: 8, rows: RowSet([0, 1, 2, 70, 131_071]))],
        ]
        do {
            let (folder, before) = try database.open()
            #expect(before.isEmpty)
            for commit in commits { try folder.commit(commit) }
        }
        #expect(try database.open().1 == commits)
    }

    @Test func aTornRecordIsCutOff() throws {
        let database = TemporaryDatabase()
        let (folder, _) = try database.open()
        try folder.commit([.statement(database: "main", sql: "first")])
        let first = try database.bytes(of: "log").count
        try folder.commit([.statement(database: "main", sql: "second")])
        let whole = try database.bytes(of: "log")
        // The process stops here: the log is never closed.
        for count in 0...whole.count {
            let other = TemporaryDatabase()
            _ = try other.open()
            try other.write(Array(whole.prefix(count)), to: "log")
            let commits = try other.open().1
            #expect(commits.count == (count < first ? 0 : count < whole.count ? 1 : 2))
            try other.open().0.commit([.statement(database: "main", sql: "third")])
            #expect(try other.open().1.count == commits.count + 1)
        }
        withExtendedLifetime(folder) {}
    }

    @Test func whatWasCutOffIsWrittenOver() throws {
        let database = TemporaryDatabase()
        do {
            let (folder, _) = try database.open()
            try folder.commit([.statement(database: "main", sql: "first")])
            try folder.commit([.statement(database: "main", sql: "second")])
        }
        // Without the record that closes the log and the last byte before it.
        try database.write(Array(try database.bytes(of: "log").dropLast(41)), to: "log")
        do {
            let (folder, _) = try database.open()
            try folder.commit([.statement(database: "main", sql: "third")])
        }
        #expect(
            try database.open().1 == [
                [.statement(database: "main", sql: "first")],
                [.statement(database: "main", sql: "third")],
            ])
    }

    @Test func damageBeforeTheEndIsAnError() throws {
        let database = TemporaryDatabase()
        do {
            let (folder, _) = try database.open()
            for number in 0..<5 {
                try folder.commit([.statement(database: "main", sql: "statement \(number)")])
            }
        }
        let whole = try database.bytes(of: "log")
        var damaged = whole
        damaged[40] ^= 1
        try database.write(damaged, to: "log")
        let error = #expect(throws: StarlingError.self) { _ = try database.open() }
        #expect(error?.message.contains("is damaged") == true)
    }

    @Test func oneProcessWrites() throws {
        let database = TemporaryDatabase()
        let (folder, _) = try database.open()
        let error = #expect(throws: StarlingError.self) { _ = try database.open() }
        #expect(error?.message.contains("is open in process") == true)
        withExtendedLifetime(folder) {}
    }

    @Test func closingIsSeen() throws {
        let database = TemporaryDatabase()
        try database.open().0.commit([.statement(database: "main", sql: "first")])
        // Damage to the last commit does not pass for a torn one.
        var damaged = try database.bytes(of: "log")
        damaged[60] ^= 4
        try database.write(damaged, to: "log")
        #expect(throws: StarlingError.self) { _ = try database.open() }
    }

    @Test func aFolderOfOtherThingsIsNoDatabase() throws {
        let database = TemporaryDatabase()
        try LocalFileSystem().makeFolder(database.path)
        try database.write([1], to: "letter.txt")
        let error = #expect(throws: StarlingError.self) { _ = try database.open() }
        #expect(error?.message.contains("'letter.txt'") == true)
    }

    @Test func segmentsWithoutALogAreDamage() throws {
        let database = TemporaryDatabase()
        _ = try database.open()
        try database.write([1], to: "segments/1")
        try LocalFileSystem().remove(database.path + "/log")
        let error = #expect(throws: StarlingError.self) { _ = try database.open() }
        #expect(error?.message.contains("no log of commits") == true)
    }

    @Test(arguments: [1, 700, 200_000])
    func segmentsComeBack(_ rowCount: Int) throws {
        let database = TemporaryDatabase()
        let (folder, _) = try database.open()
        let stored = try sampleTable(rowCount: rowCount)
        let read = try changes(storing: stored, in: folder).map { change in
            guard case .addition(_, let number, let place) = change else {
                throw StarlingError(.internal, "a segment became something else")
            }
            return try folder.openSegment(number, at: place, of: stored, named: table)
        }
        #expect(try rows(of: read) == rows(of: stored.segments))
        for (own, other) in zip(read, stored.segments) {
            for column in 0..<2 {
                #expect(own.statistics(ofColumn: column) == other.statistics(ofColumn: column))
            }
        }
    }

    @Test func flippedBytesOfASegmentAreErrors() throws {
        let database = TemporaryDatabase()
        let (folder, _) = try database.open()
        let stored = try sampleTable(rowCount: 100_000)
        guard
            case .addition(_, let number, let place) = try changes(storing: stored, in: folder)[0],
            case .file(let file, _, _) = place
        else {
            Issue.record("a large segment stands in the log")
            return
        }
        let whole = try database.bytes(of: "segments/\(file)")
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<100 {
            var damaged = whole
            let byte = Int.random(in: 0..<whole.count, using: &generator)
            damaged[byte] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            try database.write(damaged, to: "segments/\(file)")
            let error = #expect(throws: StarlingError.self) {
                _ = try rows(of: [folder.openSegment(number, at: place, of: stored, named: table)])
            }
            #expect(
                error?.message.contains("segment \(number) of table main.t is damaged") == true)
        }
    }

    @Test func filesThatNoCommitNamesGo() throws {
        let database = TemporaryDatabase()
        let (folder, _) = try database.open()
        let stored = try sampleTable(rowCount: 100_000)
        // A writer that is not finished takes its file with it.
        _ = try SegmentWriter(folder, for: stored, named: table).store(stored.segments[0])
        let (files, path) = (LocalFileSystem(), database.path + "/segments")
        #expect(try files.list(path).isEmpty)
        _ = try changes(storing: stored, in: folder)
        #expect(try files.list(path).count == 1)
        try folder.removeFiles(except: [])
        #expect(try files.list(path).isEmpty)
    }

    private func changes(
        storing stored: NativeTable, in folder: DatabaseFolder
    ) throws -> [Change] {
        let writer = SegmentWriter(folder, for: stored, named: table)
        let segments = try stored.segments.map { try writer.store($0) }
        try writer.finish()
        return try segments.map { try writer.change(adding: $0) }
    }
}
