import Starling
import StarlingConsole
import Testing

@Suite struct ResultWriterTests {
    private let session = Database(configuration: Configuration(threadCount: 1)).makeSession()

    private func written(_ sql: String, _ format: OutputFormat) throws -> String {
        ResultWriter.text(of: try session.execute(sql), format: format)
    }

    private let sql = """
        SELECT 1 AS id, 'a,"b"' AS t, CAST(NULL AS STRING) AS n, '' AS e
        """

    // RFC 4180; NULL is nothing and an empty text is quoted.
    @Test func csv() throws {
        #expect(try written(sql, .csv) == "id,t,n,e\n1,\"a,\"\"b\"\"\",,\"\"\n")
    }

    @Test func tsv() throws {
        #expect(
            try written("SELECT 'a\\tb\\\\' AS t, NULL AS n", .tsv) == "t\tn\na\\tb\\\\\t\\N\n")
    }

    // RFC 8259.
    @Test func json() throws {
        #expect(
            try written(sql, .json)
                == "[{\"id\":1,\"t\":\"a,\\\"b\\\"\",\"n\":null,\"e\":\"\"}]\n")
        #expect(
            try written("SELECT DATE '2024-02-29' AS d, CAST(1.50 AS DECIMAL(5,2)) AS x", .jsonl)
                == "{\"d\":\"2024-02-29\",\"x\":\"1.50\"}\n")
    }

    @Test func markdown() throws {
        #expect(
            try written("SELECT 1 AS a, 'x|y' AS b", .markdown)
                == "| a | b |\n| ---: | --- |\n| 1 | x\\|y |\n")
    }

    @Test func vertical() throws {
        #expect(
            try written("SELECT 1 AS a, 'x' AS long", .vertical)
                == "*** row 1 ***\n   a: 1\nlong: x\n")
    }
}
