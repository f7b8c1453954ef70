// ROLLUP of tables: what StarRocks keeps of a table a second time, with fewer columns. Here a
// materialized view does that; so a rollup is accepted, and a warning has the statement that makes it.

import StarlingErrors
import StarlingSyntax

extension StatementRunner {
    /// Warns of the rollups that a new table would have.
    func warnOfRollups(_ table: CreateTable) {
        guard !session.isRestoring else { return }
        session.warnings += table.rollups.map { $0.warning(about: table, named: table.name) }
    }

    /// Makes the changes of an ALTER TABLE that is about rollups alone; nil for any other.
    func alterRollups(
        _ alter: AlterTable, _ definition: CreateTable
    ) throws(StarlingError) -> Result? {
        guard alter.actions.allSatisfy(\.isOfRollups) else { return nil }
        for action in alter.actions {
            switch action {
            case .addRollups(let rollups):
                for rollup in rollups {
                    for column in rollup.columns { try find(column, in: definition) }
                    session.warnings.append(rollup.warning(about: definition, named: alter.name))
                }
            case .dropRollups(let names):
                for name in names {
                    session.warnings.append(
                        "the table has no rollup '\(name.text)': rollups do nothing here; DROP "
                            + "MATERIALIZED VIEW \(name.sql) drops the view that stands for it")
                }
            default: break
            }
        }
        return Result.none
    }

    private func find(_ column: Identifier, in definition: CreateTable) throws(StarlingError) {
        let names = definition.columns.map(\.name.text)
        guard !names.contains(where: { $0.lowercased() == column.text.lowercased() }) else {
            return
        }
        let near = nearestName(to: column.text, among: names)
        throw StarlingError(
            .binding,
            "there is no column '\(column.text)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
            at: column.range)
    }
}

extension AlterTableAction {
    fileprivate var isOfRollups: Bool {
        switch self {
        case .addRollups, .dropRollups: true
        default: false
        }
    }
}

extension RollupDefinition {
    /// Says what does the same.
    fileprivate func warning(about table: CreateTable, named name: QualifiedName) -> String {
        "the rollup '\(self.name.text)' does nothing; a materialized view does the same, which "
            + "queries of the table read by themselves: \(view(of: table, named: name))"
    }

    /// The materialized view that has what the rollup would have.
    private func view(of table: CreateTable, named name: QualifiedName) -> String {
        var keys: [String] = []
        var isCombined = false
        let items = columns.map { column -> String in
            let definition = table.columns.first {
                $0.name.text.lowercased() == column.text.lowercased()
            }
            guard table.key?.kind == .aggregate,
                let function = definition?.aggregation?.function.text.lowercased()
            else {
                keys.append(column.sql)
                return column.sql
            }
            isCombined = true
            let combining = function.hasPrefix("replace") ? "any_value" : function
            return "\(combining)(\(column.sql)) AS \(column.sql)"
        }
        return
            "CREATE MATERIALIZED VIEW \(self.name.sql) AS SELECT \(items.joined(separator: ", ")) "
            + "FROM \(name.sql)"
            + (isCombined && !keys.isEmpty ? " GROUP BY \(keys.joined(separator: ", "))" : "")
    }
}
