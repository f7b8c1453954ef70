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
    var path: Property
    /// The format where neither the options nor the path's end name one.
    var fallbackFormat: String
    var options: [Property]
    var existing: ExistingFiles
    var namesPrefix: Bool

    /// Adds the place of what an error is about.
    func located(_ error: StarlingError) -> StarlingError {
        error.located(among: options + [path])
    }
}

/// Holds what is known of a statement that writes before its query runs.
private struct PreparedWrite<Writer: FileWriter> {
    var writer: Writer
    var target: WriteTarget
    var bound: BoundQuery
    var columns: [TableColumn]
    /// The columns that the files have.
    var kept: [Int]
    var orders: [WrittenRows.Order]
}

extension StatementRunner {
    /// Reads what a statement writes where; nil for one that writes no files.
    func writeRequest(of statement: Statement) throws(StarlingError) -> WriteRequest? {
        switch statement.kind {
        case .query(let query, let outfile?): return try writeRequest(query, outfile)
        case .insert(let insert):
            guard case .files(let properties) = insert.target else { return nil }
            return try writeRequest(insert, properties)
        case .copy(let copy): return copy.readsFile ? nil : try writeRequest(copy)
        default: return nil
        }
    }

    /// `SELECT .. INTO OUTFILE 'path' FORMAT AS format PROPERTIES (..)`.
    private func writeRequest(
        _ query: Query, _ outfile: Outfile
    ) throws(StarlingError) -> WriteRequest {
        let options = outfile.properties + (outfile.format.map { [$0] } ?? [])
        try options.checkNames(of: "OUTFILE")
        return WriteRequest(
            query: query, path: outfile.path, fallbackFormat: "csv", options: options,
            existing: .keep, namesPrefix: true)
    }

    /// `INSERT INTO FILES ('path' = .., 'format' = ..) SELECT ..`.
    private func writeRequest(
        _ insert: Insert, _ properties: [Property]
    ) throws(StarlingError) -> WriteRequest {
        var options = properties + insert.properties
        try options.checkNames(of: "FILES")
        let place = options.firstIndex { $0.key.lowercased() == "path" }
        guard let place else {
            throw StarlingError(.binding, "FILES needs the property 'path'")
        }
        let path = options.remove(at: place)
        if let column = insert.columns.first {
            throw StarlingError(
                .binding, "files have no columns yet; name them in the query with AS",
                at: column.range)
        }
        var query = insert.query
        if let with = insert.with { query.with = with.followed(by: query.with) }
        return WriteRequest(
            query: query, path: path, fallbackFormat: "parquet", options: options,
            existing: insert.overwrites ? .overwrite : .keep, namesPrefix: true)
    }

    /// `COPY table TO 'path' (..)` and `COPY (query) TO 'path' (..)`.
    private func writeRequest(_ copy: Copy) throws(StarlingError) -> WriteRequest {
        let query: Query
        switch copy.subject {
        case .query(let given): query = given
        case .table(let name, let columns): query = Query(columns: columns, from: name)
        }
        return WriteRequest(
            query: query, path: copy.path, fallbackFormat: "csv", options: try options(of: copy),
            existing: .replace, namesPrefix: false)
    }

    /// Reads the options of COPY; one without a value is on.
    func options(of copy: Copy) throws(StarlingError) -> [Property] {
        var options: [Property] = []
        for option in copy.options {
            let value = try option.value.map { (value) throws(StarlingError) in
                try optionText(value)
            }
            options.append(
                Property(
                    key: option.name.text, value: value ?? "true", keyRange: option.name.range,
                    valueRange: option.value?.range ?? option.name.range))
        }
        try options.checkNames(of: "COPY")
        return options
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
        do throws(StarlingError) {
            let (writer, options) = try chosenWriter(request)
            return try write(request, options, as: writer)
        } catch {
            throw request.located(error)
        }
    }

    /// Finds the format of what is written, and the options besides it.
    private func chosenWriter(
        _ request: WriteRequest
    ) throws(StarlingError) -> (any FileWriter.Type, [Property]) {
        var options = request.options
        var format: String?
        if let place = options.firstIndex(where: { $0.key.lowercased() == "format" }) {
            format = options.remove(at: place).value
        }
        let writer = try fileWriter(
            named: format, path: request.path.value, otherwise: request.fallbackFormat)
        return (writer, options)
    }

