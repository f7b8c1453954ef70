// The rows that belong to one of many sessions: what it knows that a database holds of them.

import Starling

struct OwnRows {
    static let keyCount = 3_000

    /// Tells the owner.
    let number: Int
    /// The values of its rows of `items` by their keys.
    var items: [Int: Int] = [:]
    /// The numbers of its rows of `events`, ascending.
    var events: [Int] = []

    init(of number: Int) { self.number = number }

    /// Returns one of its keys.
    func key(_ place: Int) -> Int { number * 100_000 + place % Self.keyCount }

    /// Compares the rows of a database to these.
    func check(_ session: Session) throws {
        let keys = items.keys.sorted()
        try compare(
            "SELECT k, v FROM items WHERE owner = \(number) ORDER BY k",
            [keys, keys.map { items[$0]! }], session)
        try compare(
            "SELECT n FROM events WHERE owner = \(number) ORDER BY n", [events], session)
        let some = keys.filter { $0 % 10 == 3 }
        try compare(
            "SELECT k FROM items WHERE note MATCH '\(number)' AND owner = \(number) "
                + "AND k % 10 = 3 ORDER BY k", [some], session)
        if let key = keys.first {
            try compare("SELECT v FROM items WHERE k = \(key)", [[items[key]!]], session)
        }
    }

    private func compare(_ sql: String, _ expected: [[Int]], _ session: Session) throws {
        let result: Starling.Result
        do { result = try session.execute(sql) } catch { throw FuzzFailure("\(error)\n\(sql)") }
        for (column, values) in expected.enumerated() {
            let found = try result.integers(column).map { $0.map(Int.init) }
            guard found != values else { continue }
            let place = zip(found, values).enumerated().first { $0.element.0 != $0.element.1 }
            throw FuzzFailure(
                "\(found.count) rows and not \(values.count), the first other one at "
                    + "\(place?.offset ?? min(found.count, values.count)): \(sql)")
        }
    }
}
