// CREATE TABLE, partitions, views, and the other things that are created.

extension Printer {
    mutating func write(_ table: CreateTable) {
        write("CREATE ")
        if table.orReplace { write("OR REPLACE ") }
        if table.isExternal { write("EXTERNAL ") }
        if table.isTemporary { write("TEMPORARY ") }
        write(table.ifNotExists ? "TABLE IF NOT EXISTS " : "TABLE ", table.name)
        if !table.columns.isEmpty || !table.indexes.isEmpty {
            write(" (")
            write(table.columns) { $0.write($1) }
            if !table.columns.isEmpty, !table.indexes.isEmpty { write(", ") }
            write(table.indexes) { printer, index in
                printer.write("INDEX ")
                printer.write(index)
            }
            write(")")
        }
        for clause in table.clauses(options) { write(" \(clause)") }
        if let like = table.like { write(" LIKE ", like) }
        if let clone = table.clone {
            write(" CLONE ", clone)
            write(table.cloneTime)
        }
        if let query = table.query {
            write(" AS ")
            write(query)
        }
    }

    fileprivate mutating func write(_ clause: CreateTable.Clause, of table: CreateTable) {
        switch clause {
        case .engine: write(" ENGINE = ", table.engine)
        case .key: if let key = table.key { write(" ", key) }
        case .comment: writeComment(table.comment)
        case .partitioning:
            guard let partitioning = table.partitioning else { return }
            write(" PARTITION BY ")
            write(partitioning)
        case .distribution: write(table.distribution)
        case .rollups:
            guard !table.rollups.isEmpty else { return }
            write(" ROLLUP ")
            writeList(table.rollups) { $0.write($1) }
        case .sortKey:
            guard let key = table.orderBy else { return }
            write(" ORDER BY ")
            write(key)
        case .brokerProperties: write(" BROKER PROPERTIES ", table.brokerProperties)
        case .properties: write(" PROPERTIES ", table.properties)
        }
    }

    mutating func write(_ prefix: String, _ key: TableKey) {
        write("\(prefix)\(key.kind.rawValue) ")
        writeList(key.columns)
    }

    private mutating func writeSortKey(_ columns: [Identifier]) {
        guard !columns.isEmpty else { return }
        write(" ORDER BY ")
        writeList(columns)
    }

    mutating func write(_ key: TableSortKey) {
        guard let curve = key.curve else { return writeList(key.columns) }
        let start = min(curve.start, key.columns.count)
        if start > 0 {
            write("(")
            write(Array(key.columns[..<start])) { $0.write($1) }
            write(", ")
        }
        write(curve.kind.rawValue)
        writeList(Array(key.columns[start...]))
        if start > 0 { write(")") }
    }

    mutating func write(_ column: ColumnDefinition) {
        write(column.name)
        if let type = column.type {
            write(" ")
            write(type)
        }
        // Without a type the aggregate stands in its place.
        let keyStandsBehind = column.type == nil && column.aggregation != nil
        if column.isKey, !keyStandsBehind { write(" KEY") }
        if let aggregation = column.aggregation {
            write(" ", aggregation.function)
            if !aggregation.argumentTypes.isEmpty {
                writeList(aggregation.argumentTypes) { $0.write($1) }
            }
        }
        if column.isKey, keyStandsBehind { write(" KEY") }
        if let isNullable = column.isNullable { write(isNullable ? " NULL" : " NOT NULL") }
        if column.isAutoIncrement { write(" AUTO_INCREMENT") }
        if let value = column.defaultValue {
            write(" DEFAULT ")
            write(value, .shift)
        }
        write(" AS ", column.generated)
        writeComment(column.comment)
    }

    mutating func write(_ index: IndexDefinition) {
        write(index.name)
        writeMeaning(of: index)
    }

    /// Writes what an index is of, and how it is made.
    mutating func writeMeaning(of index: IndexDefinition) {
        write(" ")
        writeTargets(of: index)
        write(" USING ", index.method)
        write(index.method == nil ? " PROPERTIES " : " ", index.properties)
        writeComment(index.comment)
    }

    private mutating func writeTargets(of index: IndexDefinition) {
        guard let path = index.path, let column = index.columns.last else {
            return writeList(index.columns)
        }
        write("(")
        for column in index.columns.dropLast() {
            write(column)
            write(", ")
        }
        write(column)
        write(" -> \(Self.quoted(path)))")
    }

