import Foundation
import Starling
import StarlingConsole
import Testing

@Suite struct CompleterTests {
    private let session: Session

    init() throws {
        session = Database(configuration: Configuration(threadCount: 1)).makeSession()
        try session.executeScript(
            """
            CREATE VIEW birds AS SELECT 1 AS wing_span, 'x' AS species;
            CREATE VIEW nests AS SELECT 1 AS height;
            CREATE DATABASE aviary;
            CREATE TABLE aviary.cages (a INT);
            CREATE TABLE `old eggs` (weight INT);
            CREATE FUNCTION flap(x INT) RETURNS INT RETURN x + 1;
            """
        ) { _ in }
    }

    private func offers(_ text: String) -> [String] {
        var buffer = EditBuffer()
        buffer.set(text)
        return Completer(session).complete(buffer).candidates.map(\.text)
    }

    @Test func tablesBehindFrom() {
        #expect(offers("SELECT * FROM ") == ["birds", "nests", "`old eggs`"])
        #expect(offers("SELECT * FROM b") == ["birds"])
        #expect(offers("SELECT * FROM birds b JOIN ne") == ["nests"])
        #expect(offers("SELECT * FROM birds, n") == ["nests"])
    }

    @Test func columnsOfTheTableBeforeThePoint() {
        #expect(offers("SELECT 1 FROM birds AS b WHERE b.") == ["wing_span", "species"])
        #expect(offers("SELECT 1 FROM birds WHERE birds.sp") == ["species"])
    }

    @Test func columnsOfTheStatementsTables() {
        #expect(offers("SELECT 1 FROM birds WHERE wing_") == ["wing_span"])
    }

    @Test func columnsOfFiles() throws {
        let file = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).csv"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try session.executeScript(
            "COPY (SELECT 1 AS wing_count, 'x' AS song) TO '\(file)' (HEADER true)"
        ) { _ in }
        var buffer = EditBuffer()
        buffer.set("SELECT wing_ FROM '\(file)'")
        buffer.move(to: "SELECT wing_".count)
        #expect(
            Completer(session).complete(buffer).candidates.map(\.text) == ["wing_count"])
        #expect(offers("SELECT 1 FROM '\(file)' AS f WHERE f.") == ["wing_count", "song"])
        #expect(offers("SELECT 1 FROM 'no such file.csv' WHERE wing_").isEmpty)
    }

    @Test func columnsOfAllTablesBeforeOneIsNamed() {
        #expect(offers("SELECT wing_") == ["wing_span"])
        #expect(offers("select hei").contains("height"))
    }

    @Test func keywordsInTheCaseThatIsTyped() {
        #expect(offers("SEL").contains("SELECT"))
        #expect(offers("sel").contains("select"))
        #expect(offers("select subst").contains("substring"))
    }

    @Test func commandsAndTheirArguments() {
        #expect(offers(".ti") == [".timer"])
        #expect(offers(".mode j") == ["json", "jsonl"])
        #expect(offers(".schema b") == ["birds"])
        #expect(offers(".sc b") == ["birds"])
        #expect(offers(".rows ") == ["all"])
        #expect(offers(".schema b x") == [])
    }

    @Test func settings() {
        #expect(offers("SET query_m") == ["query_mem_limit"])
        #expect(offers("SET SESSION query_m") == ["query_mem_limit"])
        #expect(offers("SET query_timeout = 1, query_m") == ["query_mem_limit"])
        #expect(offers("SELECT @@query_m") == ["query_mem_limit"])
        #expect(offers("SELECT @@session.query_m") == ["query_mem_limit"])
    }

    @Test func databasesAndWhatIsInThem() {
        #expect(offers("USE a") == ["aviary"])
        #expect(offers("DROP DATABASE IF EXISTS a") == ["aviary"])
        #expect(offers("SHOW TABLES FROM av") == ["aviary"])
        #expect(offers("SELECT * FROM aviary.") == ["cages"])
        #expect(offers("SELECT * FROM avi") == ["aviary"])
        #expect(offers("SELECT * FROM information_schema.table").contains("tables"))
    }

    @Test func functionsThatGiveTablesStandBehindFrom() {
        #expect(offers("SELECT * FROM tp") == ["tpch"])
        #expect(offers("SELECT * FROM gener") == ["generate_series"])
    }

    @Test func functionsOfTheUser() {
        #expect(offers("SELECT fla").contains("flap"))
        #expect(offers("DROP FUNCTION fl") == ["flap"])
    }

    @Test func whatIsDroppedIsOfTheKindThatIsNamed() {
        #expect(offers("DROP VIEW ") == ["birds", "nests"])
        #expect(offers("DROP TABLE IF EXISTS ") == ["`old eggs`"])
        #expect(offers("DROP MATERIALIZED VIEW ") == [])
        #expect(offers("CREATE TABLE b") == [])
        #expect(offers("SELECT 1; DROP VIEW n") == ["nests"])
    }

    @Test func beginningsTakeWordsOnly() {
        #expect(offers("SHOW MATERIALI") == ["MATERIALIZED"])
        #expect(offers("drop materiali") == ["materialized"])
    }

    @Test func namesInQuotes() {
        #expect(offers("SELECT * FROM `o") == ["old eggs"])
        #expect(offers("SELECT wei").contains("weight"))
        #expect(offers(".schema `old e") == ["old eggs"])
    }
}
