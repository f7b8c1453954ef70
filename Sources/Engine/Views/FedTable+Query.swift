// The query whose rows a fed table has, over the stored rows of its views:
//
//   without a key  SELECT …, defaults FROM view UNION ALL …
//   with a key     SELECT key, aggregates FROM (the same, with the number of the view) GROUP BY key
//
// Values are converted to the types of the table as INSERT does it; one that does not fit is an error. So is
// a view that has several rows with a key where one value of a column counts.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingOptimizer
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingViews

extension FedTable {
    /// Compiles the query; `runner` sees the database as it is.
    func program(
        of table: NativeTable, _ entry: CatalogEntry, _ runner: StatementRunner
    ) throws(StarlingError) -> ViewProgram {
        let trace = NameTrace()
        runner.trace = trace
        defer { runner.trace = nil }
        let query = FedTableQuery(name: name, table: table, definition: entry.definition, runner)
        var inputs: [FedTableQuery.Input] = []
        for (number, feeder) in feeders.enumerated() {
            inputs.append(try query.input(feeder, number))
        }
        let bound =
            table.keyColumns == nil
            ? query.union(inputs) : try query.groups(of: inputs, feeders.map(\.title))
        if let foreign = trace.foreign {
            throw StarlingError(.unsupported, "its columns cannot depend on \(foreign)")
        }
        try ViewProgram.checkMeaning(bound.plan)
        let optimizer = Optimizer(
            allocator: runner.binderAllocator, session: runner.sessionValues)
        let plan = try optimizer.simplify(bound)
        try checkTables(of: plan)
        let program = try ViewProgram(
            plan, bound.columns, names: table.columns.map(\.name),
            runner.binderAllocator, storesStates: false)
        guard program.storedColumns.count == table.columns.count else {
            throw StarlingError(.internal, "the rows of '\(table.name)' have other columns")
        }
        return program
    }

    /// Says no to other tables than the rows of the views, as dict_mapping() reads one: the table would not
    /// follow what they become.
    private func checkTables(of plan: LogicalPlan) throws(StarlingError) {
        var other: String?
        plan.forEach { part in
            guard case .scan(let scan) = part.node else { return }
            let isFeeder = (scan.table as? NativeTable).map { table in
                feeders.contains { $0.later.isSameTable(as: table) }
            }
            if isFeeder != true { other = scan.table.title }
        }
        if let other {
            throw StarlingError(.unsupported, "its columns cannot depend on \(other)")
        }
    }

    /// Reads of each view only the rows whose keys are among those that are computed anew, where these
    /// are found by the key of the view's rows.
    func narrowed(
        _ changes: [BaseChange], to keys: NativeTable, in table: NativeTable,
        _ runner: StatementRunner
    ) throws(StarlingError) -> [BaseChange] {
        try mapAll(Array(zip(feeders, changes))) { (pair) throws(StarlingError) in
            let (feeder, change) = pair
            guard let places = feeder.places(ofKeyIn: table) else { return change }
            let own = try runner.keys(keys, at: places, as: feeder.later)
            let all = Array(own.columns.indices)
            guard
                let numbers = try feeder.later.numbers(
                    ofRowsWithKeysOf: own, at: all, runner.keySearch)
            else { return change }
            return change.reading(try feeder.later.reading(numbers))
        }
    }
}

extension StatementRunner {
    /// Returns keys of a fed table as those of a view that feeds it; what is no value there becomes NULL.
    fileprivate func keys(
        _ keys: NativeTable, at places: [Int], as view: NativeTable
    ) throws(StarlingError) -> NativeTable {
        let types = (view.keyColumns?.positions ?? []).map { view.columns[$0].type }
        let read = keys.everything(binderAllocator)
        let items = zip(places, types).map { place, type -> ProjectItem in
            let column = read.columns[place]
            guard column.type != type else { return ProjectItem(passing: column) }
            return ProjectItem(
                column: binderAllocator.makeColumn(column.name, type, isNullable: true),
                expression: .cast(.column(column), to: type))
        }
        let plan = LogicalPlan(.project(ProjectNode(input: read.plan, items: items)))
        let columns = items.enumerated().map { place, item in
            TableColumn(name: "key\(place)", type: item.column.type)
        }
        return try NativeTable(name: keys.name, columns: columns)
            .appending(try rows(of: plan).chunks)
    }
}

extension FedTable.Feeder {
    /// For each column of the key of the view's rows, where it stands in the table's key; nil where it
    /// is no part of that, or cannot be told from it.
    fileprivate func places(ofKeyIn table: NativeTable) -> [Int]? {
        guard let own = later.keyColumns?.positions, let key = table.keyColumns?.positions else {
            return nil
        }
        let places = own.compactMap { position -> Int? in
            guard position < record.columnCount else { return nil }
            let column = later.columns[position]
            return key.firstIndex {
                table.columns[$0].name.lowercased() == column.name.lowercased()
                    && column.type.isKept(as: table.columns[$0].type)
            }
        }
        return places.count == own.count ? places : nil
    }
}

