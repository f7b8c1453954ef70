// Statements that write files: SELECT .. INTO OUTFILE, INSERT INTO FILES and COPY .. TO. All three
// become one request, and its query one pipeline that ends in files.

import StarlingBinder
import StarlingErrors
import StarlingExecution
import StarlingFiles
import StarlingFormats
import StarlingLake
import StarlingPlans
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingWriting

/// Says what is to be written where, whichever statement said it.
struct WriteRequest {
    var query: Query
    var path: String
    /// The format where neither the options nor the path's end name one.
    var fallbackFormat: String
    var options: [(name: String, value: String)]
    var existing: ExistingFiles
    var namesPrefix: Bool
}

extension StatementRunner {
    /// `SELECT .. INTO OUTFILE 'path' FORMAT AS format PROPERTIES (..)`.
    func runOutfile(_ query: Query, _ outfile: Outfile) throws(StarlingError) -> Result {
        var options = outfile.properties.map { (name: $0.key, value: $0.value) }
        if let format = outfile.format { options.append(("format", format)) }
        return try write(
            WriteRequest(
                query: query, path: outfile.path, fallbackFormat: "csv", options: options,
                existing: .keep, namesPrefix: true))
    }

    /// `INSERT INTO FILES ('path' = .., 'format' = ..) SELECT ..`.
    func runInsertIntoFiles(
        _ insert: Insert, _ properties: [Property]
    ) throws(StarlingError) -> Result {
        var options = properties.map { (name: $0.key, value: $0.value) }
        options += insert.properties.map { (name: $0.key, value: $0.value) }
        let place = options.firstIndex { $0.name.lowercased() == "path" }
        guard let place else {
            throw StarlingError(.binding, "FILES needs the property 'path'")
        }
        let path = options.remove(at: place).value
        if let column = insert.columns.first {
            throw StarlingError(
                .binding, "files have no columns yet; name them in the query with AS",
                at: column.range)
        }
        var query = insert.query
        if let with = insert.with { query.with = with.followed(by: query.with) }
        return try write(
            WriteRequest(
                query: query, path: path, fallbackFormat: "parquet", options: options,
                existing: insert.overwrites ? .overwrite : .keep, namesPrefix: true))
    }

    /// `COPY table TO 'path' (..)` and `COPY (query) TO 'path' (..)`.
    func runCopy(_ copy: Copy, _ statement: Statement) throws(StarlingError) -> Result {
        guard !copy.readsFile else { throw notExecuted("COPY .. FROM", statement) }
        let query: Query
        switch copy.subject {
        case .query(let given): query = given
        case .table(let name, let columns): query = Query(columns: columns, from: name)
        }
        var options: [(name: String, value: String)] = []
        for option in copy.options {
            let value = try option.value.map { (value) throws(StarlingError) in
                try optionText(value)
            }
            options.append((option.name.text, value ?? "true"))
        }
        return try write(
            WriteRequest(
                query: query, path: copy.path, fallbackFormat: "csv", options: options,
                existing: .replace, namesPrefix: false))
    }

    /// Reads an option's value: a word, a list of words, or any expression.
    private func optionText(_ expression: Expression) throws(StarlingError) -> String {
        switch expression.kind {
        case .column(let name):
            if let text = name.simpleText { return text }
        case .row(let parts), .array(let parts, type: _):
            var texts: [String] = []
            for part in parts { texts.append(try optionText(part)) }
            return texts.joined(separator: ",")
        default: break
        }
        let (value, type) = try evaluate(expression)
        if type == .boolean { return value == .boolean(true) ? "true" : "false" }
        return value.text(as: type) ?? ""
    }

    // MARK: Writing

    func write(_ request: WriteRequest) throws(StarlingError) -> Result {
        try applyHints(of: request.query)
        var options = request.options
        var format: String?
        if let place = options.firstIndex(where: { $0.name.lowercased() == "format" }) {
            format = options.remove(at: place).value
        }
        let writer = try fileWriter(
            named: format, path: request.path, otherwise: request.fallbackFormat)
        return try write(request, options, as: writer)
    }

