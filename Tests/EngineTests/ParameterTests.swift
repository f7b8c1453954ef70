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

    @Test(arguments: [[], [1], [1, 2, 3]] as [[SQLValue]])
    func aWrongCountOfParametersIsAnError(parameters: [SQLValue]) {
        #expect(throws: DatabaseError.self) {
            try session.execute("SELECT ?, ?", parameters: parameters)
        }
    }
}
