// DELETE and UPDATE. A query finds the rows that are meant, by their numbers in the newest snapshot,
// and gives what they become; then the one rows are hidden and the others added, in one commit. Where
// another session changed the same rows first, all of it is done again.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors

/// Holds what a statement does to a snapshot.
struct RowChanges {
    var gone = RowNumbers()
    /// The rows that come in their place.
    var new: [Chunk] = []
    /// Rows that come and are stored already, and their record.
    var stored: [Segment] = []
    var recorded: [Change] = []
    /// Rows that come and are packed already, and stored by `writer` where there is one, without a
    /// record of them.
    var made: [Segment] = []
    var writer: SegmentWriter?
    /// True where each row that comes has the key of one that goes.
    var keepsKeys = false
    /// How many rows come without others that go.
    var insertedRowCount = 0
    /// True where rows come because others were not there, so that none may have come meanwhile.
    var needsSameRows = false
    var label: Identifier?
    /// Where the text says what columns become.
    var places: [Int: TextRange] = [:]
    /// The partitions that new rows must come to; nil for all.
    var partitions: [TablePartition]?
}

extension StatementRunner {
    private static let attemptCountMax = 20

    func runDelete(_ delete: Delete) throws(StarlingError) -> Result {
        try apply(delete.hints)
        return try exchangeRows(of: delete.table) { (table) throws(StarlingError) in
            var changes = RowChanges()
            changes.gone = try run(try optimize(try bindDelete(delete))) { _ in
                ChangeSink(table)
            }.gone
            return changes
        }
    }

    /// Binds the query that gives the rows which go.
    func bindDelete(_ delete: Delete) throws(StarlingError) -> BoundQuery {
        try bind(
            query(
                ofRows: delete.table, alias: delete.alias, with: delete.with,
                and: delete.using, where: delete.condition, values: [],
                in: delete.partitions))
    }

    func runUpdate(_ update: Update) throws(StarlingError) -> Result {
        try apply(update.hints)
        try refuseCombined(update.table, "UPDATE")
        return try exchangeRows(of: update.table) { (table) throws(StarlingError) in
            let (conversion, query) = try bindUpdate(update, table)
            var changes = try updatedRows(of: table, update.table, conversion, query)
            changes.places = conversion.places
            return changes
        }
    }

    /// Binds the query that gives changed rows as they become, with their numbers.
    func bindUpdate(
        _ update: Update, _ table: NativeTable
    ) throws(StarlingError) -> (InsertConversion, Query) {
        let generated = generatedColumns(of: table, entry(try catalogName(update.table)))
        let stored = table.columns.indices.filter { generated[$0] == nil }
        let all = try newValues(of: table, update)
        let values = stored.map { all[$0] }
        let query = self.query(
            ofRows: update.table, alias: update.alias, with: update.with, and: update.from,
            where: update.condition, values: values)
        var bound = try bind(source: query)
        let row = bound.columns.removeFirst()
        var conversion = try InsertConversion(
            bound, to: table, positions: stored, defaults: [], generated: generated,
            at: update.table, runner: self)
        conversion.pass(row)
        for (position, value) in all.enumerated() where value.range != update.table.range {
            conversion.places[position] = value.range
        }
        return (conversion, query)
    }

    /// Makes `SELECT row number, values FROM table, others WHERE condition`.
    private func query(
        ofRows table: QualifiedName, alias: Identifier?, with: WithClause?,
        and others: [StarlingSyntax.TableReference], where condition: Expression?,
        values: [Expression], in partitions: PartitionSelection? = nil
    ) -> Query {
        let title = alias ?? table.last
        let row = Expression(
            .column(
                QualifiedName([title, Identifier(NumberedTable.rowColumn, range: title.range)])),
            at: table.range)
        var select = Select(
            selecting: ([row] + values).map { .expression($0, alias: nil) }, at: table.range)
        var target = StarlingSyntax.TableReference(naming: table, as: alias)
        if let partitions, case .table(var named) = target.kind {
            named.partitions = partitions
            target.kind = .table(named)
        }
        select.from = [target] + others
        select.condition = condition
        return Query(with: with, selecting: select)
    }

