// Statements that are stopped from outside.

import Starling
import Testing

struct CancellationTests {
    /// Would run for minutes.
    private let longQuery = """
        SELECT count(*) FROM tpch('orders', 0.1) a, tpch('orders', 0.1) b
        WHERE a.o_comment > b.o_comment
        """

    @Test func aCancelledTaskEndsItsStatement() async throws {
        let session = Database().makeSession()
        let query = longQuery
        let task = Task { try await session.execute(query) }
        try await Task.sleep(for: .milliseconds(50))
        // No clock here: how soon a task goes on depends on the tests beside it.
        task.cancel()
        let error = await #expect(throws: DatabaseError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(try await session.execute("SELECT 1").rows == [[1]])
    }

    @Test func statementsOfOneSessionTakeTurns() async throws {
        let session = Database().makeSession()
        let sums = try await withThrowingTaskGroup(of: [[SQLValue]].self) { group in
            for number in 1...20 {
                group.addTask {
                    try await session.execute("SELECT \(number) * 2").rows
                }
            }
            return try await group.reduce(into: Set<[[SQLValue]]>()) { $0.insert($1) }
        }
        #expect(sums.count == 20)
    }
}
