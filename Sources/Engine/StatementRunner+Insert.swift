// INSERT into tables. Values that a column cannot hold are errors; with enable_insert_strict off
// they become NULL, and warnings count them.

import StarlingBinder
import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingVectors

extension StatementRunner {
    func runInsert(_ insert: Insert) throws(StarlingError) -> Result {
        let target: QualifiedName
        switch insert.target {
        case .table(let name): target = name
        case .files: throw StarlingError(.internal, "a statement that writes files came here")
        case .blackhole:
            throw StarlingError(
                .unsupported, "INSERT INTO BLACKHOLE is parsed but not executed by this version")
        }
        _ = try nativeTable(target)
        try refuseParts(of: insert, target)
        try applyHints(of: insert)
        try keepUpPartitions(of: target)
        let (named, instead) = try partitions(of: insert, target)
        let label =
            insert.label
            ?? insert.properties.first {
                $0.key.lowercased() == "label"
            }.map { Identifier($0.value, isQuoted: true, range: target.range) }
        if isRepeated(label) {
            try session.database.folder?.synchronizeAll()
            return .none
        }
        let table = try nativeTable(target)
        let (conversion, query) = try bindInsert(insert, table, target)
        let name = try catalogName(target)
        let keys = keyColumns(of: name)
        try checkTemporary(
            named, of: table, isKeyed: !keys.isEmpty || combiningKey(of: name) != nil)
        if let key = combiningKey(of: name) {
            return try insertCombined(
                conversion, query, into: target, of: table, key, instead: instead, named: named,
                label: label)
        }
        if let rules = try meeting(insert, table, conversion, target) {
            return try insertMeeting(
                rules, conversion, query, into: target, like: table, named: named, label: label)
        }
        let router = try router(for: table, storedEntry(name)?.definition, named: named)
        let writer = segmentWriter(for: table, name, in: home(of: name))
        let numbered = numberedColumn(of: table, name)
        let segments = try load(
            conversion, query, into: table, name, entry(name)?.definition, numbered: numbered,
            home: home(of: name), writer, router)
        do throws(StarlingError) {
            if keys.isEmpty || insert.overwrites || segments.isEmpty {
                try add(segments, to: table, name, instead: instead, writer, label: label)
            } else {
                try upsert(
                    segments, into: target, name, keys: keys, writer, like: table, label: label)
            }
        } catch {
            // Another session may have been faster with the same label.
            guard error.kind == .data, session.transaction == nil, isRepeated(label) else {
                throw error
            }
            return .none
        }
        return Result(
            columns: [], chunks: [],
            affectedRowCount: segments.reduce(0) { $0 + $1.liveRowCount })
    }

    /// Binds the query of an INSERT with the conversion to the table's columns.
    func bindInsert(
        _ insert: Insert, _ table: NativeTable, _ target: QualifiedName
    ) throws(StarlingError) -> (InsertConversion, Query) {
        var query = insert.query
        if let with = insert.with { query.with = with.followed(by: query.with) }
        try applyProperties(of: insert)
        let defaults = try defaults(of: target, table)
        let generated = generatedColumns(of: table, entry(try catalogName(target)))
        var positions = try targetPositions(insert.columns, table, target)
        if insert.takesDefaults {
            positions.removeAll { generated[$0] != nil }
            let row = positions.map { _ in Expression(.defaultValue, at: target.range) }
            query.body = .values([row])
        }
        query = fillingDefaults(query, positions, defaults)
        let types = positions.map { table.columns[$0].type }
        if types.contains(where: \.isAggregateState) { query = try widening(query, types) }
        let bound = try bind(source: query)
        if insert.takesNames {
            positions = try targetPositions(
                bound.columns.map { Identifier($0.name, range: query.range) }, table, target)
        }
        if insert.columns.isEmpty, !insert.takesNames {
            positions.removeAll { generated[$0] != nil }
        }
        try refuseGenerated(positions, table, target)
        let conversion = try InsertConversion(
            bound, to: table, positions: positions, defaults: defaults, generated: generated,
            at: target, runner: self)
        return (conversion, query)
    }

