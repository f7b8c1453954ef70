// Replaces what does not depend on columns by its value, and truth values by what follows from
// their constant parts. What ends in an error stays, so that the error comes only where a row
// meets it.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Folds the constant parts of an expression.
package func foldConstants(
    _ expression: BoundExpression, session: SessionValues
) -> BoundExpression {
    expression.replacing { fold($0, session) }
}

private func fold(_ node: BoundExpression, _ session: SessionValues) -> BoundExpression {
    switch node {
    case .column, .literal, .subquery: return node
    case .and(let parts): return foldConnective(parts, decidedBy: false)
    case .or(let parts): return foldConnective(parts, decidedBy: true)
    case .conditional(let branches, let otherwise, let type):
        return foldConditional(branches, otherwise, type)
    case .naming(let naming):
        guard naming.value.constantValue == nil else {
            return foldConstants(
                naming.body.substituting([naming.column.id: naming.value]), session: session)
        }
        return naming.body.constantValue == nil ? node : naming.body
    case .comparison(let comparison, let left, let right) where comparison != .nullSafeEqual:
        if left.constantValue?.isNull ?? false || right.constantValue?.isNull ?? false {
            return .null(.boolean)
        }
    case .inList(let operand, let values):
        if operand.constantValue?.isNull ?? false { return .null(.boolean) }
        if values.isEmpty { break }
    default: break
    }
    guard node.children.allSatisfy({ $0.constantValue != nil }) else { return node }
    if case .call(let function, _, _) = node, !function.isDeterministic { return node }
    return constantResult(node, session).map { .literal($0, node.type) } ?? node
}

/// Longer lists stay calls: as literals they would be copied, compared and printed with the plan.
private let foldedElementCountMax = 1_000

/// Evaluates an expression without columns; nil where that fails or cannot be a literal.
private func constantResult(_ node: BoundExpression, _ session: SessionValues) -> Value? {
    let value = Result { () throws(StarlingError) -> Value? in
        let compiled = try CompiledExpressions([node], layout: ColumnLayout([]), session: session)
        let vector = try compiled.makeEvaluator().evaluate(Chunk(columns: [], count: 1))[0]
        let elements = vector.children?.vectors.first?.count ?? 0
        return elements > foldedElementCountMax ? nil : vector.value(at: 0)
    }
    if case .success(let value) = value { return value }
    return nil
}

private func foldConnective(
    _ parts: [BoundExpression], decidedBy decision: Bool
) -> BoundExpression {
    var kept: [BoundExpression] = []
    var known: Set<BoundExpression> = []
    for part in parts {
        if let number = part.constantValue?.integer {
            if (number != 0) == decision {
                return decision ? .trueLiteral : .falseLiteral
            }
        } else if known.insert(part).inserted || !part.isDeterministic {
            kept.append(part)
        }
    }
    switch kept.count {
    case 0: return decision ? .falseLiteral : .trueLiteral
    case 1: return kept[0]
    default: return decision ? .or(kept) : .and(kept)
    }
}

private func foldConditional(
    _ branches: [ConditionalBranch], _ otherwise: BoundExpression, _ type: LogicalType
) -> BoundExpression {
    var kept: [ConditionalBranch] = []
    for branch in branches {
        guard let condition = branch.condition.constantValue else {
            kept.append(branch)
            continue
        }
        if condition.integer ?? 0 == 0 { continue }
        return kept.isEmpty ? branch.result : .conditional(kept, otherwise: branch.result, type)
    }
    return kept.isEmpty ? otherwise : .conditional(kept, otherwise: otherwise, type)
}
