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
            """
        ) { _ in }
    }

    private func offers(_ text: String) -> [String] {
        var buffer = EditBuffer()
        buffer.set(text)
        return Completer(session).complete(buffer).candidates.map(\.text)
    }

    @Test func tablesBehindFrom() {
        #expect(offers("SELECT * FROM ") == ["birds", "nests"])
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
    }
}