    /// Says no to targets within a table.
    private func refuseParts(
        of insert: Insert, _ target: QualifiedName
    ) throws(StarlingError) {
        guard insert.timeTravel != nil else { return }
        let clause = "VERSION AS OF"
        throw StarlingError(
            .unsupported,
            "INSERT \(insert.overwrites ? "OVERWRITE" : "INTO") … \(clause) is parsed but not "
                + "executed by this version", at: target.range)
    }

    private func applyProperties(of insert: Insert) throws(StarlingError) {
        for property in insert.properties {
            switch property.key.lowercased() {
            case "strict_mode":
                do throws(StarlingError) {
                    try settings.set("enable_insert_strict", to: property.value)
                } catch {
                    throw error.located(at: property.valueRange)
                }
            case "timeout", "label", "partial_update", "partial_update_mode", "merge_condition":
                continue
            case "match_column_by":
                guard ["name", "position"].contains(property.value.lowercased()) else {
                    throw StarlingError(
                        .binding, "match_column_by is name or position, not '\(property.value)'",
                        at: property.valueRange)
                }
            case "max_filter_ratio":
                session.warnings.append(
                    "INSERT leaves out no rows, so 'max_filter_ratio' does nothing; with "
                        + "'strict_mode' = 'false' values that do not fit become NULL")
            default:
                let known = [
                    "strict_mode", "timeout", "label", "partial_update", "partial_update_mode",
                    "merge_condition", "match_column_by", "max_filter_ratio",
                ]
                let near = nearestName(to: property.key, among: known)
                throw StarlingError(
                    .binding,
                    "there is no property '\(property.key)' of INSERT"
                        + (near.map { "; did you mean '\($0)'?" }
                            ?? "; there are \(known.joined(separator: ", "))"),
                    at: property.keyRange)
            }
        }
    }

    // MARK: Columns

    func targetPositions(
        _ columns: [Identifier], _ table: NativeTable, _ target: QualifiedName
    ) throws(StarlingError) -> [Int] {
        if columns.isEmpty { return Array(table.columns.indices) }
        var positions: [Int] = []
        for name in columns {
            let position = table.columns.firstIndex {
                $0.name.lowercased() == name.text.lowercased()
            }
            guard let position else {
                let near = nearestName(to: name.text, among: table.columns.map(\.name))
                throw StarlingError(
                    .binding,
                    "table '\(table.name)' has no column '\(name.text)'"
                        + (ForeignNames.note(onColumn: name.text)
                            ?? near.map { "; did you mean '\($0)'?" } ?? ""),
                    at: name.range)
            }
            guard !positions.contains(position) else {
                throw StarlingError(
                    .binding, "column '\(name.text)' is named twice", at: name.range)
            }
            positions.append(position)
        }
        return positions
    }

    /// Returns the DEFAULT of each column, as its type; nil is NULL.
    func defaults(
        of name: QualifiedName, _ table: NativeTable
    ) throws(StarlingError) -> [Expression?] {
        let definitions = entry(try catalogName(name))?.definition?.columns ?? []
        return table.columns.map { column in
            definitions.first { $0.name.text == column.name }?.storedDefault(at: name.range)
        }
    }

    /// Puts a column's default where VALUES says DEFAULT.
    func fillingDefaults(
        _ query: Query, _ positions: [Int], _ defaults: [Expression?]
    ) -> Query {
        guard case .values(let rows) = query.body else { return query }
        var query = query
        query.body = .values(
            rows.map { row in
                row.enumerated().map { place, value in
                    guard case .defaultValue = value.kind, place < positions.count else {
                        return value
                    }
                    return defaults[positions[place]]
                        ?? Expression(.literal(.null), at: value.range)
                }
            })
        return query
    }

