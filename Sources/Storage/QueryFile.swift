// The last queries, kept with the database. Nothing that is true depends on it: a file that is missing or
// damaged is as if no query had run.
//
//   file := "STARQRY1", checksum of the rest (8), count of queries (4), query …
//   query := database, text, how often it came (8, floating point)

import StarlingErrors
import StarlingMemory

/// Is a query that ran, and how often.
package struct LoggedQuery: Sendable {
    package struct Name: Hashable, Sendable {
        package var database: String
        package var sql: String

        package init(database: String, sql: String) {
            self.database = database
            self.sql = sql
        }
    }

    package var name: Name
    package var count: Double

    package init(_ name: Name, count: Double) {
        self.name = name
        self.count = count
    }
}

/// Encodes queries, and reads them.
enum QueryFile {
    private static let form = SealedFile(magic: Array("STARQRY1".utf8))

    static func make(_ queries: [LoggedQuery]) -> ByteWriter {
        let body = ByteWriter()
        body.append(UInt32(queries.count))
        for query in queries {
            body.append(text: query.name.database)
            body.append(text: query.name.sql)
            body.append(query.count)
        }
        return form.sealing(body)
    }

    static func read(_ bytes: [UInt8], _ path: String) throws(StarlingError) -> [LoggedQuery] {
        var reader = try form.opening(bytes, path)
        var queries: [LoggedQuery] = []
        for _ in 0..<(try reader.integer(UInt32.self)) {
            let name = LoggedQuery.Name(database: try reader.text(), sql: try reader.text())
            let count = Double(bitPattern: try reader.integer(UInt64.self))
            queries.append(LoggedQuery(name, count: count.isFinite ? max(0, count) : 0))
        }
        return queries
    }
}