    /// The value of each column: what SET says, or what it was.
    private func newValues(
        of table: NativeTable, _ update: Update
    ) throws(StarlingError) -> [Expression] {
        let title = update.alias ?? update.table.last
        var values = table.columns.map { column in
            let name = Identifier(column.name, isQuoted: true, range: update.table.range)
            return Expression(.column(QualifiedName([title, name])), at: update.table.range)
        }
        let positions = try targetPositions(
            update.assignments.map(\.column.last), table, update.table)
        let defaults = try defaults(of: update.table, table)
        try refuseGenerated(positions, table, update.table)
        try refuseKeys(positions, table, update.table)
        for (assignment, position) in zip(update.assignments, positions) {
            values[position] = assignment.value
            guard case .defaultValue = assignment.value.kind else { continue }
            values[position] =
                defaults[position] ?? Expression(.literal(.null), at: assignment.value.range)
        }
        return values
    }

    /// Says no to other values for the columns of a key.
    func refuseKeys(
        _ positions: [Int], _ table: NativeTable, _ target: QualifiedName
    ) throws(StarlingError) {
        let keys = keyColumns(of: try catalogName(target)).map { $0.lowercased() }
        for position in positions where keys.contains(table.columns[position].name.lowercased()) {
            throw StarlingError(
                .binding,
                "column '\(table.columns[position].name)' is in the key, which a row keeps",
                at: target.range)
        }
    }

    /// Runs the query of an UPDATE; no row may become two.
    private func updatedRows(
        of table: NativeTable, _ target: QualifiedName, _ conversion: InsertConversion,
        _ query: Query
    ) throws(StarlingError) -> RowChanges {
        guard conversion.checkedColumns.isEmpty || settings.flag("enable_insert_strict") else {
            return try checkedRows(of: table, conversion, query)
        }
        let name = try catalogName(target)
        // Rows that have to be sorted first are stored later.
        let isSorted = TableOrder(entry(name)?.definition, table.columns) != nil
        let writer = isSorted ? nil : segmentWriter(for: table, name, in: home(of: name))
        let packing = ChangeSink.Packing(
            numbered: numberedColumn(of: table, name), writer: writer,
            router: try router(for: table, storedEntry(name)?.definition))
        let sink = try run(try optimize(conversion.bound)) { _ in ChangeSink(table, packing) }
        guard !sink.hasRepeatedRows else { throw matchedTwice(table) }
        guard !sink.hasMisfits else { return try checkedRows(of: table, conversion, query) }
        var changes = RowChanges()
        changes.gone = sink.gone
        changes.made = sink.segments
        changes.writer = writer
        changes.keepsKeys = true
        return changes
    }

    func matchedTwice(_ table: NativeTable) -> StarlingError {
        StarlingError(
            .data,
            "a row of '\(table.name)' is matched more than once, so what it becomes is not certain")
    }

    /// Runs the query of an UPDATE of which some values may not fit their columns.
    private func checkedRows(
        of table: NativeTable, _ conversion: InsertConversion, _ query: Query
    ) throws(StarlingError) -> RowChanges {
        let result = try execute(conversion.bound)
        try checkMisfits(conversion, table, query, result)
        var changes = RowChanges()
        changes.keepsKeys = true
        for chunk in result.chunks {
            for row in 0..<chunk.count {
                let number = Self.number(chunk.columns[chunk.columns.count - 1], row)
                guard changes.gone.insert(number) else { throw matchedTwice(table) }
            }
            changes.new.append(
                Chunk(
                    columns: Array(chunk.columns.prefix(table.columns.count)),
                    count: chunk.count))
        }
        return changes
    }

    static func number(_ vector: Vector, _ row: Int) -> Int64 {
        guard case .integer(let number) = vector.value(at: row) else { return 0 }
        return Int64(clamping: number)
    }

    // MARK: The commit

    /// Lets `find` say what happens to the rows of a table, and makes it so.
    func exchangeRows(
        of target: QualifiedName, _ find: (NativeTable) throws(StarlingError) -> RowChanges
    ) throws(StarlingError) -> Result {
        let name = try catalogName(target)
        return try untilNobodyChanges(target) { () throws(StarlingError) in
            let table = try nativeTable(target)
            let changes = try numberingRows(of: table, name) { () throws(StarlingError) in
                try find(table)
            }
            guard changes.gone.count > 0 || !changes.new.isEmpty || !changes.made.isEmpty else {
                try checkWhole(home(of: name))
                return Result.none
            }
            guard try commit(changes, to: table, name) else { return nil }
            return Result(
                columns: [], chunks: [],
                affectedRowCount: changes.gone.count + changes.insertedRowCount)
        }
    }