    /// Gives calls of f_state() and f_combine() the argument types of the columns that their states
    /// go to: 1 alone is a TINYINT, which a state of avg(INT) has not seen.
    private func widening(
        _ query: Query, _ types: [LogicalType]
    ) throws(StarlingError) -> Query {
        var query = query
        switch query.body {
        case .values(let rows):
            query.body = .values(
                try mapAll(rows) { (row) throws(StarlingError) in
                    guard row.count == types.count else { return row }
                    return try mapAll(Array(zip(row, types))) { (pair) throws(StarlingError) in
                        try pair.0.widened(toStateOf: pair.1)
                    }
                })
        case .select(var select) where select.items.count == types.count:
            for (place, type) in types.enumerated() {
                guard case .expression(let value, let alias) = select.items[place] else { continue }
                select.items[place] = .expression(
                    try value.widened(toStateOf: type), alias: alias)
            }
            query.body = .select(select)
        default: break
        }
        return query
    }

    // MARK: Rows

    /// Runs the query and returns the rows for the table, after what doesn't fit was looked at.
    func gather(
        _ conversion: InsertConversion, for table: NativeTable, _ query: Query,
        _ numbered: Int?, _ writer: SegmentWriter?, _ router: PartitionRouter? = nil,
        order: TableOrder? = nil
    ) throws(StarlingError) -> [Segment] {
        let segments = try gatherIncomplete(
            conversion, for: table, query, numbered, writer, router, order: order)
        do throws(StarlingError) { try checkNotNull(segments, table) } catch {
            throw try missingValue(conversion, table, query, numbered) ?? error
        }
        try table.noteNumbers(of: segments, numbered)
        return segments
    }

    /// Finds the first row of VALUES with NULL in a column that takes none.
    private func missingValue(
        _ conversion: InsertConversion, _ table: NativeTable, _ query: Query, _ numbered: Int?
    ) throws(StarlingError) -> StarlingError? {
        guard case .values(let values) = query.body else { return nil }
        let result = try execute(conversion.bound)
        guard result.chunks.count == 1, let chunk = result.chunks.first else { return nil }
        for row in 0..<chunk.count {
            for (position, column) in table.columns.enumerated()
            where !column.isNullable && position != numbered {
                guard !chunk.columns[position].isValid(row) else { continue }
                return StarlingError(
                    .data,
                    "row \(row + 1): column '\(column.name)' of '\(table.name)' takes no NULL",
                    at: conversion.place(of: position, inRow: row, values, query))
            }
        }
        return nil
    }

    /// Runs the query and returns the rows, which may have NULL where they must not.
    func gatherIncomplete(
        _ conversion: InsertConversion, for table: NativeTable, _ query: Query,
        _ numbered: Int?, _ writer: SegmentWriter? = nil, _ router: PartitionRouter? = nil,
        order: TableOrder? = nil
    ) throws(StarlingError) -> [Segment] {
        if conversion.checkedColumns.isEmpty || settings.flag("enable_insert_strict") {
            var bound = conversion.bound
            if let order { bound = try sorted(bound, of: table, by: order) }
            let types = table.columns.map(\.type)
            let sink = try run(try optimize(bound)) { _ in
                TableSink(types, table, numbered, writer, router, isOrdered: order != nil)
            }
            if !sink.hasMisfits {
                return order.map { sink.segments.sorted(by: $0.name(in: table)) } ?? sink.segments
            }
        }
        let chunks = try mapAll(try checkedRows(conversion, table, query)) {
            (chunk) throws(StarlingError) in try table.numbering(chunk, numbered)
        }
        let made = try self.segments(of: chunks, for: table, router, isStored: writer != nil)
        return try mapAll(made) { (segment) throws(StarlingError) in
            try writer?.store(segment) ?? segment
        }
    }

    /// Runs the query with its columns of misfits, reports those and leaves them out.
    private func checkedRows(
        _ conversion: InsertConversion, _ table: NativeTable, _ query: Query
    ) throws(StarlingError) -> [Chunk] {
        let result = try execute(conversion.bound)
        try checkMisfits(conversion, table, query, result)
        return result.chunks.map { chunk in
            Chunk(columns: Array(chunk.columns.prefix(table.columns.count)), count: chunk.count)
        }
    }