    private func write<Writer: FileWriter>(
        _ request: WriteRequest, _ given: [(name: String, value: String)],
        as type: Writer.Type
    ) throws(StarlingError) -> Result {
        let options = try WriteOptions(
            completed(given, for: type), known: WriteTarget.options + Writer.options,
            format: Writer.name)
        var bound = try bind(request.query)
        let columns = writtenColumns(of: bound)
        let clustering = try options.columns("cluster_by", among: bound.columns.map(\.name))
        if !clustering.isEmpty {
            let names = bound.columns.map(\.name)
            bound = try bind(
                try request.query.clustered(by: clustering.map { names[$0] }, names: names))
        }
        let target = try WriteTarget(
            request.path, options: options, columns: columns.map(\.name),
            existing: request.existing, namesPrefix: request.namesPrefix, in: localFiles)
        let kept = columns.indices.filter {
            target.writesPartitionColumns || !target.partitionColumns.contains($0)
        }
        let rows = WrittenRows(columns: kept.map { columns[$0] }, orders: orders(of: bound, kept))
        let writer = try Writer(rows, options: options)
        let unfinished = UnfinishedFiles(localFiles)
        do throws(StarlingError) {
            try target.prepare(unfinished, in: localFiles, end: writer.fileExtension)
            let counts = try run(optimize(bound)) { (execution) in
                FileSink(
                    writer, target, unfinished, columns: columns, keptColumns: kept,
                    budget: execution.budget)
            }
            return Self.result(counts.counts)
        } catch {
            unfinished.abandon()
            throw error
        }
    }

    /// Adds the session's compression where the statement names none.
    private func completed<Writer: FileWriter>(
        _ given: [(name: String, value: String)], for type: Writer.Type
    ) -> [(name: String, value: String)] {
        guard let codec = settings.chosenValue("connector_sink_compression_codec"),
            let option = Writer.options.first(where: { $0.name == "compression" })
        else { return given }
        let names = [option.name] + option.aliases
        let isGiven = given.contains { item in
            names.contains { item.name.lowercased().hasSuffix($0) }
        }
        return isGiven ? given : given + [(option.name, codec)]
    }

    private static func result(_ counts: WrittenCounts) -> Result {
        let values = [counts.rowCount, counts.fileCount, counts.byteCount].map {
            Value.integer(Int128($0))
        }
        let result = Result(
            [("rows_written", .bigint), ("files_written", .bigint), ("bytes_written", .bigint)],
            rows: [values])
        return Result(
            columns: result.columns, chunks: result.chunks, affectedRowCount: counts.rowCount)
    }

    /// Describes the columns of a query's rows; a name that comes again gets a number.
    private func writtenColumns(of bound: BoundQuery) -> [TableColumn] {
        let names = uniqueNames(bound.columns.map(\.name))
        return zip(names, bound.columns).map { name, column in
            if name != column.name {
                session.warnings.append(
                    "another column '\(column.name)' is written as '\(name)'")
            }
            return TableColumn(
                name: name, type: column.type,
                isNullable: !bound.plan.neverGivesNull(column.id))
        }
    }

    /// Finds the order that the query asks for, in places among the columns that are `kept`.
    private func orders(of bound: BoundQuery, _ kept: [Int]) -> [WrittenRows.Order] {
        var orders: [WrittenRows.Order] = []
        for order in bound.plan.orders {
            guard let place = bound.columns.firstIndex(where: { $0.id == order.id }) else { break }
            // A partition's column is the same throughout a file.
            guard let column = kept.firstIndex(of: place) else { continue }
            orders.append(
                WrittenRows.Order(
                    column: column, isAscending: order.isAscending, nullsFirst: order.nullsFirst))
        }
        return orders
    }
}