    /// Lets queries see the numbers of a table's rows.
    func numberingRows<Success>(
        of table: NativeTable, _ name: CatalogName, _ body: () throws(StarlingError) -> Success
    ) throws(StarlingError) -> Success {
        try withTables([(name, NumberedTable(table))], body)
    }

    /// Does what depends on a table's rows again until no other session has changed them meanwhile,
    /// which `attempt` says by nil.
    func untilNobodyChanges<Success>(
        _ target: QualifiedName, _ attempt: () throws(StarlingError) -> Success?
    ) throws(StarlingError) -> Success {
        for _ in 0..<Self.attemptCountMax {
            lookAnew()
            if let success = try attempt() { return success }
            try cancellation.check()
        }
        throw StarlingError(
            .data, "other sessions change '\(target.last.text)' all the time; run it again later")
    }

    /// Tells whether no row of a table with a key has that of one that comes, as those may that another
    /// session has brought.
    private func hasRoom(
        _ table: NativeTable, for segments: [Segment], isKeyed: Bool
    ) throws(StarlingError) -> Bool {
        guard isKeyed else { return true }
        return try !table.has(keysOf: segments, keySearch)
    }

    /// Tells whether the table was still what it was.
    func commit(
        _ changes: RowChanges, to table: NativeTable, _ name: CatalogName
    ) throws(StarlingError) -> Bool {
        let home = home(of: name)
        let writer = changes.writer ?? segmentWriter(for: table, name, in: home)
        let keys = keyColumns(of: name)
        let isKeyed = !keys.isEmpty || combiningKey(of: name) != nil
        let chunks = try mapAll(changes.new) { (chunk) throws(StarlingError) in
            try table.numbering(chunk, numberedColumn(of: table, name))
        }
        let router = try router(
            for: table, storedEntry(name)?.definition, named: changes.partitions)
        var new = try segments(of: chunks, for: table, router, isStored: writer != nil)
        var gone = changes.gone
        if !keys.isEmpty, !new.isEmpty, !changes.keepsKeys {
            new = try withoutRepeated(new, of: table, name, keys: keys)
            gone.formUnion(try rows(of: table, name, withKeysOf: new, keys: keys))
        }
        let isStored = changes.writer != nil
        new = try sortedIfMany(
            isStored ? new : new + changes.made, of: table, as: entry(name)?.definition,
            isForDisk: writer != nil)
        let (loss, moved) = try table.losing(gone, for: writer == nil ? .memory : .disk)
        let made = moved + new
        try checkNotNull(
            isStored ? made + changes.made : made, table, at: changes.places)
        var stored = try mapAll(made) { (segment) throws(StarlingError) in
            try writer?.store(segment) ?? segment
        }
        if isStored { stored += changes.made }
        try table.noteNumbers(of: stored, numberedColumn(of: table, name))
        let database = session.currentDatabase
        let label = changes.label?.text
        let added =
            try additions(stored, writer) + changes.recorded
            + (label.map { [.label(database: database, name: $0)] } ?? [])
        var emptied: [UInt64] = []
        var isOutdated = false
        let record = PartitionRecord()
        do throws(StarlingError) {
            try commitRows(
                to: home,
                (writer?.changes(of: loss, emptied: emptied) ?? []) + record.removals + added
                    + record.changes
            ) { [self] (contents) throws(StarlingError) in
                let newest = try newestSnapshot(of: table, name, contents)
                let coming = stored + changes.stored
                let isSame = newest.history.number == table.history.number
                guard isSame || !changes.needsSameRows, let left = newest.without(loss),
                    try hasRoom(left.table, for: coming, isKeyed: isKeyed && !isSame)
                else {
                    isOutdated = true
                    throw conflict(table.name)
                }
                emptied = left.emptied
                if let label {
                    try contents.add(label: label, to: database, at: wallClockMicroseconds())
                }
                let definition = contents.entry(name)?.definition
                let result = try upkept(left.table.appending(coming), name, definition)
                record.note(newest, result, placing: coming, writer)
                contents.replaceTable(name, with: result)
            }
        } catch {
            if isOutdated { return false }
            throw error
        }
        return true
    }
}