    /// Reports values that did not fit.
    func checkMisfits(
        _ conversion: InsertConversion, _ table: NativeTable, _ query: Query, _ result: Result
    ) throws(StarlingError) {
        let width = table.columns.count
        var values: [[Expression]] = []
        // Rows of VALUES keep their places as long as they are one chunk.
        if case .values(let rows) = query.body, result.chunks.count == 1 { values = rows }
        for (index, column) in conversion.checkedColumns.enumerated() {
            guard let (first, count) = misfits(of: result, at: width + index) else { continue }
            guard !settings.flag("enable_insert_strict") else {
                throw conversion.error(first, column, values, query)
            }
            session.warnings.append(
                "\(count) value\(count == 1 ? "" : "s") of column '\(table.columns[column].name)' "
                    + "did not fit \(table.columns[column].type) and became NULL, "
                    + "the first of them '\(first.text)'")
        }
    }

    /// Finds the first value that the conversion rejected and counts all of them.
    private func misfits(
        of result: Result, at position: Int
    ) -> (first: InsertConversion.Misfit, count: Int)? {
        var first: InsertConversion.Misfit?
        var count = 0
        var firstRow = 0
        for chunk in result.chunks {
            let vector = chunk.columns[position]
            let isEmpty =
                vector.isConstantNull
                || (!vector.isConstant && vector.validity?.validCount(of: chunk.count) == 0)
            for row in 0..<chunk.count where !isEmpty && vector.isValid(row) {
                count += 1
                guard first == nil, let text = vector.value(at: row).text else { continue }
                first = InsertConversion.Misfit(row: firstRow + row, text: text)
            }
            firstRow += chunk.count
        }
        return first.map { ($0, count) }
    }

    /// Says no to rows with NULL in a column that takes none; `remedy` says what else could be done.
    func checkNotNull(
        _ segments: [Segment], _ table: NativeTable, at places: [Int: TextRange] = [:],
        remedy: (String) -> String = { _ in "" }
    ) throws(StarlingError) {
        for (position, column) in table.columns.enumerated() where !column.isNullable {
            let count = try segments.nullCount(ofColumn: position, column.type)
            guard count > 0 else { continue }
            throw StarlingError(
                .data,
                "column '\(column.name)' of '\(table.name)' takes no NULL, which \(count) "
                    + "row\(count == 1 ? " has" : "s have")" + remedy(column.name),
                at: places[position])
        }
    }

    /// A key would be there twice once a temporary partition becomes another one.
    private func checkTemporary(
        _ named: [TablePartition]?, of table: NativeTable, isKeyed: Bool
    ) throws(StarlingError) {
        guard isKeyed, let temporary = named?.first(where: \.isTemporary) else { return }
        throw StarlingError(
            .unsupported,
            "the rows of '\(table.name)' have keys, and such rows don't go into the temporary "
                + "partition '\(temporary.name)'; INSERT OVERWRITE replaces a partition at once")
    }
}

extension Expression {
    /// Casts the arguments of a call that makes a state to those of the state that is wanted.
    fileprivate func widened(toStateOf type: LogicalType) throws(StarlingError) -> Expression {
        guard case .aggregateState(let function, let types) = type, case .call(var call) = kind,
            call.arguments.count == types.count,
            let made = FunctionRegistry.builtin.stateFunction(of: call.name.last.text),
            made.name == function
        else { return self }
        for (place, type) in types.enumerated() {
            let value = call.arguments[place].value
            call.arguments[place].value = Expression(
                .cast(value, try TypeName(naming: type), isTry: false), at: value.range)
        }
        return Expression(.call(call), at: range)
    }
}

extension LogicalType {
    fileprivate var isAggregateState: Bool {
        if case .aggregateState = self { true } else { false }
    }
}

extension Insert {
    /// Tells whether the columns of the query go by their names.
    fileprivate var takesNames: Bool {
        isByName
            || properties.contains {
                $0.key.lowercased() == "match_column_by" && $0.value.lowercased() == "name"
            }
    }
}
