// FROM: tables, views, files, table functions, derived tables and joins.

import StarlingCatalog
import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTables
import StarlingTypes

/// Holds a bound piece of FROM.
struct BoundSource {
    var plan: LogicalPlan
    var columns: [ScopeColumn]
}

extension SelectBinder {
    /// Binds the comma list; what is not written as a join is a cross join.
    func bindFrom(_ references: [TableReference]) throws(StarlingError) {
        var result: BoundSource?
        for reference in references {
            if case .function(let function) = reference.kind,
                let source = function.elementSource
            {
                result = try bindElements(
                    function, of: source, beside: result, reference.range)
                continue
            }
            let source = try bind(reference, beside: result)
            if let left = result {
                try checkNames(left.columns, source.columns, reference)
                result = BoundSource(
                    plan: crossed(left, source), columns: left.columns + source.columns)
            } else {
                result = source
            }
        }
        guard let result else { return }
        plan = result.plan
        scope.add(result.columns)
    }

    private func crossed(_ left: BoundSource, _ right: BoundSource) -> LogicalPlan {
        LogicalPlan(
            .join(
                JoinNode(
                    kind: .inner, left: left.plan, right: right.plan, conditions: [],
                    isDependent: isLateral(right, left))))
    }

    private func isLateral(_ right: BoundSource, _ left: BoundSource) -> Bool {
        !right.plan.freeColumns.isDisjoint(with: left.plan.outputColumnIDs)
    }

    func checkNames(
        _ left: [ScopeColumn], _ right: [ScopeColumn], _ reference: TableReference
    ) throws(StarlingError) {
        let known = Set(left.compactMap { $0.table?.lowercased() })
        for table in Set(right.compactMap(\.table)) where known.contains(table.lowercased()) {
            throw StarlingError(
                .binding, "the table name '\(table)' is used twice; give one of them an alias",
                at: reference.range)
        }
    }

    /// `left` is what a lateral source may refer to: all that stands before it in FROM.
    func bind(
        _ reference: TableReference, beside left: BoundSource?
    ) throws(StarlingError) -> BoundSource {
        switch reference.kind {
        case .table(let table): return try binder.bindNamed(table)
        case .path(let path, let alias):
            let table: any Table
            do { table = try binder.environment.openFiles(path, options: [:]) } catch {
                throw error.located(at: reference.range)
            }
            return try binder.scan(
                table, alias: alias, defaultName: fileStem(path), at: reference.range)
        case .function(let function):
            if let source = function.elementSource {
                return try bindElements(function, of: source, beside: nil, reference.range)
            }
            if let definition = try binder.environment.function(function.name) {
                return try bindTableMacro(
                    function, definition, beside: left, reference.range)
            }
            return try binder.bindTableFunction(function, reference.range)
        case .subquery(let query, let isLateral, let alias):
            var around = outer
            if isLateral, let left { around = Scope(columns: left.columns, parent: outer) }
            let bound = try binder.bind(query, outer: around)
            let columns = try binder.scopeColumns(bound.columns, alias: alias, defaultName: nil)
            return BoundSource(plan: bound.plan, columns: columns)
        case .join(let join): return try bindJoin(join, reference, beside: left)
        case .pivot(let pivot): return try bindPivot(pivot, beside: left, reference.range)
        case .unpivot(let unpivot):
            return try bindUnpivot(unpivot, beside: left, reference.range)
        }
    }

    private func fileStem(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return name.split(separator: ".").first.map(String.init) ?? name
    }

    // MARK: Joins

