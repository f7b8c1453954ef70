// Joins the slow way: every left row with every right row, over values.

import StarlingErrors
import StarlingExecution
import StarlingTypes
import StarlingVectors

/// Holds a join over literal rows.
struct JoinCase {
    var kind: JoinKind
    var buildSide: JoinSide = .right
    var leftTypes: [PhysicalType]
    var rightTypes: [PhysicalType]
    var keys: [JoinKey]
    var condition: ValueCondition?
    var left: [[Value]]
    var right: [[Value]]

    /// All columns of both sides, or of the left one and perhaps the mark.
    var outputs: [JoinOutput] {
        let left = leftTypes.indices.map { JoinOutput.left($0) }
        if kind == .mark { return left + [.mark] }
        return kind.isMembership ? left : left + rightTypes.indices.map { JoinOutput.right($0) }
    }

    var description: JoinDescription {
        JoinDescription(
            kind: kind, buildSide: buildSide, leftTypes: leftTypes, rightTypes: rightTypes,
            keys: keys, residual: condition, outputs: outputs)
    }

    /// Returns the rows that the join gives, in no order; nil where it is an error.
    func expectedRows() -> [[Value]]? {
        var result: [[Value]] = []
        var isRightMatched = [Bool](repeating: false, count: right.count)
        let leftNulls = [Value](repeating: .null, count: leftTypes.count)
        let rightNulls = [Value](repeating: .null, count: rightTypes.count)
        for row in left {
            var matches: [Int] = []
            for (position, other) in right.enumerated() where areMatching(row, other) {
                matches.append(position)
                isRightMatched[position] = true
            }
            switch kind {
            case .inner: result += matches.map { row + right[$0] }
            case .left, .full, .single:
                if kind.isSingle, matches.count > 1 { return nil }
                result += matches.map { row + right[$0] }
                if matches.isEmpty { result.append(row + rightNulls) }
            case .semi: if !matches.isEmpty { result.append(row) }
            case .anti: if matches.isEmpty { result.append(row) }
            case .mark: result.append(row + [.boolean(!matches.isEmpty)])
            case .nullAwareAnti: if isNotIn(row) { result.append(row) }
            }
        }
        if kind == .full {
            for (position, row) in right.enumerated() where !isRightMatched[position] {
                result.append(leftNulls + row)
            }
        }
        return result
    }

    private func areMatching(_ left: [Value], _ right: [Value]) -> Bool {
        for key in keys {
            let (a, b) = (left[key.left], right[key.right])
            if a.isNull || b.isNull {
                guard key.isNullSafe, a.isNull, b.isNull else { return false }
            } else if sqlOrder(a, b) != 0 {
                return false
            }
        }
        guard let condition else { return true }
        let row = left + right
        return condition.holds(condition.columns.map { row[$0] })
    }

    /// Tells whether `key NOT IN (right keys)` is true.
    private func isNotIn(_ row: [Value]) -> Bool {
        if right.isEmpty { return true }
        let operand = row[keys[0].left]
        return !operand.isNull
            && right.allSatisfy { other in
                let value = other[keys[0].right]
                return !value.isNull && sqlOrder(operand, value) != 0
            }
    }

    /// Runs the operators and returns what they give.
    func actualRows(
        _ circumstances: Circumstances, byteLimit: Int = 1 << 30
    ) throws -> [[Value]] {
        let execution = circumstances.makeExecution(byteLimit: byteLimit)
        let build = try JoinBuildSink(description)
        let output = CollectingSink()
        let leftSource = RowsSource(left, leftTypes, chunkRowCount: circumstances.chunkRowCount)
        let rightSource = RowsSource(right, rightTypes, chunkRowCount: circumstances.chunkRowCount)
        try PipelineRunner(execution).run([
            Pipeline(
                source: buildSide == .left ? leftSource : rightSource, transforms: [], sink: build),
            Pipeline(
                source: buildSide == .left ? rightSource : leftSource,
                transforms: [build.makeProbe()], sink: output),
        ])
        return output.rows
    }
}

/// Is a condition over values.
final class ValueCondition: RowCondition {
    let columns: [Int]
    let holds: @Sendable ([Value]) -> Bool

    init(_ columns: [Int], _ holds: @escaping @Sendable ([Value]) -> Bool) {
        self.columns = columns
        self.holds = holds
    }

    func makeEvaluator(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any RowConditionEvaluator { Evaluator(self) }

    private final class Evaluator: RowConditionEvaluator {
        let condition: ValueCondition
        init(_ condition: ValueCondition) { self.condition = condition }

        func select(_ chunk: Chunk) throws(StarlingError) -> Selection {
            var selection = Selection()
            for row in 0..<chunk.count
            where condition.holds(chunk.columns.map { $0.value(at: row) }) {
                selection.rows[selection.count] = UInt16(row)
                selection.count += 1
            }
            return selection
        }
    }
}
