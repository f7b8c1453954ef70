// MERGE INTO. One query joins the source with the numbered rows of the target and says of each pair
// what happens: 1 for a row that takes other values, 2 for one that goes, 3 for one that comes. A
// second one finds the rows of the target that no row of the source matches.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingVectors

extension StatementRunner {
    func runMerge(_ merge: Merge) throws(StarlingError) -> Result {
        try refuseCombined(merge.target, "MERGE")
        return try exchangeRows(of: merge.target) { (table) throws(StarlingError) in
            var changes = RowChanges()
            changes.needsSameRows = merge.clauses.contains { $0.match == .notMatched }
            for (conversion, query) in try bindMerge(merge, table) {
                let result = try execute(conversion.bound)
                try checkMisfits(conversion, table, query, result)
                for chunk in result.chunks { try changes.add(chunk, of: table) }
            }
            return changes
        }
    }

    /// Binds the queries that say what happens to the rows of both sides.
    func bindMerge(
        _ merge: Merge, _ table: NativeTable
    ) throws(StarlingError) -> [(InsertConversion, Query)] {
        let bySource = merge.clauses.filter { $0.match == .notMatchedBySource }
        let others = merge.clauses.filter { $0.match != .notMatchedBySource }
        var queries: [(InsertConversion, Query)] = []
        if !others.isEmpty {
            let hasNew = others.contains { $0.match == .notMatched }
            let join = Join(
                hasNew ? .leftOuter : .inner, merge.source, target(of: merge),
                on: merge.condition)
            queries.append(try bind(merge, others, from: join, table))
        }
        if !bySource.isEmpty {
            let join = Join(.leftAnti, target(of: merge), merge.source, on: merge.condition)
            queries.append(try bind(merge, bySource, from: join, table))
        }
        return queries
    }

    private func target(of merge: Merge) -> StarlingSyntax.TableReference {
        StarlingSyntax.TableReference(naming: merge.target, as: merge.alias)
    }

    private func bind(
        _ merge: Merge, _ clauses: [Merge.Clause], from join: Join, _ table: NativeTable
    ) throws(StarlingError) -> (InsertConversion, Query) {
        let generated = generatedColumns(of: table, entry(try catalogName(merge.target)))
        let stored = table.columns.indices.filter { generated[$0] == nil }
        let place = merge.target.range
        let row = column(NumberedTable.rowColumn, of: merge.alias ?? merge.target.last)
        // Which clause a row meets is asked once: conditions may ask chance.
        let (chosen, choice) = choosing(
            among: clauses.map { condition(of: $0, row, place) }, at: place)
        let conditions = clauses.indices.map {
            Expression(.binary(.equal, chosen, number($0 + 1, place)), at: place)
        }
        let code = Expression(
            choosing: zip(conditions, clauses).map { ($0, number($1.action.code, place)) },
            otherwise: number(0, place), at: place)
        var values: [[Expression?]] = []
        for clause in clauses { values.append(try self.values(of: clause, merge, table)) }
        let items = stored.map { position in
            Expression(
                choosing: zip(conditions, values).compactMap { condition, values in
                    values[position].map { (condition, $0) }
                }, otherwise: Expression(.literal(.null), at: place), at: place)
        }
        var select = Select(
            selecting: ([row, code] + items).map { .expression($0, alias: nil) }, at: place)
        select.from = [StarlingSyntax.TableReference(.join(join), at: place), choice]
        select.condition = Expression(
            .binary(.notEqual, code, number(0, place)), at: place)
        let query = Query(with: merge.with, selecting: select)
        var bound = try bind(source: query)
        let passed = Array(bound.columns.prefix(2))
        bound.columns.removeFirst(2)
        var conversion = try InsertConversion(
            bound, to: table, positions: stored, defaults: [], generated: generated,
            at: merge.target, runner: self)
        for column in passed { conversion.pass(column) }
        return (conversion, query)
    }

    /// Makes the number of the first condition that holds, from 1, 0 for none, and the source of the
    /// FROM clause that computes it for each row.
    private func choosing(
        among conditions: [Expression], at place: TextRange
    ) -> (number: Expression, source: StarlingSyntax.TableReference) {
        // No name that a user writes.
        let name = Identifier("\u{1F}clause", isQuoted: true, range: place)
        let choice = Expression(
            choosing: conditions.enumerated().map { ($1, number($0 + 1, place)) },
            otherwise: number(0, place), at: place)
        let query = Query(
            with: nil,
            selecting: Select(selecting: [.expression(choice, alias: name)], at: place))
        return (
            column(name.text, of: name), StarlingSyntax.TableReference(lateral: query, as: name)
        )
    }

