// Queries and what stands in FROM.

extension Printer {
    mutating func writeParenthesised(_ query: Query) {
        write("(")
        write(query)
        write(")")
    }

    mutating func write(_ query: Query) {
        write(query.with)
        write(query.body)
        switch query.orderBy {
        case .items(let items): writeOrder(items)
        case .all(let isDescending, let areNullsFirst):
            write(" ORDER BY ALL")
            writeDirection(isDescending, areNullsFirst)
        }
        write(query.limit)
    }

    mutating func write(_ limit: Limit?) {
        guard let limit else { return }
        if let count = limit.count {
            write(" LIMIT ")
            write(count, .shift)
        }
        if let offset = limit.offset {
            write(" OFFSET ")
            write(offset, .shift)
        }
    }

    /// Writes WITH and a blank if there are common table expressions.
    mutating func write(_ with: WithClause?) {
        guard let with else { return }
        write(with.isRecursive ? "WITH RECURSIVE " : "WITH ")
        write(with.tables) { printer, table in
            printer.write(table.name)
            if !table.columns.isEmpty {
                printer.write(" ")
                printer.writeList(table.columns)
            }
            printer.write(" AS ")
            if let isMaterialized = table.isMaterialized {
                printer.write(isMaterialized ? "MATERIALIZED " : "NOT MATERIALIZED ")
            }
            printer.writeParenthesised(table.query)
        }
        write(" ")
    }

    private mutating func write(_ body: QueryBody) {
        switch body {
        case .select(let select): write(select)
        case .setOperation(let operation):
            write(operation.left)
            write(" \(operation.kind.rawValue) ")
            if operation.isAll { write("ALL ") }
            write(operation.right)
        case .values(let rows):
            write("VALUES ")
            write(rows) { $0.writeList($1) }
        case .parenthesised(let query): writeParenthesised(query)
        }
    }

    // MARK: SELECT

    private mutating func write(_ select: Select) {
        write("SELECT ")
        write(select.hints)
        if select.isDistinct { write("DISTINCT ") }
        if !select.distinctOn.isEmpty {
            write("DISTINCT ON ")
            writeList(select.distinctOn)
            write(" ")
        }
        write(select.items) { $0.write($1) }
        if !select.from.isEmpty {
            write(" FROM ")
            write(select.from) { $0.write($1) }
        }
        write(" WHERE ", select.condition)
        if let groupBy = select.groupBy { write(groupBy) }
        write(" HAVING ", select.having)
        if !select.windows.isEmpty {
            write(" WINDOW ")
            write(select.windows) { printer, window in
                printer.write(window.name)
                printer.write(" AS ")
                printer.write(window.specification)
            }
        }
        write(" QUALIFY ", select.qualify)
    }

    private mutating func write(_ item: SelectItem) {
        switch item {
        case .expression(let expression, let alias):
            write(expression)
            write(" AS ", alias)
        case .wildcard(let wildcard):
            if let qualifier = wildcard.qualifier {
                write(qualifier)
                write(".")
            }
            write("*")
            if !wildcard.excluded.isEmpty {
                write(" EXCLUDE ")
                writeList(wildcard.excluded)
            }
            if !wildcard.replaced.isEmpty {
                write(" REPLACE ")
                writeList(wildcard.replaced) { printer, replacement in
                    printer.write(replacement.expression)
                    printer.write(" AS ", replacement.name)
                }
            }
        }
    }

    private mutating func write(_ groupBy: GroupBy) {
        write(" GROUP BY ")
        switch groupBy {
        case .all: write("ALL")
        case .elements(let elements): write(elements) { $0.write($1) }
        }
    }

    private mutating func write(_ element: GroupingElement) {
        switch element {
        case .expression(let expression): write(expression)
        case .rollup(let levels):
            write("ROLLUP ")
            writeLevels(levels)
        case .cube(let levels):
            write("CUBE ")
            writeLevels(levels)
        case .sets(let sets):
            write("GROUPING SETS ")
            writeList(sets) { $0.write($1) }
        case .set(let expressions):
            // A subquery brings parentheses; in two pairs it would be a query in parentheses.
            if expressions.count == 1, case .scalarQuery = expressions[0].kind {
                write(expressions[0])
            } else {
                writeList(expressions)
            }
        }
    }

    private mutating func writeLevels(_ levels: [[Expression]]) {
        writeList(levels) { printer, level in
            if level.count == 1 { printer.write(level[0]) } else { printer.writeList(level) }
        }
    }

    /// Writes `/*+ .. */` and a blank if there are hints.
    mutating func write(_ hints: [Hint]) {
        guard !hints.isEmpty else { return }
        write("/*+ ")
        write(hints, separator: " ") { printer, hint in
            switch hint {
            case .setVariables(let assignments):
                printer.write("SET_VAR")
                printer.writeList(assignments) { $0.write($1) }
            case .setUserVariables(let assignments):
                printer.write("SET_USER_VARIABLE")
                printer.writeList(assignments) { printer, assignment in
                    printer.write("@")
                    printer.write(assignment)
                }
            case .other(let text): printer.write(text)
            }
        }
        write(" */ ")
    }

    private mutating func write(_ assignment: HintAssignment) {
        write(assignment.name)
        write(" = ", assignment.value)
    }
}