/// Composes the query of one table.
private struct FedTableQuery {
    /// Is the rows of one view as those of the table.
    struct Input {
        var plan: LogicalPlan
        var columns: [PlanColumn]
        /// The columns of the table that the view gives.
        var positions: [Int]
    }

    private static let rows = "\u{1F}rows of views"
    private static let viewColumn = "\u{1F}view"

    private let name: CatalogName
    private let table: NativeTable
    private let definition: CreateTable?
    private let runner: StatementRunner
    private let title: QualifiedName
    private let generated: [Expression?]

    init(
        name: CatalogName, table: NativeTable, definition: CreateTable?, _ runner: StatementRunner
    ) {
        self.name = name
        self.table = table
        self.definition = definition
        self.runner = runner
        let range = TextRange(start: 0, end: 0)
        title = QualifiedName([
            Identifier(name.database, isQuoted: true, range: range),
            Identifier(name.name, isQuoted: true, range: range),
        ])
        generated = table.columns.map { column in
            definition?.columns.first { $0.name.text == column.name }?.generated
        }
    }

    // MARK: The rows of a view

    /// Gives what a view shows as rows of the table. The query holds none of its rows.
    func input(
        _ feeder: FedTable.Feeder, _ number: Int
    ) throws(StarlingError) -> Input {
        let source = CatalogName(database: name.database, name: "\(Self.rows) \(number)")
        let columns = feeder.columns.map { quoted($0.name) }.joined(separator: ", ")
        let mark = feeder.record.mark
        let text =
            "SELECT \(columns) FROM \(quoted(source.database)).\(quoted(source.name))"
            + (mark.isEmpty ? "" : " WHERE \(quoted(mark))")
        let positions = try FedTable.positions(
            of: feeder.columns.map(\.name), in: table, definition, of: feeder.title)
        let isKeyed = table.keyColumns != nil
        let conversion = try InsertConversion(
            try bind(text, over: feeder.later.emptied(), as: source), to: table,
            positions: positions,
            defaults: isKeyed ? [] : try runner.defaults(of: title, table),
            generated: isKeyed ? table.columns.map { _ in nil } : generated, at: title,
            runner: runner)
        let bound = try checked(conversion)
        return Input(plan: bound.plan, columns: bound.columns, positions: positions)
    }

    private func bind(
        _ text: String, over table: NativeTable, as name: CatalogName
    ) throws(StarlingError) -> BoundQuery {
        let query = try parseQuery(text)
        return try runner.withTables([(name, table)]) { () throws(StarlingError) in
            try runner.bind(query)
        }
    }

    /// Ends with an error where a value does not fit its column.
    private func checked(_ conversion: InsertConversion) throws(StarlingError) -> BoundQuery {
        var bound = conversion.bound
        let misfits = bound.columns.dropFirst(table.columns.count)
        let fits = try mapAll(Array(zip(misfits, conversion.checkedColumns))) {
            (misfit, position) throws(StarlingError) in
            let column = table.columns[position]
            return try Arithmetic.assertion(
                .isNull(.column(misfit)),
                orSaying: [
                    .text("'"), .column(misfit),
                    .text("' is no value of column '\(column.name)', which is \(column.type)"),
                ])
        }
        if !fits.isEmpty {
            bound.plan = LogicalPlan(.filter(FilterNode(input: bound.plan, conjuncts: fits)))
        }
        bound.columns = Array(bound.columns.prefix(table.columns.count))
        return bound
    }

    // MARK: The rows of all views

    /// Puts the rows of all views together.
    func union(_ inputs: [Input]) -> BoundQuery {
        let columns = table.columns.map { runner.binderAllocator.makeColumn($0.name, $0.type) }
        return BoundQuery(
            plan: union(inputs.map { ($0.plan, $0.columns) }, columns), columns: columns)
    }

    private func union(
        _ inputs: [(plan: LogicalPlan, columns: [PlanColumn])], _ columns: [PlanColumn]
    ) -> LogicalPlan {
        guard inputs.count > 1 else {
            let items = zip(columns, inputs[0].columns).map {
                ProjectItem(column: $0, expression: .column($1))
            }
            return LogicalPlan(.project(ProjectNode(input: inputs[0].plan, items: items)))
        }
        return LogicalPlan(
            .setOperation(
                SetOperationNode(
                    kind: .union, keepsDuplicates: true, inputs: inputs.map(\.plan),
                    inputColumns: inputs.map(\.columns), columns: columns)))
    }

