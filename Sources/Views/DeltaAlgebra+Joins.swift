// The changes of joins.

import StarlingErrors
import StarlingPlans
import StarlingTypes

extension DeltaAlgebra {
    func changes(
        of join: JoinNode, giving columns: [PlanColumn]
    ) throws(StarlingError) -> DeltaRows? {
        let left = try changes(of: join.left)
        let right = try changes(of: join.right)
        guard left != nil || right != nil else { return nil }
        // Of a single join no mixture of states is computed: there a row may have two partners.
        if join.kind == .full || (join.isSingle && right != nil) {
            return try changes(ofFull: join, left, right, giving: columns)
        }
        var terms: [DeltaRows] = []
        let isInner = join.kind == .inner
        if let left {
            // The rows of the left side don't touch each other.
            var term = join
            term.left = left.plan
            let isEarlier = isInner && flaw != .laterInBothTerms
            term.right = plan(join.right, isEarlier ? .earlier : .later)
            terms.append(
                DeltaRows(
                    plan: LogicalPlan(.join(term)), weight: left.weight,
                    onlyGrows: left.onlyGrows))
        }
        if let right, isInner {
            if flaw == .rightSideLost { return union(terms, giving: columns) }
            var term = join
            term.left = plan(join.left, .later)
            term.right = right.plan
            terms.append(
                DeltaRows(
                    plan: LogicalPlan(.join(term)), weight: right.weight,
                    onlyGrows: right.onlyGrows))
        } else if let right, flaw != .partnersLost {
            let keys = EqualKeys(of: join)
            let touched = affected([(right, keys.right)])
            for moment in [Moment.earlier, .later] {
                var term = join
                term.left = restricted(plan(join.left, .earlier), keys.left, to: touched)
                term.right = restricted(plan(join.right, moment), keys.right, to: touched)
                terms.append(
                    weighted(LogicalPlan(.join(term)), moment == .earlier ? -1 : 1))
            }
        }
        return union(terms, giving: columns)
    }

    /// Both sides of a full join keep their rows, so both are restricted to the affected keys.
    private func changes(
        ofFull join: JoinNode, _ left: DeltaRows?, _ right: DeltaRows?,
        giving columns: [PlanColumn]
    ) throws(StarlingError) -> DeltaRows? {
        let keys = EqualKeys(of: join)
        let touched = affected(
            [left.map { ($0, keys.left) }, right.map { ($0, keys.right) }].compactMap { $0 })
        let terms = [Moment.earlier, .later].map { moment in
            var term = join
            term.left = restricted(plan(join.left, moment), keys.left, to: touched)
            term.right = restricted(plan(join.right, moment), keys.right, to: touched)
            return weighted(LogicalPlan(.join(term)), moment == .earlier ? -1 : 1)
        }
        return union(terms, giving: columns)
    }
}

/// Lists what a join compares for equality: an expression of the left side with one of the right.
package struct EqualKeys {
    package private(set) var left: [BoundExpression] = []
    package private(set) var right: [BoundExpression] = []

    package init(of join: JoinNode) {
        for key in JoinConditions(of: join).equalities
        where key.left.type.keyType(with: key.right.type) != nil {
            left.append(key.left)
            right.append(key.right)
        }
    }

    package var isEmpty: Bool { left.isEmpty }
}

extension LogicalType {
    /// The type in which keys of both types are the same where they are equal.
    func keyType(with other: LogicalType) -> LogicalType? {
        if self == other { return self }
        if isString, other.isString { return .string }
        guard isDecimal, other.isDecimal, scale == other.scale else { return nil }
        return .decimal(precision: 38, scale: scale)
    }
}
