// Paths of VARIANT are what the documents have there, whatever was taken out of these and however they
// are read, and damage is an error or rows.

import StarlingDocuments
import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingParquet
import StarlingTables
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct VariantPathTests {
    private static let files =
        Fixture.all.filter { $0.name.hasPrefix("variants") }
        + Fixture.all(in: Fixture.folder + "/../../SQL/json", endingIn: ".parquet")

    private static let keys = [
        "a", "b", "b.c", "b.c.d", "z", "n", "o", "o.c", "o.d", "o.p", "o.p.q", "o.r", "l", "day",
        "rest1", "other.deep.er", "key003", "deep.deep", "nowhere", "o.nowhere",
    ].map { text in text.split(separator: ".").map { Array($0.utf8) } }

    private static let documents = 1

    /// Asks for the values at keys as they are; a document that is looked at as a whole has none.
    private static func path(_ keys: [[UInt8]]) -> PathColumn {
        PathColumn(
            column: documents, keys: keys, form: .value, type: .json, title: "path",
            isNullWhereAbsent: true,
            ofDocuments: { (documents, _) throws(StarlingError) in
                Vector(.string, values: documents.map { Self.value(of: $0, keys) })
            }, ofValues: { (values, _) throws(StarlingError) in values })
    }

    private static func value(of document: Value, _ keys: [[UInt8]]) -> Value {
        guard case .bytes(let text) = document else { return .null }
        return text.withUnsafeBytes { bytes in
            guard let document = DocumentValue(bytes),
                let found = DocumentPath(keys: keys).find(in: document)
            else { return .null }
            return .bytes(Array(found.bytes))
        }
    }

    private static func table(of bytes: [UInt8]) throws -> any Table {
        let table = try ParquetTable([ParquetFile(MemoryFile(bytes))], title: "memory")
        return try #require(table.reading(keys.map { .path(path($0)) }))
    }

    @Test(arguments: files)
    func pathsAreWhatTheDocumentsHave(_ fixture: Fixture) throws {
        let table = try Self.table(of: try Fixture.bytes(fixture.path))
        let documents = try readColumn(table, Self.documents, Reading())
        for (position, keys) in Self.keys.enumerated() {
            let wanted = documents.map { Self.value(of: $0.value, keys) }
            for reading in Reading.all {
                let found = try readColumn(table, table.columns.count + position, reading)
                let isSame = found.allSatisfy { $0.value == wanted[$0.row] }
                #expect(isSame, "\(pathText(keys)), \(reading)")
            }
        }
    }

    @Test(arguments: files)
    func damagedFilesGiveErrorsOrRows(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        let findings = try DamageTrials(bytes, .parquet(bytes)).findings { try Self.table(of: $0) }
        #expect(findings.isEmpty)
    }

    /// Every thousandth row or so has a value at `a` that is no whole number.
    @Test func statisticsHoldWhereNothingElseIsThere() throws {
        let folder = Fixture.folder + "/../../SQL/json/"
        let whole = { (keys: String) -> PathColumn in
            var path = Self.path(keys.split(separator: ".").map { Array($0.utf8) })
            path.form = .whole
            path.type = .bigint
            return path
        }
        let table = try #require(
            ParquetTable(
                [ParquetFile(MemoryFile(try Fixture.bytes(folder + "shredded.even.parquet")))],
                title: "memory"
            ).reading([.path(whole("a")), .path(whole("n")), .path(whole("o.c"))]))
        let known = table.parts.map { $0.statistics(ofColumn: 2).bounds }
        #expect(
            known == [
                Bounds(low: 0, high: 499), Bounds(low: 500, high: 999),
                Bounds(low: 1000, high: 1499), Bounds(low: 1500, high: 1999),
            ])
        // A document without `n` might be no object, for all that the footer says.
        #expect(table.parts[0].statistics(ofColumn: 3).bounds == nil)
        #expect(table.statistics.columns[4].bounds == Bounds(low: 0, high: 6))
        let zones = try #require(
            try table.parts[1].zones(ofColumn: 2, context: makeContext()))
        #expect(zones.map(\.statistics.bounds?.low) == [500, 600, 700, 800, 900])
    }
}

extension Vector {
    fileprivate func map(_ change: (Value) -> Value) -> [Value] {
        (0..<count).map { change(value(at: $0)) }
    }
}
