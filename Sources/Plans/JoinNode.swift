import StarlingErrors

/// Joins two inputs.
package struct JoinNode: Sendable {
    package enum Kind: Hashable, Sendable {
        /// Without conditions it is a cross join.
        case inner
        /// Keeps all left rows.
        case left
        case full
        /// Left rows with a match.
        case semi
        /// Left rows without a match.
        case anti
        /// Left rows for which NOT IN holds. There is exactly one condition, the equality of the
        /// operand with the subquery's column. A row is not given where the comparison with any
        /// right row is true or NULL.
        case nullAwareAnti
        /// All left rows, with a BOOLEAN column: true where some right row matches, else false;
        /// never NULL.
        case mark(PlanColumn)
        /// All left rows with the one right row that matches, or NULLs; two matches are an error of
        /// the subquery at that place.
        case single(TextRange?)
    }

    package enum Side: Hashable, Sendable {
        case left
        case right
    }

    package var kind: Kind
    package var left: LogicalPlan
    package var right: LogicalPlan
    package var conditions: [BoundExpression]
    /// True where the right side refers to columns of the left one; none is left after unnesting.
    package var isDependent: Bool
    /// The side that is gathered into a table before the other one streams past; the optimizer's
    /// choice.
    package var buildSide: Side

    /// The anti join that a NULL comparison satisfies, for a null-aware one whose condition is no
    /// equality of keys. What rules have folded holds for every row, or for none.
    package var withoutNullAwareness: JoinNode {
        var join = self
        join.kind = .anti
        join.conditions = conditions.compactMap { condition in
            guard case .literal(let value, _) = condition else { return condition.isTrueOrNull }
            return value == .boolean(false) ? condition : nil
        }
        return join
    }

    package init(
        kind: Kind, left: LogicalPlan, right: LogicalPlan, conditions: [BoundExpression],
        isDependent: Bool = false, buildSide: Side = .right
    ) {
        self.kind = kind
        self.left = left
        self.right = right
        self.conditions = conditions
        self.isDependent = isDependent
        self.buildSide = buildSide
    }

    package var isSingle: Bool {
        if case .single = kind { true } else { false }
    }

    /// True for kinds that give only the left side's columns (and perhaps a mark).
    package var givesOnlyLeft: Bool {
        switch kind {
        case .semi, .anti, .nullAwareAnti, .mark: true
        case .inner, .left, .full, .single: false
        }
    }
}