    private func write<Writer: FileWriter>(
        _ request: WriteRequest, _ given: [Property],
        as type: Writer.Type
    ) throws(StarlingError) -> Result {
        let prepared = try prepare(request, given, as: type)
        let (writer, target) = (prepared.writer, prepared.target)
        let unfinished = UnfinishedFiles(localFiles)
        do throws(StarlingError) {
            try target.prepare(unfinished, in: localFiles, end: writer.fileExtension)
            let counts = try run(optimize(prepared.bound)) { (execution) in
                FileSink(
                    writer, target, unfinished, columns: prepared.columns,
                    keptColumns: prepared.kept, budget: execution.budget)
            }
            return Self.result(counts.counts)
        } catch {
            unfinished.abandon()
            throw error
        }
    }

    /// Checks all that can be checked before the query runs.
    private func prepare<Writer: FileWriter>(
        _ request: WriteRequest, _ given: [Property],
        as type: Writer.Type
    ) throws(StarlingError) -> PreparedWrite<Writer> {
        let options = try WriteOptions(
            completed(given, for: type, path: request.path.value),
            known: WriteTarget.options + Writer.options,
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
            request.path.value, options: options, columns: columns.map(\.name),
            existing: request.existing, namesPrefix: request.namesPrefix, in: localFiles)
        let kept = columns.indices.filter {
            target.writesPartitionColumns || !target.partitionColumns.contains($0)
        }
        let rows = WrittenRows(columns: kept.map { columns[$0] }, orders: orders(of: bound, kept))
        return PreparedWrite(
            writer: try Writer(rows, options: options), target: target, bound: bound,
            columns: columns, kept: kept, orders: rows.orders)
    }

    /// Tells what a statement would write, and with which plan.
    func describe(
        _ request: WriteRequest
    ) throws(StarlingError) -> (lines: [String], bound: BoundQuery) {
        try applyHints(of: request.query)
        do throws(StarlingError) {
            let (writer, options) = try chosenWriter(request)
            return try describe(request, options, as: writer)
        } catch {
            throw request.located(error)
        }
    }

    private func describe<Writer: FileWriter>(
        _ request: WriteRequest, _ given: [Property],
        as type: Writer.Type
    ) throws(StarlingError) -> (lines: [String], bound: BoundQuery) {
        let prepared = try prepare(request, given, as: type)
        let names = prepared.columns.map(\.name)
        var lines: [String] = []
        switch prepared.target.layout {
        case .file(let path): lines.append("WRITE \(Writer.name) '\(path)'")
        case .folder(let folder, let prefix):
            let end = prepared.writer.fileExtension
            lines.append("WRITE \(Writer.name) '\(folder)\(prefix)*.\(end)'")
        }
        let partitions = prepared.target.partitionColumns.map { names[$0] }
        if !partitions.isEmpty {
            lines.append("    a folder for each: \(partitions.joined(separator: ", "))")
        }
        let orders = prepared.orders.map { order in
            names[prepared.kept[order.column]] + (order.isAscending ? "" : " DESC")
        }
        if !orders.isEmpty { lines.append("    sorted by: \(orders.joined(separator: ", "))") }
        if !given.isEmpty {
            let options = given.map { "\($0.key) = \($0.value)" }
            lines.append("    options: \(options.joined(separator: ", "))")
        }
        return (lines, prepared.bound)
    }

    /// Adds what the path's end stands for, and the session's compression, where the statement does
    /// not say otherwise.
    private func completed<Writer: FileWriter>(
        _ given: [Property], for type: Writer.Type, path: String
    ) -> [(name: String, value: String)] {
        var result = given.map { (name: $0.key, value: $0.value) }
        var implied = Writer.options(meantByEnds: fileNameEnds(path))
        if let codec = settings.chosenValue("connector_sink_compression_codec") {
            implied.append(("compression", codec))
        }
        for (name, value) in implied {
            guard let option = Writer.options.first(where: { $0.name == name }) else { continue }
            let names = [option.name] + option.aliases
            let isGiven = result.contains { item in
                names.contains { item.name.lowercased().hasSuffix($0) }
            }
            if !isGiven { result.append((option.name, value)) }
        }
        return result
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