    private func bindJoin(
        _ join: Join, _ reference: TableReference, beside outerLeft: BoundSource?
    ) throws(StarlingError) -> BoundSource {
        try checkHint(join, reference)
        if join.kind == .asofInner || join.kind == .asofLeft {
            return try bindAsof(join, reference, beside: outerLeft)
        }
        var left = try bind(join.left, beside: outerLeft)
        if case .function(let function) = join.right.kind, let source = function.elementSource,
            [.inner, .cross, .leftOuter].contains(join.kind)
        {
            return try bindElementsJoin(join, function, of: source, left)
        }
        var before = left
        before.columns = (outerLeft?.columns ?? []) + left.columns
        var right = try bind(join.right, beside: before)
        try checkNames(left.columns, right.columns, join.right)
        let isMirrored = [.rightOuter, .rightSemi, .rightAnti].contains(join.kind)
        if isMirrored || join.kind == .fullOuter, isLateral(right, left) {
            throw StarlingError(
                .binding,
                "a LATERAL query cannot refer to the other side of \(join.kind.rawValue), which "
                    + "gives its rows without a partner too", at: join.right.range)
        }
        if isMirrored { swap(&left, &right) }

        let names = try sharedNames(join, left, right)
        var conditions: [BoundExpression] = []
        for name in names { conditions.append(try equality(name, left, right, reference)) }
        if case .on(let condition)? = join.condition {
            let both = Scope(
                columns: isMirrored
                    ? right.columns + left.columns : left.columns + right.columns,
                parent: outer)
            let expressions = ExpressionBinder(binder, scope: both)
            expressions.clause = "ON"
            conditions += try expressions.bindCondition(condition).conjuncts
        } else if join.condition == nil, ![.cross, .inner].contains(join.kind) {
            throw StarlingError(
                .binding, "\(join.kind.rawValue) needs ON or USING", at: reference.range)
        }
        let kind = joinKind(join.kind)
        if kind == .full || kind == .left { right.padWithNulls() }
        if kind == .full { left.padWithNulls() }
        let node = JoinNode(
            kind: kind, left: left.plan, right: right.plan, conditions: conditions,
            isDependent: isLateral(right, left))
        var result = BoundSource(plan: LogicalPlan(.join(node)), columns: left.columns)
        if !node.givesOnlyLeft {
            result.columns =
                isMirrored ? right.columns + left.columns : left.columns + right.columns
            mergeShared(names, &result, left, right, kind)
        }
        return result
    }

    /// Knows the hints of StarRocks, which say how a join is distributed; here there is one
    /// machine.
    private func checkHint(_ join: Join, _ reference: TableReference) throws(StarlingError) {
        guard let hint = join.hint else { return }
        let known = ["BROADCAST", "SHUFFLE", "BUCKET", "COLOCATE", "UNREORDER", "SKEW"]
        let word = String(hint.prefix { $0 != "|" && $0 != " " }).uppercased()
        guard !known.contains(word) else { return }
        let near = nearestName(to: word, among: known)
        throw StarlingError(
            .binding,
            "there is no hint [\(hint)] of joins"
                + (near.map { "; did you mean [\($0)]?" }
                    ?? "; known are \(known.joined(separator: ", "))"),
            at: reference.range)
    }

    private func joinKind(_ kind: Join.Kind) -> JoinNode.Kind {
        switch kind {
        case .inner, .cross, .asofInner: .inner
        case .leftOuter, .rightOuter, .asofLeft: .left
        case .fullOuter: .full
        case .leftSemi, .rightSemi: .semi
        case .leftAnti, .rightAnti: .anti
        case .nullAwareLeftAnti: .nullAwareAnti
        }
    }

    func sharedNames(
        _ join: Join, _ left: BoundSource, _ right: BoundSource
    ) throws(StarlingError) -> [String] {
        switch join.condition {
        case .using(let names): return names.map(\.text)
        case .natural:
            let rightNames = Set(
                right.columns.filter { !$0.isVirtual }.map { $0.name.lowercased() })
            return left.columns.filter {
                !$0.needsQualifier && !$0.isVirtual && rightNames.contains($0.name.lowercased())
            }.map(\.name)
        case .on, nil: return []
        }
    }

    func equality(
        _ name: String, _ left: BoundSource, _ right: BoundSource, _ reference: TableReference
    ) throws(StarlingError) -> BoundExpression {
        func column(_ source: BoundSource) throws(StarlingError) -> BoundExpression {
            let found = source.columns.filter {
                $0.name.lowercased() == name.lowercased() && !$0.needsQualifier
            }
            guard let first = found.first else {
                let near = nearestName(to: name, among: source.columns.map(\.name))
                throw StarlingError(
                    .binding, "USING names '\(name)', which one side lacks\(suggestion(near))",
                    at: reference.range)
            }
            return .column(first.column)
        }
        let (leftColumn, rightColumn) = (try column(left), try column(right))
        guard let pair = comparable(leftColumn, rightColumn) else {
            throw StarlingError(
                .binding, "'\(name)' has types that cannot be compared", at: reference.range)
        }
        return .comparison(.equal, pair.0, pair.1)
    }

