// Opens a database in memory, runs queries with parameters, reads columns by their types, takes
// rows while a query runs, and shows what errors and warnings know.

import Starling

let database = Database()
let session = database.makeSession()

/// Runs a query whose `?` are values and not text: nothing has to be quoted.
func queryWithParameters() throws(DatabaseError) {
    let result = try session.execute(
        """
        SELECT city, count(*) AS days, avg(celsius) AS mean
        FROM (VALUES ('Oslo', 3.5), ('Oslo', 4.5), ('Roma', 17.0), ('Roma', 19.0),
                     ('Cairo', 28.0)) AS readings (city, celsius)
        WHERE celsius > ?
        GROUP BY city ORDER BY mean
        """, parameters: [.double(4.0)])
    print(result.columns.map { "\($0.name) \($0.typeName)" }.joined(separator: ", "))
    // A column comes as an array of its type; NULL is nil.
    let cities = result.texts(0)
    let days = try result.integers(1)
    let means = try result.doubles(2)
    for row in 0..<result.rowCount {
        print(cities[row] ?? "?", days[row] ?? 0, means[row] ?? .nan)
    }
}

/// Takes the rows in chunks while the query runs; nothing is collected.
func streamRows() throws(DatabaseError) {
    let sql = "SELECT l_orderkey FROM TABLE(tpch('lineitem', 0.01))"
    try session.forEachChunk(sql) { chunk in
        print("a chunk of \(chunk.rowCount) rows; the first order is \(chunk[0, 0])")
        // These are enough: the query ends here.
        return false
    }
}

/// Goes through the rows as a task does, chunk by chunk. A list is an ARRAY to the query.
func goThroughChunks() async throws(DatabaseError) {
    let sql = """
        SELECT o_orderkey FROM TABLE(tpch('orders', 0.01)) WHERE array_contains(?, o_orderpriority)
        """
    var count = 0
    for try await chunk in session.chunks(of: sql, parameters: [.list(["1-URGENT", "2-HIGH"])]) {
        count += chunk.rowCount
    }
    print("orders that cannot wait:", count)
}

/// Shows that a statement did less than it was asked to.
func showWarning() throws(DatabaseError) {
    for warning in try session.execute("SET enable_profile = true").warnings {
        print("warning:", warning)
    }
}

/// Shows a misspelt name: who must act, what is wrong, and where.
func showError() {
    do throws(DatabaseError) {
        _ = try session.execute("SELECT lenght('Starling')")
    } catch {
        print("kind:", error.kind.rawValue)
        print("message:", error.message)
        print("position:", error.position ?? -1)
        print(error.description)
    }
}

/// Runs a query without blocking; cancelling the task would cancel the query.
func queryWithoutBlocking() async throws(DatabaseError) {
    let result = try await session.execute("SELECT 6 * 7 AS answer")
    print("answer:", result[0, 0])
}

try queryWithParameters()
try streamRows()
try await goThroughChunks()
try showWarning()
showError()
try await queryWithoutBlocking()
