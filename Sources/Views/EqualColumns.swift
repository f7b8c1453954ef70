import StarlingPlans

/// Knows which columns are equal in all rows, and writes expressions in one of them.
struct EqualColumns {
    private var parents: [ColumnID: PlanColumn] = [:]

    init(_ conjuncts: [BoundExpression]) {
        for conjunct in conjuncts {
            guard let (left, right) = Self.pair(conjunct) else { continue }
            let (first, second) = (representative(of: left), representative(of: right))
            guard first != second else { continue }
            if first.id < second.id {
                parents[second.id] = first
            } else {
                parents[first.id] = second
            }
        }
    }

    /// The columns that a conjunct says are equal. Floating-point numbers may be equal and differ.
    static func pair(_ conjunct: BoundExpression) -> (PlanColumn, PlanColumn)? {
        guard case .comparison(.equal, .column(let left), .column(let right)) = conjunct,
            left.type == right.type, !left.type.isFloating, left.type.isComparable
        else { return nil }
        return (left, right)
    }

    func areEqual(_ left: PlanColumn, _ right: PlanColumn) -> Bool {
        representative(of: left) == representative(of: right)
    }

    private func representative(of column: PlanColumn) -> PlanColumn {
        var column = column
        while let next = parents[column.id] { column = next }
        return column
    }

    /// Writes an expression so that equal ones look the same.
    func canonical(_ expression: BoundExpression) -> BoundExpression {
        expression.replacing { node in
            guard case .column(let column) = node else { return node }
            return .column(representative(of: column))
        }
    }
}
