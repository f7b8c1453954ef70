// Statements: one case each, the larger families in their own files.

extension Printer {
    mutating func write(_ statement: Statement) {
        switch statement.kind {
        case .query(let query, let outfile):
            write(query)
            if let outfile { write(outfile) }
        case .explain(let mode, let inner):
            write("\(mode.rawValue) ")
            write(inner)
        case .insert(let insert): write(insert)
        case .update(let update): write(update)
        case .delete(let delete): write(delete)
        case .merge(let merge): write(merge)
        case .truncate(let name, let partitions):
            write("TRUNCATE TABLE ", name)
            write(partitions)
        case .copy(let copy): write(copy)
        case .createTable(let table): write(table)
        case .alterTable(let alter):
            write("ALTER TABLE ", alter.name)
            write(" ")
            write(alter.actions) { $0.write($1) }
        case .drop(let drop): write(drop)
        case .recover(let kind, let name): write("RECOVER \(kind.rawValue) ", name)
        case .renameDatabase(let name, let new):
            write("ALTER DATABASE ", name)
            write(" RENAME ", new)
        case .cleanLabels(let label, in: let database):
            write("CLEAN LABEL")
            write(" ", label)
            if let database { write(" FROM ", database) }
        case .recoverPartition(let partition, of: let table):
            write("RECOVER PARTITION ", partition)
            write(" FROM ", table)
        case .restoreTable(let name, let time):
            write("RESTORE TABLE ", name)
            write(" TO")
            write(time)
        case .createView, .alterView, .createMaterializedView, .alterMaterializedView,
            .refreshMaterializedView, .cancelRefresh:
            writeViewStatement(statement.kind)
        case .createIndex, .createDatabase, .createCatalog, .createFunction, .createTextAnalyzer,
            .createPipe, .alterPipe:
            writeCreation(statement.kind)
        case .set, .setCatalog, .unset, .use, .show, .describe, .summarize, .help:
            writeSession(statement.kind)
        default: writeUpkeep(statement.kind)
        }
    }

    /// Writes `prefix name`.
    mutating func write(_ prefix: String, _ name: QualifiedName) {
        write(prefix)
        write(name)
    }

    private mutating func write(_ outfile: Outfile) {
        write(" INTO OUTFILE \(Self.quoted(outfile.path.value))")
        if let format = outfile.format { write(" FORMAT AS \(Self.quoted(format.value))") }
        write(" PROPERTIES ", outfile.properties)
    }

    private mutating func write(_ drop: Drop) {
        write("DROP ")
        if drop.isTemporary { write("TEMPORARY ") }
        if drop.isGlobal { write("GLOBAL ") }
        write(drop.ifExists ? "\(drop.kind.rawValue) IF EXISTS " : "\(drop.kind.rawValue) ")
        write(drop.name)
        if let table = drop.table { write(" ON ", table) }
        if let types = drop.parameterTypes { writeList(types) { $0.write($1) } }
        if drop.force { write(" FORCE") }
    }

    // MARK: Session

    private mutating func writeSession(_ kind: Statement.Kind) {
        switch kind {
        case .set(let assignments):
            write("SET ")
            write(assignments) { $0.write($1) }
        case .setCatalog(let name): write("SET CATALOG ", name)
        case .unset(let names):
            write("UNSET VARIABLE ")
            write(names) { $0.write($1) }
        case .use(let name): write("USE ", name)
        case .show(let show): write(show)
        case .describe(let describe): write(describe)
        case .summarize(let query):
            write("SUMMARIZE ")
            write(query)
        case .help(let topic): write("HELP \(Self.quoted(topic))")
        default: break
        }
    }

    private mutating func write(_ assignment: Assignment) {
        switch assignment.target {
        case .variable(let name, let scope):
            if let scope { write("\(scope.rawValue) ") }
            write(name)
            write(" = ", assignment.value)
        case .user(let name):
            write("@")
            write(name)
            write(" = ", assignment.value)
        case .names: write("NAMES ", assignment.value)
        case .transaction:
            guard case .literal(.string(let text)) = assignment.value.kind else { return }
            write("TRANSACTION \(text)")
        }
    }

    private mutating func write(_ show: Show) {
        write("SHOW \(show.subject)")
        if let name = show.name {
            write(show.subject.hasPrefix("CREATE ") ? " " : " FROM ", name)
        }
        if let database = show.database { write(" FROM ", database) }
        if let pattern = show.pattern { write(" LIKE \(Self.quoted(pattern))") }
        write(" WHERE ", show.condition)
        writeOrder(show.orderBy)
        write(show.limit)
    }

    private mutating func write(_ describe: Describe) {
        write("DESCRIBE ")
        switch describe.subject {
        case .table(let name): write(name)
        case .path(let path): writeString(path)
        case .function(let function): write(function)
        case .query(let query): write(query)
        case .textAnalyzer(let name): write("TEXT ANALYZER ", name)
        }
        if describe.all { write(" ALL") }
    }

    // MARK: Transactions, prepared statements, upkeep