    mutating func write(_ distribution: Distribution?) {
        guard let distribution else { return }
        write(" DISTRIBUTED BY ")
        if distribution.hashColumns.isEmpty {
            write("RANDOM")
        } else {
            write("HASH ")
            writeList(distribution.hashColumns)
        }
        if let buckets = distribution.buckets { write(" BUCKETS \(buckets)") }
    }

    mutating func write(_ rollup: RollupDefinition) {
        write(rollup.name)
        write(" ")
        writeList(rollup.columns)
        if !rollup.duplicateKey.isEmpty {
            write(" DUPLICATE KEY ")
            writeList(rollup.duplicateKey)
        }
        if !rollup.sortKey.isEmpty {
            write(" ORDER BY ")
            writeList(rollup.sortKey)
        }
        write(" FROM ", rollup.from)
        write(" PROPERTIES ", rollup.properties)
    }

    // MARK: Partitions

    mutating func write(_ partitioning: Partitioning) {
        switch partitioning {
        case .range(let key, let partitions):
            write("RANGE ")
            writeList(key)
            write(" ")
            writeList(partitions) { $0.write($1) }
        case .list(let columns, let partitions):
            write("LIST ")
            writeList(columns)
            write(" ")
            writeList(partitions) { $0.write($1) }
        case .expressions(let expressions, let partitions):
            guard !partitions.isEmpty else { return write(expressions) { $0.write($1) } }
            // Without parentheses, a name and the list behind it read as a call.
            writeList(expressions)
            write(" ")
            writeList(partitions) { $0.write($1) }
        }
    }

    mutating func write(_ partition: PartitionDefinition) {
        switch partition {
        case .lessThan(let head, let bound):
            write(head)
            write(" VALUES LESS THAN ")
            write(bound)
            write(" ", head.properties)
        case .fixedRange(let head, let from, let to):
            write(head)
            write(" VALUES [")
            write(from)
            write(", ")
            write(to)
            write(")")
            write(" ", head.properties)
        case .list(let head, let rows):
            write(head)
            write(" VALUES IN ")
            writeRows(rows)
            write(" ", head.properties)
        case .every(let start, let end, let step):
            write("START (", start)
            write(") END (", end)
            write(") EVERY (", step)
            write(")")
        }
    }

    mutating func writeRows(_ rows: [[Expression]]) {
        writeList(rows) { printer, row in
            if row.count == 1 { printer.write(row[0]) } else { printer.writeList(row) }
        }
    }

    private mutating func write(_ head: PartitionHead) {
        write(head.ifNotExists ? "PARTITION IF NOT EXISTS " : "PARTITION ", head.name)
    }

    private mutating func write(_ bound: PartitionBound) {
        switch bound {
        case .maximum: write("MAXVALUE")
        case .values(let values):
            writeList(values) { printer, value in
                if let value { printer.write(value) } else { printer.write("MAXVALUE") }
            }
        }
    }

    // MARK: Views

    mutating func writeViewStatement(_ kind: Statement.Kind) {
        switch kind {
        case .createView(let view): write(view)
        case .alterView(let name, let columns, let query):
            write("ALTER VIEW ", name)
            write(columns)
            write(" AS ")
            write(query)
        case .createMaterializedView(let view): write(view)
        case .alterMaterializedView(let name, let action):
            write("ALTER MATERIALIZED VIEW ", name)
            write(action)
        case .refreshMaterializedView(let refresh): write(refresh)
        case .cancelRefresh(let name, let force):
            write("CANCEL REFRESH MATERIALIZED VIEW ", name)
            if force { write(" FORCE") }
        default: break
        }
    }

    private mutating func write(_ columns: [ViewColumn]) {
        guard !columns.isEmpty else { return }
        write(" ")
        writeList(columns) { $0.write($1) }
    }

    private mutating func write(_ column: ViewColumn) {
        write(column.name)
        writeComment(column.comment)
    }

