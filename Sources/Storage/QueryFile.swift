// The last queries, kept with the database. Nothing that is true depends on it: a file that is missing or
// damaged is as if no query had run.
//
//   file := "STARQRY1", checksum of the rest (8), count of queries (4), query …
//   query := database, text, how often it came (8, floating point)

import StarlingErrors
import StarlingMemory

/// Is a query that ran, and how often.
package struct LoggedQuery: Sendable {
    package var database: String
    package var sql: String
    package var count: Double

    package init(database: String, sql: String, count: Double) {
        self.database = database
        self.sql = sql
        self.count = count
    }
}

/// Encodes queries, and reads them.
enum QueryFile {
    /// More often no query comes; figures made of such counts stay far from the ends of their types.
    private static let countMax = 1e12
    private static let form = SealedFile(magic: Array("STARQRY1".utf8))

    static func make(_ queries: [LoggedQuery]) -> ByteWriter {
        let body = ByteWriter()
        body.append(UInt32(queries.count))
        for query in queries {
            body.append(text: query.database)
            body.append(text: query.sql)
            body.append(query.count)
        }
        return form.sealing(body)
    }

    static func read(_ bytes: [UInt8], _ path: String) throws(StarlingError) -> [LoggedQuery] {
        var reader = try form.opening(bytes, path)
        var queries: [LoggedQuery] = []
        for _ in 0..<(try reader.integer(UInt32.self)) {
            let (database, sql) = (try reader.text(), try reader.text())
            let count = Double(bitPattern: try reader.integer(UInt64.self))
            guard (0...countMax).contains(count) else {
                throw reader.failure("a query cannot have come \(count) times")
            }
            queries.append(LoggedQuery(database: database, sql: sql, count: count))
        }
        return queries
    }
}
