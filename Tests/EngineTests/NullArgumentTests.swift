// Every function over arguments that hold nothing: NULL, [], [NULL], map{} and ''. Each call gives
// a value or an error; none ends the process. As text and as columns of rows, which go other ways.

import Starling
import StarlingFunctions
import Testing

struct NullArgumentTests {
    private static let empties = ["NULL", "[]", "[NULL]", "map{}", "''"]
    private static let columns = ["a", "b", "c", "d", "e"]
    private static let rows = """
        FROM (SELECT NULL AS a, [] AS b, [NULL] AS c, map{} AS d, '' AS e
        UNION ALL SELECT NULL, [], [NULL], map{}, '') AS t
        """
    /// Names that wait, or that end what runs.
    private static let excluded: Set<String> = ["sleep"]

    /// All lists of up to two arguments, and of more those that are alike but for the first.
    private static func arguments(_ values: [String]) -> [[String]] {
        var lists: [[String]] = [[]]
        for first in values {
            lists.append([first])
            for second in values {
                lists.append([first, second])
                for count in 3...4 {
                    lists.append([first] + Array(repeating: second, count: count - 1))
                }
            }
        }
        return lists
    }

    private func callWithAll(_ name: String, in session: Session) {
        for list in Self.arguments(Self.empties) {
            attempt("SELECT \(name)(\(list.joined(separator: ", ")))", in: session)
        }
        for list in Self.arguments(Self.columns) {
            attempt(
                "SELECT \(name)(\(list.joined(separator: ", "))) \(Self.rows)", in: session)
        }
    }

    /// Runs a statement that may end with an error, but for one of the engine's own.
    private func attempt(_ sql: String, in session: Session) {
        do throws(DatabaseError) { _ = try session.execute(sql) } catch {
            #expect(error.kind != .internal, "\(sql): \(error)")
        }
    }

    @Test func scalarFunctionsSurvive() {
        let session = Database().makeSession()
        for row in FunctionRegistry.builtin.scalars where !Self.excluded.contains(row.name) {
            callWithAll(row.name, in: session)
        }
    }

    @Test func aggregatesAndTheirStatesSurvive() {
        let session = Database().makeSession()
        for row in FunctionRegistry.builtin.aggregates {
            for suffix in ["", "_state", "_combine", "_merge", "_if"] {
                callWithAll(row.name + suffix, in: session)
            }
        }
    }
}
