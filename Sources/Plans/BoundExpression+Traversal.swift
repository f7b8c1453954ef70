// The one place that knows the children of every kind of expression.

import StarlingErrors

extension BoundExpression {
    package var children: [BoundExpression] {
        switch self {
        case .column, .literal: []
        case .call(_, _, let arguments): arguments
        case .cast(let operand, _), .not(let operand), .isNull(let operand),
            .inList(let operand, _):
            [operand]
        case .comparison(_, let left, let right): [left, right]
        case .and(let parts), .or(let parts): parts
        case .conditional(let branches, let otherwise, _):
            branches.flatMap { [$0.condition, $0.result] } + [otherwise]
        case .like(let operand, let pattern, _): [operand, pattern]
        case .lambda(let call): call.lists + call.bodies
        case .naming(let naming): [naming.value, naming.body]
        case .subquery(let subquery):
            if case .any(let operands, _) = subquery.form { operands } else { [] }
        }
    }

    /// Rebuilds the node with each child replaced.
    package func mapChildren(
        _ transform: (BoundExpression) throws(StarlingError) -> BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        switch self {
        case .column, .literal: return self
        case .call(let function, let signature, let arguments):
            return .call(function, signature, try mapAll(arguments, transform))
        case .cast(let operand, let type): return .cast(try transform(operand), to: type)
        case .not(let operand): return .not(try transform(operand))
        case .isNull(let operand): return .isNull(try transform(operand))
        case .inList(let operand, let values): return .inList(try transform(operand), values)
        case .comparison(let comparison, let left, let right):
            return .comparison(comparison, try transform(left), try transform(right))
        case .and(let parts): return .and(try mapAll(parts, transform))
        case .or(let parts): return .or(try mapAll(parts, transform))
        case .conditional(let branches, let otherwise, let type):
            let mapped = try mapAll(branches) { (branch) throws(StarlingError) in
                ConditionalBranch(
                    condition: try transform(branch.condition),
                    result: try transform(branch.result))
            }
            return .conditional(mapped, otherwise: try transform(otherwise), type)
        case .like(let operand, let pattern, let escape):
            return .like(try transform(operand), pattern: try transform(pattern), escape: escape)
        case .lambda(var call):
            call.lists = try mapAll(call.lists, transform)
            call.bodies = try mapAll(call.bodies, transform)
            return .lambda(call)
        case .naming(var naming):
            naming.value = try transform(naming.value)
            naming.body = try transform(naming.body)
            return .naming(naming)
        case .subquery(var subquery):
            if case .any(let operands, let comparison) = subquery.form {
                subquery.form = .any(try mapAll(operands, transform), comparison)
            }
            return .subquery(subquery)
        }
    }

    /// Rebuilds the tree bottom-up.
    package func rewritten(
        _ transform: (BoundExpression) throws(StarlingError) -> BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        let inner = try mapChildren { (child) throws(StarlingError) in
            try child.rewritten(transform)
        }
        return try transform(inner)
    }

    /// Rebuilds the tree bottom-up with a change that cannot fail.
    package func replacing(
        _ transform: (BoundExpression) -> BoundExpression
    ) -> BoundExpression {
        let result = Result { () throws(StarlingError) in
            try rewritten { (node) throws(StarlingError) in transform(node) }
        }
        guard case .success(let expression) = result else { return self }
        return expression
    }

    /// Puts expressions in the place of columns.
    package func substituting(_ replacements: [ColumnID: BoundExpression]) -> BoundExpression {
        replacing { node in
            if case .column(let column) = node, let new = replacements[column.id] { return new }
            return node
        }
    }

    /// Visits the node and everything below it, parents first.
    package func forEach(_ visit: (BoundExpression) -> Void) {
        visit(self)
        for child in children { child.forEach(visit) }
    }

    package func contains(where predicate: (BoundExpression) -> Bool) -> Bool {
        predicate(self) || children.contains { $0.contains(where: predicate) }
    }

    /// The columns that the expression reads, those that its subqueries take from outside included.
    package var referencedColumns: Set<ColumnID> {
        var columns = Set<ColumnID>()
        collectColumns(into: &columns)
        return columns
    }

    package func collectColumns(into columns: inout Set<ColumnID>) {
        switch self {
        case .column(let column): columns.insert(column.id)
        case .subquery(let subquery):
            columns.formUnion(subquery.plan.plan.freeColumns)
            for child in children { child.collectColumns(into: &columns) }
        case .lambda(let call):
            // The parameters are no columns of the row.
            var inside = Set<ColumnID>()
            for child in children { child.collectColumns(into: &inside) }
            columns.formUnion(inside.subtracting(call.parameters.map(\.id)))
        case .naming(let naming):
            naming.value.collectColumns(into: &columns)
            var inside = Set<ColumnID>()
            naming.body.collectColumns(into: &inside)
            columns.formUnion(inside.subtracting([naming.column.id]))
        default: for child in children { child.collectColumns(into: &columns) }
        }
    }

    package var containsSubquery: Bool {
        contains { if case .subquery = $0 { true } else { false } }
    }

    /// False where evaluating twice may give two results.
    package var isDeterministic: Bool {
        !contains {
            switch $0 {
            case .call(let function, _, _): !function.isDeterministic
            case .subquery(let subquery): !subquery.plan.plan.isDeterministic
            default: false
            }
        }
    }
}

/// Maps an array with a transform that throws a typed error.
package func mapAll<Element, Result>(
    _ elements: [Element],
    _ transform: (Element) throws(StarlingError) -> Result
) throws(StarlingError) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(elements.count)
    for element in elements { results.append(try transform(element)) }
    return results
}
