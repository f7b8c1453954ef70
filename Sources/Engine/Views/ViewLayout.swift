// Where the stored rows of a materialized view lie: PARTITION BY, ORDER BY, DISTRIBUTED BY, indexes, bloom
// filters and the time that partitions are kept. All of it stands in the definition of the table that has
// the rows, and is done there as for any other table.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingViews

extension StatementRunner {
    /// What CREATE TABLE would say of the stored rows.
    func definition(
        of columns: [TableColumn], _ program: ViewProgram?, named view: CreateMaterializedView,
        _ seenCount: Int
    ) throws(StarlingError) -> CreateTable {
        let place = view.name.range
        var definition = CreateTable(named: view.name)
        definition.columns = columns.map {
            ColumnDefinition(named: Identifier($0.name, isQuoted: true, range: place))
        }
        let keys = program?.keyPositions ?? []
        if !keys.isEmpty {
            definition.key = TableKey(
                .unique,
                keys.map { Identifier(columns[$0].name, isQuoted: true, range: place) })
        }
        let seen = Array(columns.prefix(seenCount))
        try view.checkNames(among: seen.map(\.name))
        try view.checkRetention()
        let known = seen.map { binderAllocator.makeColumn($0.name, $0.type) }
        for expression in view.partitionBy { _ = try binder.bind(expression, over: known) }
        if program?.isGrouped ?? false {
            let computed = seen.indices.filter { !keys.contains($0) }
            try view.checkPartitioning(computing: computed.map { seen[$0].name })
        }
        definition.lay(out: view)
        return try definition.typed(as: columns)
    }

    /// Gives a new table the partitions, the key, the indexes and the filters that its definition names.
    /// Of views with windows the key is that of a window's partition, which has many rows.
    func laidOut(
        _ table: NativeTable, _ definition: CreateTable
    ) throws(StarlingError) -> NativeTable {
        try definition.checkKeys(table.columns)
        let table = try filtering(
            partitioned(
                keyed(table, by: definition).repeatingKeys(), definition.layout), as: definition)
        try checkUpkeep(definition, table)
        for index in definition.indexes { warnOfProperties(of: index) }
        return table
    }

    /// Runs a plan and packs its rows for the table of a view.
    func segments(
        of plan: LogicalPlan, _ table: NativeTable, _ layout: CreateTable, _ name: CatalogName,
        _ writer: SegmentWriter?
    ) throws(StarlingError) -> [Segment] {
        let bound = BoundQuery(plan: plan, columns: plan.outputColumns)
        let types = table.columns.map(\.type)
        let router = try router(for: table, layout)
        guard let order = TableOrder(layout, table.columns) else {
            return try run(try optimize(bound)) { _ in
                TableSink(types, table, nil, writer, router)
            }.segments
        }
        guard router != nil else {
            let ordered = try optimize(try sorted(bound, of: table, by: order))
            return try run(ordered) { _ in
                TableSink(types, table, nil, writer, isOrdered: true)
            }.segments.sorted(by: order.name(in: table))
        }
        // Each partition is sorted for itself; what is stored until then goes with its writer.
        let passing = segmentWriter(for: table, name, in: catalog)
        let came = try run(try optimize(bound)) { _ in
            TableSink(types, table, nil, passing, router)
        }.segments
        return try withExtendedLifetime(passing) { () throws(StarlingError) in
            try sorted(came, of: table, by: order, writer)
        }
    }
}

extension CreateTable {
    /// Says where rows lie, and nothing of the key by which those of a view are found.
    var layout: CreateTable {
        var layout = self
        layout.key = nil
        return layout
    }

    /// Takes over what a view says of its rows.
    mutating func lay(out view: CreateMaterializedView) {
        let keys = view.partitionBy.map { view.cut($0) }
        partitioning = keys.isEmpty ? nil : .expressions(keys, [])
        distribution = view.distribution
        orderBy = view.sortKey.isEmpty ? nil : TableSortKey(view.sortKey)
        indexes = view.indexes
        comment = view.comment
        properties = view.properties.compactMap { property in
            ViewProperties.ofTable[property.key.lowercased()].map {
                Property(key: $0, value: property.value)
            }
        }
    }

    /// Tells whether old partitions go by themselves.
    var letsPartitionsGo: Bool {
        ["partition_ttl", "partition_live_number", "partition_retention_condition"]
            .contains { property($0) != nil }
    }
}

extension CreateMaterializedView {
    /// Says no to clauses that name what is no column of the view.
    fileprivate func checkNames(among columns: [String]) throws(StarlingError) {
        func check(_ clause: String, _ name: Identifier) throws(StarlingError) {
            guard !columns.contains(where: { $0.lowercased() == name.text.lowercased() }) else {
                return
            }
            let near = nearestName(to: name.text, among: columns)
            throw StarlingError(
                .binding,
                "\(clause) names '\(name.text)', which is no column of the view"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""), at: name.range)
        }
        for name in sortKey { try check("ORDER BY", name) }
        for name in distribution?.hashColumns ?? [] { try check("DISTRIBUTED BY", name) }
    }

    /// Says no to partitions that go where there are none.
    func checkRetention() throws(StarlingError) {
        let retention = properties.first {
            ViewProperties.retention.contains($0.key.lowercased())
        }
        guard partitionBy.isEmpty, let retention else { return }
        throw StarlingError(
            .binding, "\(retention.key) is for materialized views with PARTITION BY",
            at: name.range)
    }

    /// Cuts a partition column to the unit of time that the query cuts it to; so it is known how long a
    /// partition is.
    fileprivate func cut(_ key: Expression) -> Expression {
        guard case .column(let column) = key.kind, case .select(let select) = query.body,
            let value = select.items.enumerated().lazy.compactMap({ place, item in
                isColumn(item, at: place, column.last) ? item.value : nil
            }).first,
            case .call(var call) = value.kind,
            call.name.simpleText?.lowercased() == "date_trunc", call.arguments.count == 2
        else { return key }
        call.arguments[1].value = key
        return Expression(.call(call), at: key.range)
    }

    private func isColumn(_ item: SelectItem, at place: Int, _ name: Identifier) -> Bool {
        let title = columns.indices.contains(place) ? columns[place].name : item.alias
        return title?.text.lowercased() == name.text.lowercased()
    }

    /// Says no to partitions by what a group comes to: the group would move between them.
    fileprivate func checkPartitioning(computing columns: [String]) throws(StarlingError) {
        for expression in partitionBy {
            guard let name = columns.first(where: { expression.mentions($0) }) else { continue }
            throw StarlingError(
                .binding,
                "PARTITION BY takes what the view groups by, and '\(name)' is computed of each "
                    + "group", at: expression.range)
        }
    }
}

extension SelectItem {
    fileprivate var value: Expression? {
        if case .expression(let value, _) = self { value } else { nil }
    }

    fileprivate var alias: Identifier? {
        if case .expression(_, let alias) = self { alias } else { nil }
    }
}
