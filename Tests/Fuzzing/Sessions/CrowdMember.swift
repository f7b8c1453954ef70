// One of many sessions that change a database at once. Its rows in two tables are its own, so that it
// knows at every moment what they are, whatever the others do.

import Starling
import StarlingTestSupport

/// Runs random statements and knows what they leave of its rows.
struct CrowdMember {
    private let session: Session
    private var chance: SeededGenerator
    private(set) var rows: OwnRows
    private var number: Int { rows.number }

    init(_ number: Int, of database: Database, seed: UInt64) {
        rows = OwnRows(of: number)
        session = database.makeSession()
        chance = SeededGenerator(seed: seed &+ UInt64(number))
    }

    /// Does a random thing.
    mutating func step() throws {
        switch chance.below(20) {
        case 0..<9: try change()
        case 9..<13: try changeInTransaction()
        case 13..<15: try alter()
        case 15, 16: try keepUp()
        default: try rows.check(session)
        }
    }

    // MARK: Changes

    private mutating func change() throws {
        var after = self
        let statement = after.nextChange()
        if try run(statement) { self = after }
        chance = after.chance
    }

    /// Makes several changes at once, or none.
    private mutating func changeInTransaction() throws {
        var after = self
        let statements = (0..<(1 + chance.below(3))).map { _ in after.nextChange() }
        let isKept = after.chance.chance(0.8)
        chance = after.chance
        _ = try session.execute("BEGIN")
        for statement in statements {
            guard try run(statement) else {
                _ = try session.execute("ROLLBACK")
                return
            }
        }
        try after.rows.check(session)
        if !isKept {
            _ = try session.execute("ROLLBACK")
        } else if try run("COMMIT") {
            self = after
        }
    }

    private mutating func nextChange() -> String {
        let remainder = chance.below(7)
        switch chance.below(10) {
        case 0..<3: return upsert(count: 1 + chance.below(20))
        case 3: return upsert(count: 400 + chance.below(2_000))
        case 4:
            rows.items = rows.items.filter { $0.key % 7 != remainder }
            return "DELETE FROM items WHERE owner = \(number) AND k % 7 = \(remainder)"
        case 5:
            for key in rows.items.keys where key % 7 == remainder { rows.items[key]! += 3 }
            return "UPDATE items SET v = v + 3 WHERE owner = \(number) AND k % 7 = \(remainder)"
        case 6: return append(count: 1 + chance.below(20))
        case 7: return append(count: 500 + chance.below(3_000))
        case 8:
            rows.events.removeAll { $0 % 7 == remainder }
            return "DELETE FROM events WHERE owner = \(number) AND n % 7 = \(remainder)"
        default:
            let (from, to, amount) = (chance.below(40), chance.below(40), 1 + chance.below(9))
            guard from != to else { return nextChange() }
            return """
                UPDATE ledger SET amount = amount + IF(id = \(from), -\(amount), \(amount)) \
                WHERE id IN (\(from), \(to))
                """
        }
    }

    private mutating func upsert(count: Int) -> String {
        let (first, value) = (chance.below(OwnRows.keyCount), chance.below(1_000))
        for place in first..<(first + count) { rows.items[rows.key(place)] = value + place }
        return """
            INSERT INTO items (k, owner, v, note) \
            SELECT \(rows.key(0)) + i % \(OwnRows.keyCount), \(number), \(value) + i, \
            concat('item ', i, ' of ', \(number)) \
            FROM TABLE(generate_series(\(first), \(first + count - 1))) AS s(i)
            """
    }

    private mutating func append(count: Int) -> String {
        let first = rows.key(chance.below(OwnRows.keyCount))
        rows.events += first..<(first + count)
        rows.events.sort()
        return """
            INSERT INTO events (owner, n, note) SELECT \(number), i, concat('event ', i % 50) \
            FROM TABLE(generate_series(\(first), \(first + count - 1))) AS s(i)
            """
    }

    // MARK: What changes no rows

    private mutating func alter() throws {
        let table = chance.pick(["items", "events"])
        switch chance.below(4) {
        case 0: try run("ALTER TABLE \(table) ADD COLUMN IF NOT EXISTS x\(number) INT DEFAULT '7'")
        case 1: try run("ALTER TABLE \(table) DROP COLUMN IF EXISTS x\(number)")
        case 2:
            let kind = chance.pick([
                "GIN ('parser' = 'standard')", "NGRAMBF ('gram_num' = '3')", "BITMAP",
            ])
            try run("CREATE INDEX IF NOT EXISTS notes ON \(table) (note) USING \(kind)")
        default: try run("DROP INDEX IF EXISTS notes ON \(table)")
        }
    }

    private mutating func keepUp() throws {
        let table = chance.pick(["items", "events", "ledger"])
        switch chance.below(5) {
        case 0: try run("OPTIMIZE TABLE \(table)")
        case 1: try run("OPTIMIZE TABLE \(table) FINAL")
        case 2: try run("ANALYZE TABLE \(table)")
        case 3: try run("ALTER TABLE events ORDER BY (\(chance.pick(["n", "owner, n", "note"])))")
        default:
            let result = try session.execute("CHECK TABLE \(table)")
            let texts = result.columns.indices.flatMap { result.texts($0) }.compactMap { $0 }
            guard texts.contains("OK") else {
                throw FuzzFailure("CHECK TABLE \(table): \(texts)")
            }
        }
    }

    /// Runs a statement; false where it says that another session was first.
    @discardableResult
    private func run(_ sql: String) throws -> Bool {
        do {
            _ = try session.execute(sql)
            return true
        } catch {
            guard error.message.contains("another session") else {
                throw FuzzFailure("\(error)\n\(sql)")
            }
            return false
        }
    }
}
