// Table functions that give the elements of lists: unnest(), generate_series(), json_each(), and
// those of bitmaps and terms. They may refer to the tables before them in FROM, with LATERAL or without.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension TableFunction {
    var lowercasedName: String { name.last.text.lowercased() }

    /// Where the lists come from whose elements are the rows; nil for other functions.
    var elementSource: TableFunctionRow.ElementSource? {
        guard case .elements(let source) = TableFunctionRow.named(name.last.text)?.kind else {
            return nil
        }
        return source
    }
}

extension SelectBinder {
    /// Binds the function beside the sources before it; the result has their columns, too.
    func bindElements(
        _ function: TableFunction, of source: TableFunctionRow.ElementSource,
        beside left: BoundSource?, isOuter: Bool = false, _ range: TextRange
    ) throws(StarlingError) -> BoundSource {
        let input =
            left
            ?? BoundSource(
                plan: LogicalPlan(.values(ValuesNode(columns: [], rows: [[]]))), columns: [])
        let expressions = ExpressionBinder(
            binder, scope: Scope(columns: input.columns, parent: outer))
        expressions.clause = "FROM"
        let name = function.lowercasedName
        var lists: [BoundExpression]
        do throws(StarlingError) {
            lists = try self.lists(of: function, from: source, expressions, at: range)
            guard !lists.isEmpty else {
                throw StarlingError(.binding, "unnest() takes at least 1 argument")
            }
        } catch {
            throw error.located(at: range)
        }
        var columns: [PlanColumn] = []
        for (position, list) in lists.enumerated() {
            let suffix = position == 0 ? "" : "_\(position)"
            switch list.type {
            case .array(let element):
                columns.append(binder.allocator.makeColumn(name + suffix, element))
            case .map(let key, let value):
                columns.append(binder.allocator.makeColumn("key" + suffix, key))
                columns.append(binder.allocator.makeColumn("value" + suffix, value))
            case .null:
                lists[position] = .null(.array(.null))
                columns.append(binder.allocator.makeColumn(name + suffix, .null))
            default:
                throw StarlingError(
                    .binding, "\(name)() takes arrays and maps, not \(list.type)", at: range)
            }
        }
        let node = UnnestNode(
            input: input.plan, lists: lists, columns: columns, isOuter: isOuter)
        var plan = LogicalPlan(.unnest(node))
        if name == "tokenize_detail" {
            columns = try fields(of: columns[0], in: &plan, expressions)
        }
        let named = try binder.scopeColumns(columns, alias: function.alias, defaultName: name)
        return BoundSource(plan: plan, columns: input.columns + named)
    }

    private func lists(
        of function: TableFunction, from source: TableFunctionRow.ElementSource,
        _ expressions: ExpressionBinder, at range: TextRange
    ) throws(StarlingError) -> [BoundExpression] {
        if case .series = source { return [try series(function, expressions, at: range)] }
        let arguments = try mapAll(function.arguments) { (argument) throws(StarlingError) in
            try expressions.bind(argument.value)
        }
        switch source {
        case .documents:
            return [try expressions.call(DocumentParting.entries, arguments, at: range)]
        case .function(let array):
            return [
                try expressions.call(array, expressions.namingAnalyzers(arguments, of: array))
            ]
        case .arguments, .series: return arguments
        }
    }

    /// Makes columns of the fields of a structure.
    private func fields(
        of column: PlanColumn, in plan: inout LogicalPlan, _ expressions: ExpressionBinder
    ) throws(StarlingError) -> [PlanColumn] {
        guard case .structure(let fields) = column.type else { return [column] }
        var items = plan.outputColumns.map(ProjectItem.init(passing:))
        var columns: [PlanColumn] = []
        for field in fields {
            let own = binder.allocator.makeColumn(field.name, field.type)
            let name = Identifier(field.name, isQuoted: true, range: TextRange(start: 0, end: 0))
            items.append(
                ProjectItem(
                    column: own, expression: try expressions.fields([name], of: .column(column))))
            columns.append(own)
        }
        plan = LogicalPlan(.project(ProjectNode(input: plan, items: items)))
        return columns
    }

    /// Writes a series as the array of its values; arguments may bear names.
    private func series(
        _ function: TableFunction, _ expressions: ExpressionBinder, at range: TextRange
    ) throws(StarlingError) -> BoundExpression {
        let names = ["start", "end", "step"]
        var arguments: [[BoundExpression]?] = [nil, nil, nil]
        for (position, argument) in function.arguments.enumerated() {
            let place = argument.name.map { names.firstIndex(of: $0.text.lowercased()) ?? 3 }
            guard let place = place ?? position as Int?, place < 3, arguments[place] == nil else {
                throw StarlingError(
                    .binding, "generate_series() takes start, end and step")
            }
            if place == 2, let interval = try expressions.bindInterval(argument.value) {
                arguments[place] = interval
            } else {
                arguments[place] = [try expressions.bind(argument.value)]
            }
        }
        guard arguments[0] != nil, arguments[1] != nil else {
            throw StarlingError(.binding, "generate_series() takes start, end and step")
        }
        return try expressions.call(
            NestedSeries.series, arguments.flatMap { $0 ?? [] }, at: range)
    }

    /// Binds a join whose right side is such a function.
    func bindElementsJoin(
        _ join: Join, _ function: TableFunction, of source: TableFunctionRow.ElementSource,
        _ left: BoundSource
    ) throws(StarlingError) -> BoundSource {
        let isOuter = join.kind == .leftOuter
        var result = try bindElements(
            function, of: source, beside: left, isOuter: isOuter, join.right.range)
        switch join.condition {
        case nil: break
        case .on(let condition):
            let expressions = ExpressionBinder(
                binder, scope: Scope(columns: result.columns, parent: outer))
            expressions.clause = "ON"
            let conjuncts = try expressions.bindCondition(condition).conjuncts
            guard !conjuncts.isEmpty else { break }
            guard !isOuter else {
                throw StarlingError(
                    .unsupported, "a left join with \(function.lowercasedName)() takes ON TRUE",
                    at: join.right.range)
            }
            result.plan = LogicalPlan(
                .filter(FilterNode(input: result.plan, conjuncts: conjuncts)))
        case .using, .natural:
            throw StarlingError(
                .unsupported, "a join with \(function.lowercasedName)() takes ON",
                at: join.right.range)
        }
        return result
    }
}
