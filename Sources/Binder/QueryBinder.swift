// Binds queries: the tree of the syntax becomes a plan in which every name is settled.
// Subqueries stay in the expressions, as plans of their own, until the optimizer removes them.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

/// Holds a bound query: its plan and the columns that it shows, in order.
package struct BoundQuery {
    package var plan: LogicalPlan
    package var columns: [PlanColumn]

    package init(plan: LogicalPlan, columns: [PlanColumn]) {
        self.plan = plan
        self.columns = columns
    }
}

/// Binds the queries of one statement.
package final class QueryBinder {
    let environment: any BinderEnvironment
    package let allocator: ColumnAllocator
    /// Common table expressions that can be named here, innermost last.
    var commonTables: [CommonTableBinding] = []
    var nextSharedID = 0
    /// The functions whose texts are being bound, outermost first.
    var expandedFunctions: [String] = []
    var depth = 0
    /// Where the view whose query is being bound stands in the statement; its text is another.
    var viewPlace: TextRange?
    /// The columns that expressions have named; a bare NULL does not stand in what is made of them.
    var namedColumns: Set<ColumnID> = []
    /// Where columns are named outside of aggregates.
    var columnPlaces: [ColumnID: [TextRange]] = [:]

    package init(environment: any BinderEnvironment, allocator: ColumnAllocator) {
        self.environment = environment
        self.allocator = allocator
    }

    package func bind(_ query: Query) throws(StarlingError) -> BoundQuery {
        settled(try bind(query, outer: nil))
    }

    /// Gives types to the columns that have none of their own.
    package func settled(_ source: BoundQuery) -> BoundQuery {
        castColumns(of: source, to: source.columns.map(\.type.settled))
    }

    /// Binds a query whose values are yet to be converted to the types of a table's columns: NULL,
    /// [] and map{} have no type of their own until then.
    package func bind(source query: Query) throws(StarlingError) -> BoundQuery {
        try bind(query, outer: nil)
    }

    /// Binds an expression that reads no table.
    package func bind(constant expression: Expression) throws(StarlingError) -> BoundExpression {
        try ExpressionBinder(self, scope: Scope(parent: nil)).bind(expression)
    }

    /// Binds an expression over the columns of a row, which bear their own names.
    package func bind(
        _ expression: Expression, over columns: [PlanColumn]
    ) throws(StarlingError) -> BoundExpression {
        let named = columns.map {
            ScopeColumn(table: nil, database: nil, name: $0.name, column: $0)
        }
        return try ExpressionBinder(self, scope: Scope(columns: named, parent: nil))
            .bind(expression)
    }

    /// Binds a query in the scope `outer`, whose columns it may refer to.
    func bind(_ query: Query, outer: Scope?) throws(StarlingError) -> BoundQuery {
        depth += 1
        defer { depth -= 1 }
        guard depth < 200 else {
            throw StarlingError(
                .binding, "queries or views are nested more than 200 levels deep", at: query.range)
        }
        let visibleTables = commonTables.count
        defer { commonTables.removeSubrange(visibleTables...) }
        var shared: [CommonTableBinding] = []
        if let with = query.with {
            for table in with.tables {
                if shared.contains(where: {
                    $0.name.lowercased() == table.name.text.lowercased()
                }) {
                    throw StarlingError(
                        .binding, "WITH defines '\(table.name.text)' twice", at: table.name.range)
                }
                let binding = try bindCommonTable(table, with.isRecursive, outer)
                commonTables.append(binding)
                shared.append(binding)
            }
        }
        var bound = try bindBody(query, outer)
        try bound.plan.checkOpaqueValues()
        for binding in shared.reversed() {
            guard let definition = binding.definition else { continue }
            bound.plan = LogicalPlan(
                .shared(
                    SharedNode(
                        id: binding.id, name: binding.name, definition: definition,
                        body: bound.plan)))
        }
        return bound
    }

    private func bindBody(_ query: Query, _ outer: Scope?) throws(StarlingError) -> BoundQuery {
        if case .select(let select) = query.body {
            return try SelectBinder(self, outer: outer).bind(
                select, orderBy: query.orderBy, limit: query.limit)
        }
        let bound = try bindBody(query.body, outer)
        return try order(bound, by: query.orderBy, limit: query.limit, outer)
    }

    func bindBody(_ body: QueryBody, _ outer: Scope?) throws(StarlingError) -> BoundQuery {
        switch body {
        case .select(let select):
            try SelectBinder(self, outer: outer).bind(select, orderBy: .items([]), limit: nil)
        case .setOperation(let operation): try bindSetOperation(operation, outer)
        case .values(let rows): try bindValues(rows, outer)
        case .parenthesised(let inner): try bind(inner, outer: outer)
        }
    }

    // MARK: ORDER BY and LIMIT over a finished result

    /// Orders by names, positions or expressions of the result's own columns.
    private func order(
        _ bound: BoundQuery, by orderBy: OrderBy, limit: Limit?, _ outer: Scope?
    ) throws(StarlingError) -> BoundQuery {
        let scope = Scope(
            columns: bound.columns.map { ScopeColumn(name: $0.name, column: $0) }, parent: outer)
        let expressions = ExpressionBinder(self, scope: scope)
        var keys: [SortKey] = []
        switch orderBy {
        case .all(let isDescending, let nullsFirst):
            keys = bound.columns.map {
                SortKey(
                    expression: .column($0), isAscending: !isDescending, nullsFirst: nullsFirst)
            }
        case .items(let items):
            for item in items {
                let expression: BoundExpression
                if let position = try ordinal(item.expression, count: bound.columns.count) {
                    expression = .column(bound.columns[position])
                } else {
                    expression = try expressions.bind(item.expression)
                }
                keys.append(SortKey(item, expression))
            }
        }
        let (count, offset) = try bindLimit(limit, outer)
        var result = bound
        result.plan = limited(bound.plan, keys: keys, limit: count, offset: offset)
        return result
    }

    func limited(
        _ plan: LogicalPlan, keys: [SortKey], limit: Int?, offset: Int
    ) -> LogicalPlan {
        let keys = keys.map(\.orderable)
        if !keys.isEmpty {
            return LogicalPlan(
                .sort(SortNode(input: plan, keys: keys, limit: limit, offset: offset)))
        }
        guard limit != nil || offset > 0 else { return plan }
        return LogicalPlan(.limit(LimitNode(input: plan, limit: limit, offset: offset)))
    }

    /// Binds LIMIT, in which parameters of functions may stand but no columns.
    func bindLimit(
        _ limit: Limit?, _ outer: Scope?
    ) throws(StarlingError) -> (limit: Int?, offset: Int) {
        (
            try bindCount(limit?.count, "LIMIT", outer),
            try bindCount(limit?.offset, "OFFSET", outer) ?? 0
        )
    }

    private func bindCount(
        _ expression: Expression?, _ clause: String, _ outer: Scope?
    ) throws(StarlingError) -> Int? {
        guard let expression else { return nil }
        let bound = try ExpressionBinder(self, scope: Scope(parent: outer)).bind(expression)
        if case .column(let column) = bound, let number = column.placeholderNumber {
            environment.expect(.bigint, ofPlaceholder: number)
            return nil
        }
        guard let number = bound.constantInteger, number >= 0 else {
            throw StarlingError(
                .binding, "\(clause) takes a whole number that is not negative",
                at: expression.range)
        }
        // MySQL's clients write the largest number of 64 bits for "all of them".
        return Int(clamping: number)
    }

    /// Returns the position, from 0, that a bare integer in ORDER BY or GROUP BY means.
    func ordinal(_ expression: Expression, count: Int) throws(StarlingError) -> Int? {
        guard case .literal(.integer(let digits)) = expression.kind else { return nil }
        guard let position = Int(digits), position >= 1, position <= count else {
            throw StarlingError(
                .binding, "position \(digits) is not in the select list of \(count) columns",
                at: expression.range)
        }
        return position - 1
    }

    // MARK: VALUES

    private func bindValues(
        _ rows: [[Expression]], _ outer: Scope?
    ) throws(StarlingError) -> BoundQuery {
        let expressions = ExpressionBinder(self, scope: Scope(parent: outer))
        let bound = try mapAll(rows) { (row) throws(StarlingError) in
            try mapAll(row) { (item) throws(StarlingError) in try expressions.bind(item) }
        }
        let width = bound[0].count
        for (row, source) in zip(bound, rows) where row.count != width {
            throw StarlingError(
                .binding,
                "rows of VALUES are to have equally many values: this one has \(row.count), "
                    + "the first one \(width)",
                at: source[0].range)
        }
        var columns: [PlanColumn] = []
        for position in 0..<width {
            guard let type = LogicalType.commonType(bound.lazy.map { $0[position].type }) else {
                throw StarlingError(
                    .binding, "the values of column \(position + 1) have no common type",
                    at: rows[0][position].range)
            }
            columns.append(
                allocator.makeColumn("column_\(position)", type))
        }
        let node =
            constants(bound, columns).map { ValuesNode(columns: columns, constants: $0) }
            ?? ValuesNode(
                columns: columns,
                rows: bound.map { row in zip(row, columns).map { coerce($0, to: $1.type) } })
        return BoundQuery(plan: LogicalPlan(.values(node)), columns: columns)
    }

    /// Gives the values of rows that are all constant, in the types of the columns; nil where some is
    /// to be computed.
    private func constants(
        _ rows: [[BoundExpression]], _ columns: [PlanColumn]
    ) -> [[Value]]? {
        var constants: [[Value]] = []
        constants.reserveCapacity(rows.count)
        for row in rows {
            var values: [Value] = []
            values.reserveCapacity(columns.count)
            for (position, column) in columns.enumerated() {
                guard let value = coerce(row[position], to: column.type).constantValue else {
                    return nil
                }
                values.append(value)
            }
            constants.append(values)
        }
        return constants
    }

    // MARK: Set operations

    private func bindSetOperation(
        _ operation: SetOperation, _ outer: Scope?
    ) throws(StarlingError) -> BoundQuery {
        var branches = [operation.right]
        var left = operation.left
        // A long chain of the same UNION ALL is one node.
        while case .setOperation(let inner) = left, inner.kind == operation.kind,
            operation.kind == .union, inner.isAll == operation.isAll
        {
            branches.append(inner.right)
            left = inner.left
        }
        branches.append(left)
        branches.reverse()
        let bound = try mapAll(branches) { (branch) throws(StarlingError) in
            try bindBody(branch, outer)
        }
        let width = bound[0].columns.count
        for (branch, source) in zip(bound, branches) where branch.columns.count != width {
            throw StarlingError(
                .binding,
                "\(operation.kind.rawValue) joins rows of as many columns, and not of \(width) and "
                    + "\(branch.columns.count)",
                at: source.range)
        }
        let types = try commonTypes(of: bound, operation)
        let columns = (0..<width).map { position in
            let analyzers = Set(bound.map { $0.columns[position].analyzers })
            return allocator.makeColumn(
                bound[0].columns[position].name, types[position],
                analyzers: analyzers.count == 1 ? bound[0].columns[position].analyzers : nil)
        }
        let inputs = bound.map {
            castColumns(
                of: $0, to: types, comparesRows: !operation.isAll || operation.kind != .union)
        }
        let node = SetOperationNode(
            kind: .init(operation.kind), keepsDuplicates: operation.isAll,
            inputs: inputs.map(\.plan), inputColumns: inputs.map(\.columns), columns: columns)
        return BoundQuery(plan: LogicalPlan(.setOperation(node)), columns: columns)
    }

    private func commonTypes(
        of branches: [BoundQuery], _ operation: SetOperation
    ) throws(StarlingError) -> [LogicalType] {
        var types: [LogicalType] = []
        for position in branches[0].columns.indices {
            let found = branches.map { $0.columns[position].type }
            guard let type = LogicalType.commonType(found) else {
                throw StarlingError(
                    .binding,
                    "column \(position + 1) of \(operation.kind.rawValue) has types without a "
                        + "common one: \(found.map(\.description).joined(separator: ", "))",
                    at: operation.right.range)
            }
            types.append(type)
        }
        return types
    }

    /// Adds the casts that bring a result to given types.
    func castColumns(
        of query: BoundQuery, to types: [LogicalType], comparesRows: Bool = false
    ) -> BoundQuery {
        let groupsJSON = comparesRows && types.contains(where: \.holdsJSON)
        guard groupsJSON || zip(query.columns, types).contains(where: { $0.type != $1 }) else {
            return query
        }
        var items: [ProjectItem] = []
        for (column, type) in zip(query.columns, types) {
            guard column.type != type || groupsJSON && type.holdsJSON else {
                items.append(ProjectItem(passing: column))
                continue
            }
            var cast = coerce(.column(column), to: type)
            if groupsJSON { cast = groupable(cast) }
            let output = allocator.makeColumn(
                column.name, type, isNullable: cast.mayBeNull, analyzers: column.analyzers)
            items.append(ProjectItem(column: output, expression: cast))
        }
        let project = ProjectNode(input: query.plan, items: items)
        return BoundQuery(plan: LogicalPlan(.project(project)), columns: items.map(\.column))
    }
}

extension SetOperationNode.Kind {
    init(_ kind: SetOperation.Kind) {
        switch kind {
        case .union: self = .union
        case .intersect: self = .intersect
        case .except: self = .except
        }
    }
}

extension SortKey {
    init(_ item: SortItem, _ expression: BoundExpression) {
        self.init(
            expression: expression, isAscending: !item.isDescending,
            nullsFirst: item.areNullsFirst)
    }
}

extension LogicalType {
    /// The type that a column of a result gets: bare NULLs are BOOLEAN, as in StarRocks. Inside of
    /// a query they have no type, so that they become whatever they meet.
    var settled: LogicalType {
        switch self {
        case .null: .boolean
        case .array(let element): .array(element.settled)
        case .map(let key, let value): .map(key: key.settled, value: value.settled)
        case .structure(let fields):
            .structure(fields.map { StructureField(name: $0.name, type: $0.type.settled) })
        default: self
        }
    }
}

extension SortKey {
    /// The key with JSON replaced by what orders as it does.
    var orderable: SortKey {
        var key = self
        key.expression = StarlingBinder.orderable(expression)
        return key
    }
}
