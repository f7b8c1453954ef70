import StarlingTestSupport

/// Is a type that random tables and views have columns of.
enum RandomKind: CaseIterable {
    case int
    case bigint
    case decimal
    case text
    case date
    case datetime

    var name: String {
        switch self {
        case .int: "INT"
        case .bigint: "BIGINT"
        case .decimal: "DECIMAL(10, 2)"
        case .text: "VARCHAR(10)"
        case .date: "DATE"
        case .datetime: "DATETIME"
        }
    }

    var isMoment: Bool { self == .date || self == .datetime }
    var isNumber: Bool { self == .int || self == .bigint || self == .decimal }

    func value(_ chance: inout SeededGenerator) -> String {
        switch self {
        case .int: "\(chance.below(6))"
        case .bigint: "\(chance.below(5) * 1_000_000_000_000)"
        case .decimal: "\(chance.below(5)).\(chance.pick(["00", "25", "50"]))"
        case .text: "'\(chance.pick(["", "a", "b", "ab", "a long text"].prefix(4)))'"
        case .date: "'2024-0\(1 + chance.below(3))-1\(chance.below(3))'"
        case .datetime:
            "'2024-0\(1 + chance.below(3))-\(chance.pick(["01", "10"])) "
                + "\(chance.pick(["00:00:00", "23:59:59.999999", "12:30:00"]))'"
        }
    }
}

struct RandomColumn {
    var name: String
    var kind: RandomKind
    var isNullable = true
}

/// Is something that a query reads: its name and its columns.
struct RandomRelation {
    var name: String
    var columns: [RandomColumn]
}

struct RandomTable {
    let name: String
    let columns: [RandomColumn]
    /// The first column is the key.
    let hasKey: Bool

    init(_ number: Int, _ chance: inout SeededGenerator) {
        self.init(named: "t\(number)", &chance)
    }

    init(named name: String, _ chance: inout SeededGenerator) {
        self.name = name
        hasKey = chance.below(4) == 0
        var columns = [
            RandomColumn(name: "a", kind: .int, isNullable: !hasKey && chance.below(3) > 0),
            RandomColumn(name: "b", kind: .int, isNullable: chance.below(3) > 0),
        ]
        for (place, name) in ["c", "d", "e"].enumerated() {
            columns.append(
                RandomColumn(
                    name: name, kind: place == 0 ? .text : chance.pick(RandomKind.allCases),
                    isNullable: chance.below(4) > 0))
        }
        self.columns = columns
    }

    var relation: RandomRelation { RandomRelation(name: name, columns: columns) }

    var definition: String {
        let list = columns.map {
            "\($0.name) \($0.kind.name)" + ($0.isNullable ? "" : " NOT NULL")
        }
        return "CREATE TABLE \(name) (\(list.joined(separator: ", ")))"
            + (hasKey ? " PRIMARY KEY (a)" : "")
    }
}
