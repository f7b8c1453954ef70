// Damaged files: every cut and any flipped bits end in an error that names the file, or in rows; so
// do headers and rows that claim what can't be.

import StarlingAvro
import StarlingErrors
import StarlingFormatSupport
import StarlingTables
import Testing

struct AvroDamageTests {
    @Test(arguments: Fixture.all)
    func damagedFilesGiveErrorsOrRows(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        let findings = try DamageTrials(bytes, .avro(bytes)).findings {
            let file = try AvroFile(MemoryFile($0), partByteCount: 9_000)
            return try AvroFormat.table(of: [file], title: "avro").table
        }
        #expect(findings.isEmpty)
    }

    // MARK: Files by hand

    private func long(_ number: Int) -> [UInt8] {
        var bits = UInt(bitPattern: number << 1 ^ number >> 63)
        var bytes: [UInt8] = []
        while bits >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: bits) | 0x80)
            bits >>= 7
        }
        return bytes + [UInt8(bits)]
    }

    private func file(
        _ schema: String, codec: String = "null", rowCount: Int = 1, _ rows: [UInt8] = []
    ) -> [UInt8] {
        func text(_ text: String) -> [UInt8] { long(text.utf8.count) + Array(text.utf8) }
        let marker = [UInt8](repeating: 7, count: 16)
        return [0x4F, 0x62, 0x6A, 1] + long(2) + text("avro.codec") + text(codec)
            + text("avro.schema") + text(schema) + long(0) + marker + long(rowCount)
            + long(rows.count) + rows + marker
    }

    private func failure(_ bytes: [UInt8]) throws -> String {
        let error = #expect(throws: StarlingError.self) {
            let table = try AvroFormat.table(of: [AvroFile(MemoryFile(bytes))], title: "avro").table
            for column in table.columns.indices { _ = try readColumn(table, column, Reading()) }
        }
        return error?.message ?? ""
    }

    @Test(arguments: [
        ("bzip2", "'bzip2' can't be read"), ("xz", "'xz' can't be read"),
    ])
    func unknownCodecsAreNamed(codec: String, message: String) throws {
        #expect(try failure(file("\"int\"", codec: codec, [2])).contains(message))
    }

    @Test(arguments: [
        ("\"integer\"", "has the type 'integer', which is not defined before it"),
        ("{", "has a schema that is no JSON"),
        ("{\"type\": \"array\"}", "has an array without items"),
        ("[\"null\", [\"int\", \"string\"]]", "has a union in a union"),
        ("{\"type\": \"enum\", \"name\": \"e\", \"symbols\": []}", "without symbols"),
        ("[]", "has a union of nothing"),
    ])
    func schemasThatAreNone(schema: String, message: String) throws {
        let found = try failure(file(schema, [2]))
        #expect(found.contains(message), "\(found)")
    }

    @Test(
        arguments: [
            (
                "\"int\"", [0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
                "too large for its type (row 1, column value)"
            ),
            ("\"long\"", [UInt8](repeating: 0xFF, count: 11), "a number that is too large"),
            ("\"string\"", [0x7F, 1], "a value of an impossible length"),
            ("\"string\"", [1], "a value of an impossible length"),
            ("\"boolean\"", [2], "neither true nor false"),
            ("[\"null\", \"int\"]", [4, 2], "a branch of a union that there is none of"),
            ("\"double\"", [1, 2, 3], "has an impossible number of rows"),
            ("\"int\"", [2, 2], "has bytes behind its last row"),
            (
                "{\"type\": \"array\", \"items\": \"null\"}", [0x80, 0x80, 0x80, 0x80, 0x7E, 0],
                "too many elements"
            ),
            (
                "{\"type\": \"array\", \"items\": \"int\"}", [0x80, 0x80, 0x80, 0x80, 0x7E, 0],
                "a value of an impossible length"
            ),
            (
                "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 2}", [4, 1, 0],
                "too large for its type"
            ),
        ] as [(String, [UInt8], String)])
    func rowsThatAreNone(schema: String, bytes: [UInt8], message: String) throws {
        let found = try failure(file(schema, bytes))
        #expect(found.contains("memory") && found.contains(message), "\(found)")
    }

    private static let list = """
        {"type": "record", "name": "list", "namespace": "a", "fields": [
        {"name": "next", "type": ["null", "list"]}]}
        """
    private static let tree = """
        {"type": "record", "name": "tree", "fields": [
        {"name": "\(String(repeating: "n", count: 1_000))",
        "type": {"type": "array", "items": "tree"}}]}
        """

    @Test func valuesThatContainThemselvesStayBounded() throws {
        // A list within a list, 499 times and more often than documents may be nested.
        let deep = [UInt8](repeating: 2, count: 499) + [0]
        let table = try AvroFormat.table(
            of: [AvroFile(MemoryFile(file(Self.list, deep)))], title: "avro"
        ).table
        let text =
            String(repeating: "{\"next\":", count: 499) + "null"
            + String(repeating: "}", count: 499)
        #expect(try readColumn(table, 0, Reading()).map(\.value) == [.text(text)])
        let deeper = [UInt8](repeating: 2, count: 600) + [0]
        #expect(try failure(file(Self.list, deeper)).contains("in more than 500 levels"))
        #expect(try failure(file(Self.list, [2, 2, 4, 0])).contains("a branch of a union"))
        #expect(try failure(file(Self.list, [2, 2])).contains("ends within a value"))
    }

    @Test func documentsAreNoLargerThanTheyMayBe() throws {
        // 70,000 records of one byte, each with a key of 1,000.
        let count = 70_000
        let bytes = long(1) + long(count) + [UInt8](repeating: 0, count: count) + [0, 0]
        #expect(try failure(file(Self.tree, bytes)).contains("more than 64 MB of JSON"))
        #expect(
            try failure(
                file(
                    """
                    {"type": "record", "name": "endless", "fields": [
                    {"name": "a", "type": "int"}, {"name": "b", "type": "endless"}]}
                    """, [UInt8](repeating: 2, count: 2_000))
            ).contains("in more than 500 levels"))
    }

    @Test func typesThatNameEachOtherStayBounded() throws {
        var schema = "{\"type\": \"record\", \"name\": \"r0\", \"fields\": []}"
        for level in 1...40 {
            schema = """
                {"type": "record", "name": "r\(level)", "fields": [{"name": "a", "type": \(schema)},
                {"name": "b", "type": "r\(level - 1)"}]}
                """
        }
        #expect(try failure(file(schema)).contains("more than"))
    }
}
