// PIVOT and UNPIVOT. PIVOT is an aggregation whose aggregates have a filter for each value; UNPIVOT
// gives a row for each element of lists that are made of columns.

import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension SelectBinder {
    /// Binds `source PIVOT (aggregates FOR columns IN (values))`: grouped by all columns that
    /// neither the aggregates nor FOR name.
    func bindPivot(
        _ pivot: Pivot, beside left: BoundSource?, _ range: TextRange
    ) throws(StarlingError) -> BoundSource {
        let source = try bind(pivot.source, beside: left)
        let used = try usedColumns(pivot, source)
        var select = Select(selecting: [], at: range)
        let rest = source.columns.filter {
            !$0.needsQualifier && !$0.isVirtual && !used.contains($0.column.id)
        }
        var keys: [GroupingElement] = []
        for column in rest {
            let key = column.reference(at: range)
            select.items.append(
                .expression(key, alias: Identifier(column.name, isQuoted: true, range: range)))
            keys.append(.expression(key))
        }
        if !keys.isEmpty { select.groupBy = .elements(keys) }
        for value in pivot.values {
            let condition = try condition(pivot, value)
            for aggregate in pivot.aggregates {
                guard case .call(var call) = aggregate.call.kind else {
                    throw StarlingError(
                        .binding, "PIVOT takes aggregates", at: aggregate.call.range)
                }
                var parts = [condition]
                if let filter = call.filter { parts.append(filter) }
                call.filter =
                    parts.count == 1
                    ? condition : Expression(.logical(.and, parts), at: aggregate.call.range)
                let name = pivot.columnName(of: aggregate, value)
                select.items.append(
                    .expression(
                        Expression(.call(call), at: aggregate.call.range),
                        alias: Identifier(name, isQuoted: true, range: range)))
            }
        }
        let inner = SelectBinder(binder, outer: outer)
        inner.plan = source.plan
        inner.scope.add(source.columns)
        let bound = try inner.bind(select, orderBy: .items([]), limit: nil)
        let tables = Set(source.columns.compactMap(\.table))
        return BoundSource(
            plan: bound.plan,
            columns: try binder.scopeColumns(
                bound.columns, alias: pivot.alias,
                defaultName: tables.count == 1 ? tables.first : nil))
    }

    /// The columns that the aggregates and FOR read.
    private func usedColumns(
        _ pivot: Pivot, _ source: BoundSource
    ) throws(StarlingError) -> Set<ColumnID> {
        let expressions = ExpressionBinder(
            binder, scope: Scope(columns: source.columns, parent: outer))
        let calls = CallCollector()
        expressions.calls = calls
        expressions.clause = "PIVOT"
        let namedBefore = binder.namedColumns
        binder.namedColumns = []
        defer { binder.namedColumns.formUnion(namedBefore) }
        var used: Set<ColumnID> = []
        for aggregate in pivot.aggregates {
            let known = calls.aggregates.count
            let bound = try expressions.bind(aggregate.call)
            guard case .column(let column) = bound,
                calls.aggregates.contains(where: { $0.column == column })
            else {
                throw StarlingError(.binding, "PIVOT takes aggregates", at: aggregate.call.range)
            }
            for item in calls.aggregates.dropFirst(known) {
                let inputs =
                    item.arguments + (item.condition.map { [$0] } ?? [])
                    + item.ordering.map(\.expression)
                for input in inputs { input.collectColumns(into: &used) }
            }
        }
        for name in pivot.columns {
            _ = try expressions.bind(Expression(.column(name), at: name.range))
        }
        return used.union(binder.namedColumns)
    }

    private func condition(
        _ pivot: Pivot, _ value: Pivot.Value
    ) throws(StarlingError) -> Expression {
        guard value.values.count == pivot.columns.count else {
            throw StarlingError(
                .binding,
                "FOR names \(pivot.columns.count) columns, a value of IN has "
                    + "\(value.values.count)", at: value.values[0].range)
        }
        let parts = zip(pivot.columns, value.values).map { name, value in
            Expression(
                .binary(.equal, Expression(.column(name), at: name.range), value),
                at: value.range)
        }
        return parts.count == 1
            ? parts[0] : Expression(.logical(.and, parts), at: value.values[0].range)
    }

    // MARK: UNPIVOT

    /// Binds `source UNPIVOT (value FOR name IN (columns))`.
    func bindUnpivot(
        _ unpivot: Unpivot, beside left: BoundSource?, _ range: TextRange
    ) throws(StarlingError) -> BoundSource {
        let source = try bind(unpivot.source, beside: left)
        let expressions = ExpressionBinder(
            binder, scope: Scope(columns: source.columns, parent: outer))
        expressions.clause = "UNPIVOT"
        var used: Set<ColumnID> = []
        for column in unpivot.columns {
            guard column.columns.count == unpivot.values.count else {
                throw StarlingError(
                    .binding,
                    "UNPIVOT gives \(unpivot.values.count) values a row, and takes "
                        + "\(column.columns.count) columns for one",
                    at: column.columns[0].range)
            }
            for name in column.columns {
                try expressions.bind(Expression(.column(name), at: name.range))
                    .collectColumns(into: &used)
            }
        }
        let labels = unpivot.columns.map { column in
            column.label
                ?? Expression(
                    .literal(.string(column.columns.map(\.last.text).joined(separator: "_"))),
                    at: range)
        }
        var lists = [try expressions.bind(Expression(.array(labels, type: nil), at: range))]
        for position in unpivot.values.indices {
            let elements = unpivot.columns.map { column in
                Expression(.column(column.columns[position]), at: column.columns[position].range)
            }
            lists.append(try expressions.bind(Expression(.array(elements, type: nil), at: range)))
        }
        var columns: [PlanColumn] = []
        for (name, list) in zip([unpivot.name] + unpivot.values, lists) {
            guard case .array(let element) = list.type else {
                throw StarlingError(.internal, "UNPIVOT makes arrays")
            }
            columns.append(binder.allocator.makeColumn(name.text, element))
        }
        var plan = LogicalPlan(
            .unnest(UnnestNode(input: source.plan, lists: lists, columns: columns, isOuter: false)))
        if !unpivot.includesNulls {
            let isThere = columns.dropFirst().map { BoundExpression.not(.isNull(.column($0))) }
            plan = LogicalPlan(
                .filter(
                    FilterNode(
                        input: plan, conjuncts: [isThere.count == 1 ? isThere[0] : .or(isThere)])))
        }
        let rest = source.columns.filter {
            !$0.needsQualifier && !$0.isVirtual && !used.contains($0.column.id)
        }
        let tables = Set(source.columns.compactMap(\.table))
        var named = try binder.scopeColumns(
            rest.map(\.column) + columns, alias: unpivot.alias,
            defaultName: tables.count == 1 ? tables.first : nil)
        for (index, column) in rest.enumerated() where index >= unpivot.alias?.columns.count ?? 0 {
            named[index].name = column.name
        }
        return BoundSource(plan: plan, columns: named)
    }
}

extension ScopeColumn {
    /// The column as an expression names it.
    fileprivate func reference(at range: TextRange) -> Expression {
        let parts = [table, name].compactMap(\.self)
        return Expression(
            .column(
                QualifiedName(parts.map { Identifier($0, isQuoted: true, range: range) })),
            at: range)
    }
}

extension Pivot {
    /// `sum_1` with an alias; without one the value where there is one aggregate, else both.
    fileprivate func columnName(of aggregate: Aggregate, _ value: Value) -> String {
        let text =
            value.alias?.text
            ?? value.values.map { expression in
                if case .literal(.string(let text)) = expression.kind { return text }
                return expression.sql()
            }.joined(separator: "_")
        if let alias = aggregate.alias { return "\(alias.text)_\(text)" }
        return aggregates.count == 1 ? text : "\(aggregate.call.sql())_\(text)"
    }
}
