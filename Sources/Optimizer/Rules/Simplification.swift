// Brings conditions into the form that the later rules look for:
//
// 1. NOT sinks to the comparisons; AND and OR are flat; constants stand on the right.
// 2. What all branches of an OR have in common comes out of it:
//    (a AND b) OR (a AND c) → a AND (b OR c).
// 3. An OR whose branches all bound a column implies a weaker condition on that column alone, which
//    can sink further: (n1 = 'F' AND n2 = 'G') OR (n1 = 'G' AND n2 = 'F') → also n1 IN ('F', 'G').
// 4. x = a OR x = b → x IN (a, b).
// 5. concat(concat(a, b), c) → concat(a, b, c).

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

struct Simplification: Rule {
    static let name = "simplification"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            let simplified = node.replacingExpressions(simplify)
            switch simplified.node {
            case .filter(var filter):
                filter.conjuncts = conditions(filter.conjuncts)
                if filter.conjuncts.isEmpty { return filter.input }
                return LogicalPlan(.filter(filter))
            case .join(var join):
                join.conditions = conditions(join.conditions)
                return LogicalPlan(.join(join))
            default: return simplified
            }
        }
    }

    /// Flattens conjuncts, drops duplicates and adds what disjunctions imply.
    private static func conditions(_ conjuncts: [BoundExpression]) -> [BoundExpression] {
        var result: [BoundExpression] = []
        var known: Set<BoundExpression> = []
        func add(_ condition: BoundExpression) {
            if isNew(condition, &known) { result.append(condition) }
        }
        for conjunct in conjuncts.flatMap({ factored($0).conjuncts }) {
            let simple = simplify(conjunct)
            add(simple)
            for implied in impliedConditions(of: simple) { add(implied) }
        }
        return result
    }

    static func simplify(_ expression: BoundExpression) -> BoundExpression {
        expression.replacing(simplifyNode)
    }

    private static func simplifyNode(_ node: BoundExpression) -> BoundExpression {
        switch node {
        case .not(let operand): return negated(operand)
        case .and(let parts): return simplifyAnd(parts)
        case .or(let parts): return simplifyOr(parts)
        case .comparison(let comparison, .literal(let value, let type), let right):
            if case .literal = right { return node }
            return .comparison(comparison.mirrored, right, .literal(value, type))
        case .call(let function, let signature, let arguments) where function.isAssociative:
            return joined(function, signature, arguments)
        default: return node
        }
    }

    /// Makes one call of those that are arguments of another of the same function.
    private static func joined(
        _ function: ScalarFunction, _ signature: FunctionSignature,
        _ arguments: [BoundExpression]
    ) -> BoundExpression {
        var flat: [BoundExpression] = []
        for argument in arguments {
            if case .call(function, let inner, let parts) = argument,
                inner.resultType == signature.resultType
            {
                flat += parts
            } else {
                flat.append(argument)
            }
        }
        var types = signature
        types.argumentTypes = flat.map { _ in signature.argumentTypes[0] }
        return .call(function, types, flat)
    }

    private static func negated(_ operand: BoundExpression) -> BoundExpression {
        switch operand {
        case .not(let inner): return inner
        case .literal(.null, let type): return .null(type)
        case .literal(let value, _): return .literal(.boolean(value == .boolean(false)), .boolean)
        case .comparison(let comparison, let left, let right):
            guard let opposite = comparison.negated else { return .not(operand) }
            return .comparison(opposite, left, right)
        case .and(let parts): return simplifyOr(parts.map(negated))
        case .or(let parts): return simplifyAnd(parts.map(negated))
        default: return .not(operand)
        }
    }

    private static func simplifyAnd(_ parts: [BoundExpression]) -> BoundExpression {
        var flat: [BoundExpression] = []
        var known: Set<BoundExpression> = []
        for part in parts.flatMap(\.conjuncts) {
            if part == .falseLiteral { return .falseLiteral }
            if isNew(part, &known) { flat.append(part) }
        }
        return .conjunction(flat)
    }

    /// Tells whether a condition says more than those that are there. Chance does each time.
    private static func isNew(
        _ part: BoundExpression, _ known: inout Set<BoundExpression>
    ) -> Bool {
        known.insert(part).inserted || !part.isDeterministic
    }

    private static func simplifyOr(_ parts: [BoundExpression]) -> BoundExpression {
        var flat: [BoundExpression] = []
        var known: Set<BoundExpression> = []
        for part in parts.flatMap(\.disjuncts) {
            if part == .trueLiteral { return .trueLiteral }
            if part != .falseLiteral, isNew(part, &known) { flat.append(part) }
        }
        return disjunction(withLists(flat))
    }

    private static func disjunction(_ parts: [BoundExpression]) -> BoundExpression {
        parts.isEmpty ? .falseLiteral : parts.count == 1 ? parts[0] : .or(parts)
    }

    /// Collects equalities of one operand with constants.
    private static func withLists(_ parts: [BoundExpression]) -> [BoundExpression] {
        var values: [BoundExpression: [Value]] = [:]
        for part in parts {
            if let (operand, found) = constantSet(part) { values[operand, default: []] += found }
        }
        guard values.values.contains(where: { $0.count > 1 }) else { return parts }
        var result: [BoundExpression] = []
        for part in parts {
            guard let (operand, _) = constantSet(part) else {
                result.append(part)
                continue
            }
            guard let all = values.removeValue(forKey: operand) else { continue }
            var known: Set<Value> = []
            let distinct = all.filter { known.insert($0).inserted }
            result.append(
                distinct.count > 1
                    ? .inList(operand, distinct)
                    : .comparison(.equal, operand, .literal(distinct[0], operand.type)))
        }
        return result
    }

    /// Reads `x = constant` and `x IN (constants)`.
    private static func constantSet(
        _ condition: BoundExpression
    ) -> (operand: BoundExpression, values: [Value])? {
        guard condition.isDeterministic else { return nil }
        switch condition {
        case .inList(let operand, let values): return (operand, values)
        case .comparison(.equal, let operand, .literal(let value, _)) where !value.isNull:
            return (operand, [value])
        default: return nil
        }
    }

    // MARK: Disjunctions

    private static func factored(_ condition: BoundExpression) -> BoundExpression {
        guard case .or(let parts) = condition else { return condition }
        let branches = parts.map(\.conjuncts)
        let common = branches[0].filter { part in
            part.isDeterministic && branches.dropFirst().allSatisfy { $0.contains(part) }
        }
        guard !common.isEmpty else { return condition }
        var rests: [BoundExpression] = []
        for branch in branches {
            let rest = branch.filter { !common.contains($0) }
            // A branch that is nothing but the common part makes the others superfluous.
            if rest.isEmpty { return .conjunction(common) }
            rests.append(.conjunction(rest))
        }
        return .conjunction(common + [simplifyOr(rests)])
    }

    private static func impliedConditions(of condition: BoundExpression) -> [BoundExpression] {
        guard case .or(let parts) = condition else { return [] }
        let branches = parts.map(\.conjuncts)
        var implied: [BoundExpression] = []
        for column in singleColumns(in: branches[0]) {
            var perBranch: [BoundExpression] = []
            for branch in branches {
                let own = branch.filter {
                    $0.referencedColumns == [column] && $0.isDeterministic
                }
                if own.isEmpty { break }
                perBranch.append(.conjunction(own))
            }
            if perBranch.count == branches.count {
                let weaker = simplifyOr(perBranch)
                if weaker != condition, weaker != .trueLiteral { implied.append(weaker) }
            }
        }
        return implied
    }

    /// The columns that a conjunct bounds alone.
    private static func singleColumns(in conjuncts: [BoundExpression]) -> [ColumnID] {
        var columns: [ColumnID] = []
        for conjunct in conjuncts where conjunct.isDeterministic {
            let referenced = conjunct.referencedColumns
            if referenced.count == 1, let column = referenced.first, !columns.contains(column) {
                columns.append(column)
            }
        }
        return columns
    }
}

extension BoundExpression {
    /// Takes nested ORs apart.
    var disjuncts: [BoundExpression] {
        if case .or(let parts) = self { return parts.flatMap(\.disjuncts) }
        return [self]
    }
}