    /// After USING the shared name means one column: the left one, or of a full join whichever is
    /// not NULL.
    func mergeShared(
        _ names: [String], _ result: inout BoundSource, _ left: BoundSource,
        _ right: BoundSource, _ kind: JoinNode.Kind
    ) {
        guard !names.isEmpty else { return }
        var merged: [ScopeColumn] = []
        var items = result.plan.outputColumns.map(ProjectItem.init(passing:))
        for name in names {
            func find(_ source: BoundSource) -> PlanColumn {
                source.columns.first {
                    $0.name.lowercased() == name.lowercased() && !$0.needsQualifier
                }!.column
            }
            var column = find(left)
            if kind == .full {
                let other = find(right)
                let type = LogicalType.commonType(column.type, other.type) ?? column.type
                let either = BoundExpression.conditional(
                    [
                        ConditionalBranch(
                            condition: .not(.isNull(.column(column))),
                            result: coerce(.column(column), to: type))
                    ], otherwise: coerce(.column(other), to: type), type)
                column = binder.allocator.makeColumn(
                    name, type,
                    analyzers: column.analyzers == other.analyzers ? column.analyzers : nil)
                items.append(ProjectItem(column: column, expression: either))
            }
            merged.append(ScopeColumn(table: nil, database: nil, name: name, column: column))
        }
        let lowered = Set(names.map { $0.lowercased() })
        for index in result.columns.indices
        where lowered.contains(result.columns[index].name.lowercased()) {
            result.columns[index].needsQualifier = true
        }
        result.columns = merged + result.columns
        if kind == .full {
            result.plan = LogicalPlan(.project(ProjectNode(input: result.plan, items: items)))
        }
    }
}

extension BoundSource {
    /// Lets the names refer to columns that an outer join may fill with NULLs.
    mutating func padWithNulls() {
        for index in columns.indices { columns[index].column.isNullable = true }
    }
}

extension QueryBinder {
    func bindNamed(_ table: NamedTable) throws(StarlingError) -> BoundSource {
        try refuseParts(of: table)
        if let name = table.name.simpleText,
            let binding = commonTables.last(where: { $0.name.lowercased() == name.lowercased() })
        {
            try refuseTimeTravel(to: "a query of WITH", table)
            try refuseMetadata(of: "a query of WITH", table)
            try refusePartitions(of: "a query of WITH", table)
            let (plan, columns) = try scan(binding, alias: table.alias)
            return BoundSource(plan: plan, columns: columns)
        }
        let name: CatalogName
        do throws(StarlingError) {
            name = try environment.catalog.resolve(table.name, in: environment.currentDatabase)
        } catch {
            throw unquotedPath(table.name) ?? error
        }
        guard let entry = environment.entry(name) else {
            throw unknownTable(name, table)
        }
        switch entry.content {
        case .table(var content):
            if table.asksForMetadata {
                guard let metadata = try content.metadata() else {
                    throw StarlingError(
                        .binding, "'\(entry.name)' has no column of JSON, of which [_META_] tells",
                        at: table.name.range)
                }
                content = metadata
            }
            if let time = table.timeTravel {
                content = try environment.snapshot(of: content, time, at: table.name.range)
            }
            if let partitions = table.partitions {
                content = try environment.rows(of: content, in: partitions, at: table.name.range)
            }
            return try scan(
                content, alias: table.alias, defaultName: entry.name, name.database,
                at: table.name.range)
        case .view(let view):
            try refuseTimeTravel(to: "a view", table)
            try refuseMetadata(of: "a view", table)
            try refusePartitions(of: "a view", table)
            return try expand(view, entry.name, table)
        }
    }

