// Queries over one file whose columns are only known by their names and types.

import Starling
import StarlingTestSupport
import StarlingTypes

struct FileQueryMaker {
    private let file: String
    private let columns: [ResultColumn]
    private var chance: SeededGenerator

    init(path: String, columns: [ResultColumn], _ chance: SeededGenerator) {
        file = "'\(path)'"
        self.columns = columns
        self.chance = chance
    }

    mutating func everything() -> String { "SELECT * FROM \(file)" }

    mutating func filter() -> String {
        let names = (0...chance.below(3)).map { _ in name(anyColumn()) }
        return "SELECT \(names.joined(separator: ", ")) FROM \(file) WHERE \(condition())"
    }

    mutating func any() -> String {
        let column = name(anyColumn())
        let other = name(anyColumn())
        switch chance.below(8) {
        case 0:
            return "SELECT count(*), count(\(column)), min(\(column)), max(\(other)) FROM \(file)"
        case 1:
            return "SELECT \(column), count(*), max(\(other)) FROM \(file) GROUP BY \(column)"
        case 2:
            let direction = chance.pick(["ASC", "DESC", "DESC NULLS FIRST"])
            return "SELECT * FROM \(file) ORDER BY \(column) \(direction) LIMIT 5"
        case 3:
            return "SELECT count(*) FROM \(file) a JOIN \(file) b ON a.\(column) = b.\(column) "
                + "WHERE b.\(conditionOn(anyColumn()))"
        case 4:
            return "SELECT a.\(other) FROM \(file) a LEFT SEMI JOIN "
                + "(SELECT * FROM \(file) WHERE \(condition())) b "
                + "ON a.\(column) = b.\(column)"
        case 5: return "SELECT DISTINCT \(column), \(other) FROM \(file) WHERE \(condition())"
        case 6: return "SELECT count(*) FROM \(file) WHERE \(condition())"
        default: return filter()
        }
    }

    private mutating func anyColumn() -> ResultColumn {
        columns.isEmpty ? ResultColumn(name: "x", type: .int) : chance.pick(columns)
    }

    private func name(_ column: ResultColumn) -> String {
        let doubled = column.name.map { $0 == "`" ? "``" : String($0) }.joined()
        return "`\(doubled)`"
    }

    private mutating func condition() -> String {
        var text = conditionOn(anyColumn())
        for _ in 0..<chance.below(3) {
            text += chance.pick([" AND ", " AND ", " OR "]) + conditionOn(anyColumn())
        }
        return text
    }

    private mutating func conditionOn(_ column: ResultColumn) -> String {
        let name = name(column)
        switch chance.below(8) {
        case 0: return "\(name) IS NULL"
        case 1: return "\(name) IS NOT NULL"
        case 2: return "\(name) IN (\(literal(column.type)), \(literal(column.type)))"
        case 3:
            return "\(name) BETWEEN \(literal(column.type)) AND \(literal(column.type))"
        case 4 where column.type.description.hasPrefix("varchar"):
            return "\(name) LIKE '\(chance.pick(["t%", "%e%", "%", "_", "thirteen%"]))'"
        default:
            let sign = chance.pick(["=", "<>", "<", "<=", ">", ">=", "<=>"])
            return "\(name) \(sign) \(literal(column.type))"
        }
    }

    /// Makes a constant that has a fair chance to lie within a column's bounds.
    private mutating func literal(_ type: LogicalType) -> String {
        switch type {
        case .boolean: return chance.pick(["TRUE", "FALSE"])
        case .float, .double: return chance.pick(["0e0", "1.5e0", "-2.25e0", "1e9", "65504e0"])
        case .decimal: return chance.pick(["0", "1.5", "-12345.67", "99999999", "1e0"])
        case .date: return chance.pick(["DATE '1990-01-01'", "DATE '2024-02-01'"])
        case .datetime:
            return chance.pick(["CAST('1985-05-05 10:00:00' AS DATETIME)", "'2024-01-02'"])
        case .varchar, .varbinary:
            return chance.pick(["''", "'a'", "'twelve bytes'", "'text 7'", "'höher'", "'word 3'"])
        default:
            if type.isInteger {
                return chance.pick([
                    "0", "1", "-1", "5", "7", "100", "-32768", "2000000000", "1e18",
                ])
            }
            return "NULL"
        }
    }
}