    private mutating func write(_ view: CreateView) {
        write("CREATE ")
        if view.orReplace { write("OR REPLACE ") }
        if view.isTemporary { write("TEMPORARY ") }
        write(view.ifNotExists ? "VIEW IF NOT EXISTS " : "VIEW ", view.name)
        write(view.columns)
        writeComment(view.comment)
        write(" SECURITY ", view.security)
        write(" PROPERTIES ", view.properties)
        write(" AS ")
        write(view.query)
    }

    private mutating func write(_ view: CreateMaterializedView) {
        write(view.orReplace ? "CREATE OR REPLACE " : "CREATE ")
        let prefix = view.ifNotExists ? "MATERIALIZED VIEW IF NOT EXISTS " : "MATERIALIZED VIEW "
        write(prefix, view.name)
        if !view.columns.isEmpty || !view.indexes.isEmpty {
            write(" (")
            write(view.columns) { $0.write($1) }
            if !view.columns.isEmpty, !view.indexes.isEmpty { write(", ") }
            write(view.indexes) { printer, index in
                printer.write("INDEX ")
                printer.write(index)
            }
            write(")")
        }
        if let target = view.target { write(" INTO ", target) }
        writeComment(view.comment)
        if !view.partitionBy.isEmpty {
            write(" PARTITION BY ")
            write(view.partitionBy) { $0.write($1) }
        }
        write(view.distribution)
        writeSortKey(view.sortKey)
        if let refresh = view.refresh { write(refresh) }
        write(" PROPERTIES ", view.properties)
        write(" AS ")
        write(view.query)
    }

    private mutating func write(_ scheme: RefreshScheme) {
        write(" REFRESH")
        if let isImmediate = scheme.isImmediate { write(isImmediate ? " IMMEDIATE" : " DEFERRED") }
        switch scheme.trigger {
        case .unspecified: break
        case .manual: write(" MANUAL")
        case .asynchronous(let start, let every):
            write(" ASYNC")
            writeSchedule(start, every)
        case .incremental: write(" INCREMENTAL")
        case .synchronous: write(" SYNC")
        }
    }

    private mutating func write(_ action: AlterMaterializedViewAction) {
        switch action {
        case .rename(let name): write(" RENAME ", name)
        case .active: write(" ACTIVE")
        case .inactive: write(" INACTIVE")
        case .refresh(let scheme): write(scheme)
        case .setProperties(let properties): write(" SET ", properties)
        case .swap(let other): write(" SWAP WITH ", other)
        case .addIndex(let index):
            write(" ADD INDEX ")
            write(index)
        case .dropIndex(let name, let ifExists):
            write(ifExists ? " DROP INDEX IF EXISTS " : " DROP INDEX ", name)
        }
    }

    private mutating func write(_ refresh: RefreshMaterializedView) {
        write("REFRESH MATERIALIZED VIEW ", refresh.name)
        switch refresh.scope {
        case .all: break
        case .range(let start, let end):
            write(" PARTITION START (\(Self.quoted(start))) END (\(Self.quoted(end)))")
        case .list(let rows):
            write(" PARTITION ")
            writeRows(rows)
        }
        if refresh.force { write(" FORCE") }
        writeSyncMode(refresh.isSynchronous)
        if let priority = refresh.priority { write(" WITH PRIORITY \(priority)") }
    }
}

extension IndexDefinition {
    /// Writes the index as CREATE TABLE names it.
    package func sql() -> String {
        var printer = Printer(options: SyntaxOptions())
        printer.write("INDEX ")
        printer.write(self)
        return printer.text
    }
}

extension CreateTable {
    /// Names the clauses behind the columns, in the order in which they are written.
    fileprivate enum Clause: CaseIterable {
        case engine, key, comment, partitioning, distribution, rollups, sortKey, brokerProperties
        case properties
    }

    /// Writes each clause behind the columns that is there.
    package var clauses: [String] { clauses(SyntaxOptions()) }

    fileprivate func clauses(_ options: SyntaxOptions) -> [String] {
        Clause.allCases.compactMap { clause in
            var printer = Printer(options: options)
            printer.write(clause, of: self)
            return printer.text.isEmpty ? nil : String(printer.text.dropFirst())
        }
    }
}

extension TableSortKey {
    /// The key as ORDER BY says it.
    package var sql: String {
        var printer = Printer(options: SyntaxOptions())
        printer.write(self)
        return printer.text
    }
}