    /// Says no to what would read another part or state of a table than all of it now.
    private func refuseParts(of table: NamedTable) throws(StarlingError) {
        var clause: String?
        if !table.tablets.isEmpty { clause = "TABLET" }
        if !table.replicas.isEmpty { clause = "REPLICA" }
        if table.sample != nil { clause = "TABLESAMPLE" }
        if let hint = table.hints.first, !table.asksForMetadata { clause = "[\(hint.text)]" }
        guard let clause else { return }
        throw StarlingError(
            .unsupported, "\(clause) is parsed but not executed by this version",
            at: table.name.range)
    }

    private func refuseMetadata(of what: String, _ table: NamedTable) throws(StarlingError) {
        guard table.asksForMetadata else { return }
        throw StarlingError(
            .binding, "\(what) is not stored, so [_META_] knows nothing of it",
            at: table.name.range)
    }

    private func refuseTimeTravel(
        to what: String, _ table: NamedTable
    ) throws(StarlingError) {
        guard table.timeTravel != nil else { return }
        throw StarlingError(
            .unsupported, "\(what) has no versions; name them at its tables",
            at: table.name.range)
    }

    private func refusePartitions(
        of what: String, _ table: NamedTable
    ) throws(StarlingError) {
        guard table.partitions != nil else { return }
        throw StarlingError(
            .binding, "\(what) has no partitions; name them at its tables", at: table.name.range)
    }

    /// Says how a path is written, where a name is that of a file.
    private func unquotedPath(_ name: QualifiedName) -> StarlingError? {
        let path = name.parts.map(\.text).joined(separator: ".")
        guard (try? environment.openFiles(path, options: [:])) != nil else { return nil }
        return StarlingError(
            .binding, "'\(path)' is a file, whose path goes into single quotes: FROM '\(path)'",
            at: name.range)
    }

    private func unknownTable(_ name: CatalogName, _ table: NamedTable) -> StarlingError {
        if let error = unquotedPath(table.name) { return error }
        guard environment.catalog.hasDatabase(name.database) else {
            return environment.catalog.unknownDatabase(name.database)
                .located(at: table.name.range)
        }
        var names = environment.entries(in: name.database).map(\.name)
        names += commonTables.map(\.name)
        let isOfSystem = name.database.lowercased() == Catalog.systemDatabase
        let hint =
            (isOfSystem ? ForeignNames.note(onSystemTable: name.name) : nil)
            ?? suggestion(nearestName(to: name.name, among: names))
        return StarlingError(
            .binding, "there is no table or view '\(name.name)'\(hint)", at: table.name.range)
    }

    /// Binds a view's query, which sees nothing of the query around it.
    private func expand(
        _ view: ViewDefinition, _ name: String, _ table: NamedTable
    ) throws(StarlingError) -> BoundSource {
        let visible = commonTables
        commonTables = []
        let place = viewPlace
        viewPlace = place ?? table.name.range
        defer { (commonTables, viewPlace) = (visible, place) }
        var bound: BoundQuery
        do { bound = try bind(view.query, outer: nil) } catch {
            // A place in the view's text is none in the query's, which has the view's name.
            let rest =
                error.message.hasPrefix(Self.viewPrefix)
                ? " > " + error.message.dropFirst(Self.viewPrefix.count) : ": " + error.message
            throw StarlingError(
                error.kind, "\(Self.viewPrefix)'\(name)'\(rest)", at: table.name.range)
        }
        for (index, column) in view.columns.enumerated() where index < bound.columns.count {
            bound.columns[index].name = column.name.text
        }
        return BoundSource(
            plan: bound.plan,
            columns: try scopeColumns(bound.columns, alias: table.alias, defaultName: name))
    }

    private static let viewPrefix = "in view "

    func scan(
        _ table: any Table, alias: TableAlias?, defaultName: String, _ database: String? = nil,
        at place: TextRange
    ) throws(StarlingError) -> BoundSource {
        // Other files that come may have NULLs where these have none.
        let mayGetNulls = environment.outlivesFiles && table is any TableOfFiles
        let all = (table.columns + table.virtualColumns).enumerated().map { position, column in
            ScanColumn(
                column: allocator.makeColumn(
                    column.name, column.type, isNullable: column.isNullable || mayGetNulls,
                    analyzers: column.analyzers),
                position: position)
        }
        let tableName = alias?.name.text ?? defaultName
        let node = ScanNode(
            table: table, alias: tableName, columns: all, place: viewPlace ?? place)
        var named = try scopeColumns(
            all.prefix(table.columns.count).map(\.column), alias: alias, defaultName: defaultName)
        named += all.dropFirst(table.columns.count).map {
            ScopeColumn(
                table: tableName, database: nil, name: $0.column.name, column: $0.column,
                isVirtual: true)
        }
        if alias == nil { for index in named.indices { named[index].database = database } }
        return BoundSource(plan: LogicalPlan(.scan(node)), columns: named)
    }