    /// The row is matched, or not, and the clause's own condition holds.
    private func condition(
        of clause: Merge.Clause, _ row: Expression, _ place: TextRange
    ) -> Expression {
        let isMatched = Expression(
            .isNull(row, isNegated: clause.match != .notMatched), at: place)
        guard let more = clause.condition else { return isMatched }
        return Expression(.logical(.and, [isMatched, more]), at: place)
    }

    /// The value of each column after a clause; nil where none is needed.
    private func values(
        of clause: Merge.Clause, _ merge: Merge, _ table: NativeTable
    ) throws(StarlingError) -> [Expression?] {
        let title = merge.alias ?? merge.target.last
        let old = table.columns.map { column($0.name, of: title) }
        switch clause.action {
        case .delete, .doNothing: return old.map { _ in nil }
        case .update(let assignments):
            let positions = try targetPositions(
                assignments.map(\.column.last), table, merge.target)
            try refuseGenerated(positions, table, merge.target)
            try refuseKeys(positions, table, merge.target)
            return try assigning(assignments.map(\.value), to: positions, over: old, merge, table)
        case .updateAll: return try sourceColumns(merge, table)
        case .insert(let columns, let values):
            var positions = try targetPositions(columns, table, merge.target)
            if columns.isEmpty {
                let generated = generatedColumns(of: table, entry(try catalogName(merge.target)))
                positions.removeAll { generated[$0] != nil }
            }
            try refuseGenerated(positions, table, merge.target)
            guard positions.count == values.count else {
                throw StarlingError(
                    .binding,
                    "\(positions.count) columns are to be inserted, \(values.count) values are "
                        + "given", at: merge.target.range)
            }
            let defaults = try defaults(of: merge.target, table)
            return try assigning(values, to: positions, over: defaults, merge, table)
        case .insertAll: return try sourceColumns(merge, table)
        }
    }

    private func assigning(
        _ new: [Expression], to positions: [Int], over old: [Expression?], _ merge: Merge,
        _ table: NativeTable
    ) throws(StarlingError) -> [Expression?] {
        var values = old
        let defaults = try defaults(of: merge.target, table)
        for (value, position) in zip(new, positions) {
            values[position] = value
            if case .defaultValue = value.kind { values[position] = defaults[position] }
        }
        return values
    }

    /// The columns of the source that bear the names of the target's.
    private func sourceColumns(
        _ merge: Merge, _ table: NativeTable
    ) throws(StarlingError) -> [Expression?] {
        guard let title = merge.source.title else {
            throw StarlingError(
                .binding, "'*' of MERGE needs a name for the source", at: merge.source.range)
        }
        return table.columns.map { column($0.name, of: title) }
    }

    private func column(_ name: String, of table: Identifier) -> Expression {
        let name = Identifier(name, isQuoted: true, range: table.range)
        return Expression(.column(QualifiedName([table, name])), at: table.range)
    }

    private func number(_ number: Int, _ place: TextRange) -> Expression {
        Expression(.literal(.integer(String(number))), at: place)
    }
}

extension Merge.Action {
    /// What the query says of a row.
    fileprivate var code: Int {
        switch self {
        case .update, .updateAll: 1
        case .delete: 2
        case .insert, .insertAll: 3
        case .doNothing: 0
        }
    }
}

extension StarlingSyntax.TableReference {
    /// The name under which its columns are found.
    fileprivate var title: Identifier? {
        switch kind {
        case .table(let table): table.alias?.name ?? table.name.last
        case .path(_, let alias), .subquery(_, _, let alias): alias?.name
        case .function(let function): function.alias?.name ?? function.name.last
        default: nil
        }
    }
}

extension RowChanges {
    /// Takes rows with their number and what happens to them, which stand behind the values.
    fileprivate mutating func add(
        _ chunk: Chunk, of table: NativeTable
    ) throws(StarlingError) {
        let width = chunk.columns.count
        var coming = Selection()
        for row in 0..<chunk.count {
            let code = chunk.columns[width - 1].value(at: row).integer ?? 0
            if code == 3 { insertedRowCount += 1 }
            if code != 2 {
                coming.rows[coming.count] = UInt16(row)
                coming.count += 1
            }
            guard code != 3, case .integer(let number) = chunk.columns[width - 2].value(at: row)
            else { continue }
            guard gone.insert(Int64(clamping: number)) else {
                throw StarlingError(
                    .data,
                    "a row of '\(table.name)' is matched more than once, so what it becomes is "
                        + "not certain")
            }
        }
        guard coming.count > 0 else { return }
        let values = chunk.columns.prefix(table.columns.count)
        new.append(
            Chunk(columns: values.map { $0.gathered(by: coming) }, count: coming.count))
    }
}