    /// Groups the rows of all views by the key of the table.
    func groups(of inputs: [Input], _ titles: [String]) throws(StarlingError) -> BoundQuery {
        let stored = table.columns.indices.filter { generated[$0] == nil }
        let keys = table.keyColumns?.positions ?? []
        let defaults = try runner.defaults(of: title, table)
        var assertions: [String] = []
        let items = stored.map { position -> String in
            let column = quoted(table.columns[position].name)
            guard !keys.contains(position) else { return column }
            let givers = inputs.indices.filter { inputs[$0].positions.contains(position) }
            let other = defaults[position]?.sql() ?? "NULL"
            guard !givers.isEmpty else { return other }
            let aggregate = definition.aggregate(of: table.columns[position])
            if aggregate == nil { assertions += givers.map { oneRow(ofView: $0, titles) } }
            let filter = " FILTER (WHERE \(quoted(Self.viewColumn)) IN (\(givers.list)))"
            let value = "\(aggregate ?? "any_value")(\(column))\(filter)"
            guard givers.count < inputs.count else { return value }
            return "CASE WHEN count(*)\(filter) > 0 THEN \(value) ELSE \(other) END"
        }
        let having = Set(assertions).sorted().joined(separator: " AND ")
        let source = CatalogName(database: name.database, name: Self.rows)
        let text =
            "SELECT \(items.joined(separator: ", ")) "
            + "FROM \(quoted(source.database)).\(quoted(source.name)) "
            + "GROUP BY \(keys.map { quoted(table.columns[$0].name) }.joined(separator: ", "))"
            + (having.isEmpty ? "" : " HAVING \(having)")
        let rows = NativeTable(
            name: Self.rows,
            columns: table.columns.map { TableColumn(name: $0.name, type: $0.type) }
                + [TableColumn(name: Self.viewColumn, type: .int, isNullable: false)])
        var bound = try bind(text, over: rows, as: source)
        bound.plan = numbered(inputs, inPlaceOf: rows, bound.plan)
        return try checked(
            InsertConversion(
                bound, to: table, positions: stored, defaults: [], generated: generated, at: title,
                runner: runner))
    }

    /// The condition that a view has one row with a key.
    private func oneRow(ofView number: Int, _ titles: [String]) -> String {
        let message =
            "'\(titles[number])' has several rows with one key of '\(table.name)', which takes one; "
            + "GROUP BY the key"
        return "assert_true(count(*) FILTER (WHERE \(quoted(Self.viewColumn)) = \(number)) <= 1, "
            + "\(quotedText(message)))"
    }

    /// Puts the rows of all views in the place of a table that stands for them.
    private func numbered(
        _ inputs: [Input], inPlaceOf rows: NativeTable, _ plan: LogicalPlan
    ) -> LogicalPlan {
        guard case .scan(let scan) = plan.node, (scan.table as? NativeTable) === rows else {
            return plan.replacingChildren { numbered(inputs, inPlaceOf: rows, $0) }
        }
        let allocator = runner.binderAllocator
        let withNumbers = inputs.enumerated().map { number, input in
            let column = allocator.makeColumn(Self.viewColumn, .int, isNullable: false)
            let items =
                input.columns.map(ProjectItem.init(passing:)) + [
                    ProjectItem(
                        column: column, expression: .literal(.integer(Int128(number)), .int))
                ]
            return (
                LogicalPlan(.project(ProjectNode(input: input.plan, items: items))),
                input.columns + [column]
            )
        }
        let columns = rows.columns.map {
            allocator.makeColumn($0.name, $0.type, isNullable: $0.isNullable)
        }
        let items = scan.columns.map {
            ProjectItem(column: $0.column, expression: .column(columns[$0.position]))
        }
        return LogicalPlan(
            .project(ProjectNode(input: union(withNumbers, columns), items: items)))
    }
}

extension BoundExpression {
    fileprivate static func text(_ text: String) -> BoundExpression {
        .literal(.text(text), .string)
    }
}

extension [Int] {
    fileprivate var list: String { map(String.init).joined(separator: ", ") }
}

extension LogicalType {
    /// Tells whether a value that becomes one of another type is the same when it is converted back.
    fileprivate func isKept(as other: LogicalType) -> Bool {
        switch (self, other) {
        case (_, self), (.varchar, .varchar), (.date, .datetime): true
        case (.decimal(let precision, let scale), .decimal(let wider, let same)):
            scale == same && precision <= wider
        case (_, .decimal(let precision, 0)) where isInteger:
            precision == 38
        default:
            isInteger && other.isInteger
                && (bounds.flatMap { own in other.bounds.map { $0.contains(own) } } ?? false)
        }
    }
}