    func scopeColumns(
        _ columns: [PlanColumn], alias: TableAlias?, defaultName: String?
    ) throws(StarlingError) -> [ScopeColumn] {
        if let alias, alias.columns.count > columns.count {
            throw StarlingError(
                .binding,
                "'\(alias.name.text)' names \(alias.columns.count) columns, but there are "
                    + "\(columns.count)", at: alias.name.range)
        }
        return columns.enumerated().map { position, column in
            let renamed = alias.flatMap {
                position < $0.columns.count ? $0.columns[position].text : nil
            }
            return ScopeColumn(
                table: alias?.name.text ?? defaultName, database: nil,
                name: renamed ?? column.name, column: column)
        }
    }

    // MARK: Table functions

    func bindTableFunction(
        _ function: TableFunction, _ range: TextRange
    ) throws(StarlingError) -> BoundSource {
        let name = function.name.last.text.lowercased()
        guard TableFunctionRow.named(name) != nil else {
            let names = TableFunctionRow.all.map(\.name) + environment.userFunctionNames
            // What other engines call it.
            let readsFiles = name.hasPrefix("read_") || name.hasSuffix("_scan")
            throw StarlingError(
                .binding,
                "there is no table function '\(name)'"
                    + (readsFiles
                        ? "; files are tables by their paths: FROM 'folder/*.parquet'"
                        : suggestion(nearestName(to: name, among: names))),
                at: function.name.range)
        }
        let table: any Table
        do throws(StarlingError) {
            if name == "files" {
                table = try openFiles(function)
            } else if name == "changes" {
                table = try environment.makeChanges(function)
            } else {
                let expressions = ExpressionBinder(self, scope: Scope(parent: nil))
                let arguments = try mapAll(function.arguments) {
                    (argument) throws(StarlingError) -> (name: String?, value: Value) in
                    let bound = try expressions.bind(argument.value)
                    guard let value = bound.constantValue else {
                        throw StarlingError(
                            .unsupported, "an argument of \(name) must be a constant",
                            at: argument.value.range)
                    }
                    return (argument.name?.text.lowercased(), decimalAsNumber(value, bound.type))
                }
                table = try environment.makeTable(function: name, arguments: arguments)
            }
        } catch {
            throw error.located(among: function.properties).located(at: range)
        }
        return try scan(table, alias: function.alias, defaultName: name, at: range)
    }

    /// Table functions take numbers as they are written: 0.1 is a number, not 1 with a scale.
    private func decimalAsNumber(_ value: Value, _ type: LogicalType) -> Value {
        guard case .decimal(_, let scale) = type, let number = value.integer else { return value }
        return .floating(Double(number) / Double(powerOfTen(scale)))
    }

    private func openFiles(_ function: TableFunction) throws(StarlingError) -> any Table {
        try function.properties.checkNames(of: "FILES")
        var options: [String: String] = [:]
        for property in function.properties { options[property.key.lowercased()] = property.value }
        guard let path = options.removeValue(forKey: "path") else {
            let near = nearestName(to: "path", among: options.keys)
            throw StarlingError(
                .binding,
                "FILES needs 'path' = '…'"
                    + (near.map { "; '\($0)' is none of its properties" } ?? ""),
                at: function.name.range)
        }
        return try environment.openFiles(path, options: options)
    }
}

extension NamedTable {
    /// Tells whether `[_META_]` stands behind the name, and nothing else that changes what is read.
    fileprivate var asksForMetadata: Bool {
        hints.count == 1 && hints[0].text.uppercased() == "_META_" && timeTravel == nil
            && partitions == nil
    }
}