    private mutating func writeUpkeep(_ kind: Statement.Kind) {
        switch kind {
        case .analyze(let analyze): write(analyze)
        case .createAnalyze(let create): write(create)
        case .dropStatistics(let table): write("DROP STATS ", table)
        case .kill(let kill):
            write("KILL ")
            if let kind = kill.kind { write("\(kind.text) ") }
            write(kill.id)
        case .optimize(let optimize): write(optimize)
        case .recommend(let what, let table): write("RECOMMEND \(what.rawValue) FOR ", table)
        case .recommendViews(let queries, let applies):
            write("RECOMMEND MATERIALIZED VIEWS")
            if !queries.isEmpty {
                write(" FOR ")
                write(queries) { printer, query in
                    printer.write("(")
                    printer.write(query)
                    printer.write(")")
                }
            }
            if applies { write(" APPLY") }
        case .check(let tables):
            write("CHECK TABLE ")
            write(tables) { $0.write($1) }
        case .repair(let tables):
            write("REPAIR TABLE ")
            write(tables) { $0.write($1) }
        case .call(let name, let arguments):
            write("CALL ", name)
            writeList(arguments) { $0.writeOfProcedure($1) }
        case .prepare(let name, let statement):
            write("PREPARE ", name)
            write(" FROM ")
            write(statement)
        case .execute(let name, let values):
            write("EXECUTE ", name)
            if !values.isEmpty { write(" USING ") }
            write(values) { $0.write($1) }
        case .deallocate(let name): write("DEALLOCATE PREPARE ", name)
        case .begin(let isReadOnly):
            write("START TRANSACTION")
            if let isReadOnly { write(isReadOnly ? " READ ONLY" : " READ WRITE") }
        case .commit: write("COMMIT")
        case .rollback: write("ROLLBACK")
        case .submitTask(let task): write(task)
        case .dropTask(let name, let ifExists, let force):
            write(ifExists ? "DROP TASK IF EXISTS " : "DROP TASK ", name)
            if force { write(" FORCE") }
        case .other(_, let text): write(text)
        default: preconditionFailure("a statement without a printed form")
        }
    }

    private mutating func writeExtent(_ isFull: Bool?) {
        if let isFull { write(isFull ? "FULL " : "SAMPLE ") }
    }

    private mutating func write(_ analyze: Analyze) {
        write("ANALYZE ")
        writeExtent(analyze.isFull)
        write("TABLE ", analyze.table)
        switch analyze.action {
        case .statistics: break
        case .updateHistogram: write(" UPDATE HISTOGRAM ON ")
        case .dropHistogram: write(" DROP HISTOGRAM ON ")
        }
        switch analyze.extent {
        case .listed: break
        case .all: write(" ALL COLUMNS")
        case .predicate: write(" PREDICATE COLUMNS")
        case .together: write(" MULTIPLE COLUMNS")
        }
        if analyze.action != .statistics {
            write(analyze.columns) { $0.write($1) }
        } else if !analyze.columns.isEmpty {
            write(" ")
            writeList(analyze.columns) { $0.write($1) }
        }
        write(analyze.partitions)
        writeSyncMode(analyze.isSynchronous)
        if case .updateHistogram(let buckets?) = analyze.action {
            write(" WITH \(buckets) BUCKETS")
        }
        write(" PROPERTIES ", analyze.properties)
    }

    mutating func writeSyncMode(_ isSynchronous: Bool?) {
        if let isSynchronous { write(isSynchronous ? " WITH SYNC MODE" : " WITH ASYNC MODE") }
    }

    private mutating func write(_ create: CreateAnalyze) {
        write("CREATE ANALYZE ")
        writeExtent(create.isFull)
        switch create.scope {
        case .all: write("ALL")
        case .database(let name): write("DATABASE ", name)
        case .table(let name, let columns):
            write("TABLE ", name)
            if !columns.isEmpty {
                write(" ")
                writeList(columns) { $0.write($1) }
            }
        }
        write(" PROPERTIES ", create.properties)
    }

    private mutating func write(_ optimize: Optimize) {
        write("OPTIMIZE TABLE ", optimize.table)
        if !optimize.partitions.isEmpty {
            write(" PARTITION ")
            writeList(optimize.partitions)
        }
        if optimize.isFinal { write(" FINAL") }
        write(" WHERE ", optimize.condition)
        switch optimize.clustering {
        case .key(let key):
            write(" CLUSTER BY ")
            write(key)
        case .automatic: write(" CLUSTER AUTO")
        case nil: break
        }
    }

    private mutating func write(_ task: SubmitTask) {
        write("SUBMIT ")
        write(task.hints)
        write("TASK")
        if let name = task.name { write(" ", name) }
        if task.start != nil || task.every != nil { write(" SCHEDULE") }
        writeSchedule(task.start, task.every)
        write(" PROPERTIES ", task.properties)
        write(" AS ")
        write(task.statement)
    }

    mutating func writeSchedule(_ start: String?, _ every: Expression?) {
        if let start { write(" START (\(Self.quoted(start)))") }
        if let every {
            write(" EVERY (", every)
            write(")")
        }
    }
}
