// What a join is, as the planner tells it: keys are columns of the inputs by position (expressions
// have been computed before), all other conditions are one `RowCondition`.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Names what a join gives.
package enum JoinKind: Sendable, Hashable, CaseIterable {
    case inner
    /// Keeps all left rows.
    case left
    case full
    /// Left rows with a match.
    case semi
    /// Left rows without a match.
    case anti
    /// Left rows for which NOT IN holds; with exactly one key and no residual condition.
    case nullAwareAnti
    /// All left rows with a BOOLEAN that tells whether there is a match; never NULL.
    case mark
    /// All left rows with the one match or NULLs; two matches are an error of the subquery at that
    /// place.
    case single(TextRange?)

    package static var allCases: [JoinKind] {
        [.inner, .left, .full, .semi, .anti, .nullAwareAnti, .mark, .single(nil)]
    }

    package var isSingle: Bool {
        if case .single = self { true } else { false }
    }

    /// True for kinds that only ask whether a left row has a match.
    package var isMembership: Bool {
        switch self {
        case .semi, .anti, .nullAwareAnti, .mark: true
        case .inner, .left, .full, .single: false
        }
    }
}

/// Names an input of a join.
package enum JoinSide: Sendable, Hashable {
    case left
    case right
}

/// Says which columns have to be equal, by their positions in both inputs.
package struct JoinKey: Sendable, Hashable {
    package var left: Int
    package var right: Int
    /// True for `<=>`: NULL equals NULL.
    package var isNullSafe: Bool

    package init(left: Int, right: Int, isNullSafe: Bool = false) {
        self.left = left
        self.right = right
        self.isNullSafe = isNullSafe
    }
}

/// Says which columns of numbers are compared, by their positions in both inputs. Whether equal
/// ones match is the residual condition's to say.
package struct JoinRange: Sendable, Hashable {
    package var left: Int
    package var right: Int
    /// True where the left number is not below the right one.
    package var isLeftGreater: Bool

    package init(left: Int, right: Int, isLeftGreater: Bool) {
        self.left = left
        self.right = right
        self.isLeftGreater = isLeftGreater
    }

    /// Tells whether columns of this layout can be compared so.
    package static func canCompare(_ type: PhysicalType) -> Bool { RangeNumbers.canRead(type) }
}

/// Names a column that a join gives.
package enum JoinOutput: Sendable, Hashable {
    case left(Int)
    case right(Int)
    /// The BOOLEAN of a mark join.
    case mark
}

/// Is what has to hold besides the equality of keys.
package protocol RowCondition: AnyObject, Sendable {
    /// The columns it reads, counted through the left input's and then the right input's.
    var columns: [Int] { get }

    func makeEvaluator(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any RowConditionEvaluator
}

/// Evaluates a condition on one worker.
package protocol RowConditionEvaluator: AnyObject {
    /// Returns the rows for which the condition is true. The chunk has the condition's `columns`,
    /// in their order.
    func select(_ chunk: Chunk) throws(StarlingError) -> Selection
}

/// Describes a join.
package struct JoinDescription: Sendable {
    package var kind: JoinKind
    /// The input that is gathered into a table before the other one streams past. Null-aware anti
    /// joins and single joins gather the right one.
    package var buildSide: JoinSide
    package var leftTypes: [PhysicalType]
    package var rightTypes: [PhysicalType]
    package var keys: [JoinKey]
    /// Comparisons of the residual condition that narrow what a join without keys looks at.
    package var ranges: [JoinRange] = []
    package var residual: (any RowCondition)?
    package var outputs: [JoinOutput]

    package init(
        kind: JoinKind, buildSide: JoinSide = .right, leftTypes: [PhysicalType],
        rightTypes: [PhysicalType], keys: [JoinKey], residual: (any RowCondition)? = nil,
        outputs: [JoinOutput]
    ) {
        self.kind = kind
        self.buildSide = buildSide
        self.leftTypes = leftTypes
        self.rightTypes = rightTypes
        self.keys = keys
        self.residual = residual
        self.outputs = outputs
    }
}
