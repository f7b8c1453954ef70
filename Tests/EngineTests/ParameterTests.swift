// Values that come beside the text.

import Starling
import Testing

struct ParameterTests {
    private let session = Database().makeSession()

    @Test func parametersKeepTheirTypes() throws {
        let result = try session.execute(
            "SELECT ? + 1, concat(?, '!'), ? / 2, ?, ? IS NULL",
            parameters: [41, "it's", 3.0, .date(0), .null])
        #expect(result.rows == [[42, "it's!", 1.5, .date(0), true]])
    }

    @Test func textOfAParameterIsNeverReadAsSQL() throws {
        let hostile = "' OR '1' = '1"
        let result = try session.execute(
            "SELECT count(*) FROM (VALUES ('a'), ('b')) AS t(x) WHERE x = ?",
            parameters: [.string(hostile)])
        #expect(result.rows == [[0]])
    }

    @Test func parametersStandInLimitAndIn() throws {
        let result = try session.execute(
            "SELECT x FROM (VALUES (1), (2), (3), (4)) AS t(x) WHERE x IN (?, ?, ?) ORDER BY x DESC "
                + "LIMIT 2",
            parameters: [1, 3, 4])
        #expect(result.rows == [[4], [3]])
    }

    @Test func listsAreArraysOfWhatTheirElementsMeetIn() throws {
        let result = try session.execute(
            "SELECT array_length(?), ?, ?, array_sum(?), cardinality(?)",
            parameters: [
                .list([1, 2]), .list([1, 2.5, nil]), .list([.list([1]), .list([nil, 0.5])]),
                .list([.decimal(150, scale: 2), 2]), .list([]),
            ])
        #expect(result.columns[1].typeName == "array<double>")
        #expect(result[0, 0] == 2)
        #expect(result[0, 1] == .list([1.0, 2.5, nil]))
        #expect(result[0, 2] == .list([.list([1.0]), .list([nil, 0.5])]))
        #expect(result.texts(3) == ["3.50"])
        #expect(result[0, 4] == 0)
        let found = try session.execute(
            "SELECT x FROM (VALUES ('a'), ('b'), ('c')) AS t(x) WHERE array_contains(?, x) ORDER BY x",
            parameters: [.list(["c", "a"])])
        #expect(found.rows == [["a"], ["c"]])
    }

    @Test func listsWithoutACommonTypeAreRefused() {
        let error = #expect(throws: DatabaseError.self) {
            try session.execute("SELECT ?", parameters: [.list([1, .list([2])])])
        }
        #expect(error?.kind == .binding)
    }

    @Test(arguments: [[], [1], [1, 2, 3]] as [[SQLValue]])
    func aWrongCountOfParametersIsAnError(parameters: [SQLValue]) {
        #expect(throws: DatabaseError.self) {
            try session.execute("SELECT ?, ?", parameters: parameters)
        }
    }
}
