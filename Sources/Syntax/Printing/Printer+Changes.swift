// INSERT, UPDATE, DELETE, MERGE and COPY.

extension Printer {
    mutating func write(_ insert: Insert) {
        write(insert.with)
        write("INSERT ")
        write(insert.hints)
        write(insert.overwrites ? "OVERWRITE " : "INTO ")
        switch insert.target {
        case .table(let name): write(name)
        case .files(let properties): write("FILES", properties)
        case .blackhole: write("BLACKHOLE()")
        }
        write(insert.timeTravel)
        write(insert.partitions)
        write(" WITH LABEL ", insert.label)
        if insert.isByName { write(" BY NAME") }
        if !insert.columns.isEmpty {
            write(" ")
            writeList(insert.columns)
        }
        write(" PROPERTIES ", insert.properties)
        if insert.takesDefaults { return write(" DEFAULT VALUES") }
        write(" ")
        write(insert.query)
    }

    private mutating func write(_ assignments: [ColumnAssignment]) {
        write(assignments) { printer, assignment in
            printer.write(assignment.column)
            printer.write(" = ", assignment.value)
        }
    }

    mutating func write(_ update: Update) {
        write(update.with)
        write("UPDATE ")
        write(update.hints)
        write(update.table)
        write(" AS ", update.alias)
        write(" SET ")
        write(update.assignments)
        if !update.from.isEmpty {
            write(" FROM ")
            write(update.from) { $0.write($1) }
        }
        write(" WHERE ", update.condition)
    }

    mutating func write(_ delete: Delete) {
        write(delete.with)
        write("DELETE ")
        write(delete.hints)
        write("FROM ", delete.table)
        write(delete.partitions)
        write(" AS ", delete.alias)
        if !delete.using.isEmpty {
            write(" USING ")
            write(delete.using) { $0.write($1) }
        }
        write(" WHERE ", delete.condition)
    }

    mutating func write(_ merge: Merge) {
        write(merge.with)
        write("MERGE INTO ", merge.target)
        write(" AS ", merge.alias)
        write(" USING ")
        writePrimary(merge.source)
        write(" ON ", merge.condition)
        for clause in merge.clauses {
            write(" WHEN \(clause.match.rawValue)")
            write(" AND ", clause.condition)
            write(" THEN ")
            write(clause.action)
        }
    }

    private mutating func write(_ action: Merge.Action) {
        switch action {
        case .delete: write("DELETE")
        case .update(let assignments):
            write("UPDATE SET ")
            write(assignments)
        case .updateAll: write("UPDATE SET *")
        case .insert(let columns, let values):
            write("INSERT ")
            if !columns.isEmpty {
                writeList(columns)
                write(" ")
            }
            write("VALUES ")
            writeList(values)
        case .insertAll: write("INSERT *")
        case .doNothing: write("DO NOTHING")
        }
    }

    mutating func write(_ copy: Copy) {
        write("COPY ")
        switch copy.subject {
        case .table(let name, let columns):
            write(name)
            if !columns.isEmpty {
                write(" ")
                writeList(columns)
            }
        case .query(let query): writeParenthesised(query)
        }
        write(copy.readsFile ? " FROM " : " TO ")
        writeString(copy.path.value)
        guard !copy.options.isEmpty else { return }
        write(" ")
        writeList(copy.options) { printer, option in
            printer.write(option.name)
            printer.write(" = ", option.value)
        }
    }
}
