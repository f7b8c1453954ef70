// Sources of rows.

extension Printer {
    mutating func write(_ source: TableReference) {
        switch source.kind {
        case .table(let table): write(table)
        case .path(let path, let alias):
            writeString(path)
            write(alias)
        case .function(let function): write(function)
        case .subquery(let query, let isLateral, let alias):
            if isLateral { write("LATERAL ") }
            writeParenthesised(query)
            write(alias)
        case .join(let join): write(join)
        case .pivot(let pivot): write(pivot)
        case .unpivot(let unpivot): write(unpivot)
        }
    }

    /// Writes a source where a join needs parentheses.
    mutating func writePrimary(_ source: TableReference) {
        guard case .join = source.kind else { return write(source) }
        write("(")
        write(source)
        write(")")
    }

    private mutating func write(_ join: Join) {
        write(join.left)
        write(join.condition == .natural ? " NATURAL " : " ")
        write(join.kind.rawValue)
        if let hint = join.hint { write(" [\(hint)]") }
        write(" ")
        writePrimary(join.right)
        switch join.condition {
        case .on(let condition): write(" ON ", condition)
        case .using(let columns):
            write(" USING ")
            writeList(columns)
        case .natural, nil: break
        }
    }

    private mutating func write(_ alias: TableAlias?) {
        guard let alias else { return }
        write(" AS ", alias.name)
        guard !alias.columns.isEmpty else { return }
        write(" ")
        writeList(alias.columns)
    }

    private mutating func write(_ table: NamedTable) {
        write(table.name)
        write(table.timeTravel)
        write(table.partitions)
        if !table.tablets.isEmpty {
            write(" TABLET ")
            writeList(table.tablets) { $0.write($1) }
        }
        if !table.replicas.isEmpty {
            write(" REPLICA ")
            writeList(table.replicas) { $0.write($1) }
        }
        if let sample = table.sample { write(sample) }
        write(table.alias)
        if !table.hints.isEmpty {
            write(" ")
            writeBrackets(table.hints)
        }
    }

    mutating func write(_ timeTravel: TimeTravel?) {
        switch timeTravel {
        case .version(let version):
            write(" FOR VERSION AS OF ")
            write(version, .shift)
        case .timestamp(let moment):
            write(" FOR TIMESTAMP AS OF ")
            write(moment, .shift)
        case .period(let isVersion, let period):
            write(isVersion ? " FOR VERSION " : " FOR TIMESTAMP ")
            write(period)
        case nil: break
        }
    }

    private mutating func write(_ period: TimeTravel.Period) {
        switch period {
        case .all: write("ALL")
        case .between(let from, let to):
            write("BETWEEN ")
            write(from, .shift)
            write(" AND ")
            write(to, .shift)
        case .fromTo(let from, let to):
            write("FROM ")
            write(from, .shift)
            write(" TO ")
            write(to, .shift)
        }
    }

    mutating func write(_ selection: PartitionSelection?) {
        guard let selection else { return }
        write(selection.isTemporary ? " TEMPORARY PARTITION " : " PARTITION ")
        guard selection.values.isEmpty else {
            return writeList(selection.values) { printer, value in
                printer.write(value.column)
                printer.write(" = ", value.value)
            }
        }
        writeList(selection.names)
    }

    private mutating func write(_ sample: TableSample) {
        switch sample {
        case .share(let share): write(share)
        case .properties(let properties): write(" SAMPLE ", properties)
        }
    }

    private mutating func write(_ sample: TableSample.Share) {
        write(" TABLESAMPLE")
        write(" ", sample.method)
        write(" (")
        write(sample.amount, .shift)
        write(sample.isRows ? " ROWS)" : " PERCENT)")
        if let seed = sample.seed {
            write(" REPEATABLE (", seed)
            write(")")
        }
    }

    mutating func write(_ function: TableFunction) {
        if function.isLateral { write("LATERAL ") }
        if function.isWrapped { write("TABLE(") }
        write(function.name)
        if function.properties.isEmpty {
            writeArguments(function.arguments)
        } else {
            writeProperties(function.properties)
        }
        if function.isWrapped { write(")") }
        write(function.alias)
    }

    /// Writes arguments in parentheses. What begins with a string and an equals sign would be read
    /// as properties, so such an argument has parentheses of its own.
    private mutating func writeArguments(_ arguments: [FunctionArgument]) {
        writeList(Array(arguments.enumerated())) { printer, argument in
            let value = argument.element.value
            if case .literal = value.kind { return printer.write(argument.element) }
            if argument.offset > 0 { return printer.write(argument.element) }
            printer.write(argument.element, separatedFrom: ["'", "\""])
        }
    }

    private mutating func write(_ pivot: Pivot) {
        writePrimary(pivot.source)
        write(" PIVOT (")
        write(pivot.aggregates) { printer, aggregate in
            printer.write(aggregate.call)
            printer.write(" AS ", aggregate.alias)
        }
        write(" FOR ")
        writeColumns(pivot.columns)
        write(" IN ")
        writeList(pivot.values) { printer, value in
            if value.values.count == 1 {
                printer.write(value.values[0])
            } else {
                printer.writeList(value.values)
            }
            printer.write(" AS ", value.alias)
        }
        write(")")
        write(pivot.alias)
    }

    private mutating func write(_ unpivot: Unpivot) {
        writePrimary(unpivot.source)
        write(unpivot.includesNulls ? " UNPIVOT INCLUDE NULLS (" : " UNPIVOT (")
        if unpivot.values.count == 1 {
            write(unpivot.values[0])
        } else {
            writeList(unpivot.values)
        }
        write(" FOR ", unpivot.name)
        write(" IN ")
        writeList(unpivot.columns) { printer, column in
            printer.writeColumns(column.columns)
            if let label = column.label {
                printer.write(" AS ")
                printer.write(label, .shift)
            }
        }
        write(")")
        write(unpivot.alias)
    }

    private mutating func writeColumns(_ columns: [QualifiedName]) {
        if columns.count == 1 {
            write(columns[0])
        } else {
            writeList(columns) { $0.write($1) }
        }
    }
}
