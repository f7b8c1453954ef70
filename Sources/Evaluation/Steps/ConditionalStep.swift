// CASE. Branches that are cheap and cannot fail are computed for all rows and blended; others only
// for the rows whose conditions lead to them.

import StarlingErrors
import StarlingKernels
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Chooses among results by conditions.
struct ConditionalStep: EvaluationStep {
    let conditions: [Int]
    let results: [Int]
    let otherwise: Int
    let physicalType: PhysicalType
    let isEager: Bool
    /// True where there are many conditions, none of which can fail.
    let choosesBranchesFirst: Bool

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        if isEager { return try blendAll(frame) }
        return choosesBranchesFirst ? try chooseAndMerge(frame) : try evaluateLazily(frame)
    }

    /// Asks conditions of rows that have their branch already, too, until these are most: looking at a
    /// row costs less than finding it.
    private func chooseAndMerge(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        let branches = BranchNumbers(count: frame.count)
        var current = frame
        // The rows that the current frame stands for; nil for all.
        var rows: Selection?
        var undecided = frame.count
        for (position, condition) in conditions.enumerated() where undecided > 0 {
            undecided -= branches.take(
                position, where: try current.value(condition), among: rows)
            if undecided * 2 < current.count, undecided > 0 {
                let left = branches.undecided(among: rows)
                current = current.narrowed(to: left)
                rows = left.composed(within: rows)
            }
        }
        var merger = VectorMerger(physicalType, count: frame.count)
        let all = zip(branches.rows(ofBranches: conditions.count), results + [otherwise])
        for (rows, result) in all where rows.count > 0 {
            merger.add(try shaped(frame.narrowed(to: rows), result), at: rows)
        }
        return merger.finish()
    }

    private func blendAll(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        var result = try shaped(frame, otherwise)
        for position in conditions.indices.reversed() {
            let condition = try frame.value(conditions[position])
            result = blend(condition, try shaped(frame, results[position]), result)
        }
        return result
    }

    private func evaluateLazily(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        var merger = VectorMerger(physicalType, count: frame.count)
        // The rows of `rest` that no condition has taken yet, and the frame about them.
        var rest = Selection(all: frame.count)
        var restFrame = frame
        for position in conditions.indices {
            if rest.count == 0 { break }
            let taken = Selection(trueRowsOf: try restFrame.value(conditions[position]))
            if taken.count == 0 { continue }
            let all = taken.count == rest.count
            let branch = all ? restFrame : restFrame.narrowed(to: taken)
            merger.add(
                try shaped(branch, results[position]), at: taken.composed(within: rest))
            if all { return merger.finish() }
            let left = taken.complement(of: rest.count)
            restFrame = restFrame.narrowed(to: left)
            rest = left.composed(within: rest)
        }
        if rest.count > 0 { merger.add(try shaped(restFrame, otherwise), at: rest) }
        return merger.finish()
    }

    /// Evaluates a result in the layout that all results have in common.
    private func shaped(_ frame: EvaluationFrame, _ index: Int) throws(StarlingError) -> Vector {
        let value = try frame.plainValue(index)
        if value.isConstantNull {
            return .allNull(physicalType, like: value, count: frame.count)
        }
        return value.withNumberLayout(physicalType)
    }
}

extension ExpressionCompiler {
    mutating func compileConditional(
        _ branches: [ConditionalBranch], _ otherwise: BoundExpression, _ type: LogicalType
    ) throws(StarlingError) -> Int {
        var conditions: [Int] = []
        var results: [Int] = []
        for branch in branches {
            conditions.append(try compile(branch.condition))
            results.append(try compile(branch.result))
        }
        let last = try compile(otherwise)
        var bounds: Bounds?
        var isNullable = false
        for result in results + [last] {
            isNullable = isNullable || nodeFacts(result).isNullable
            let isAlwaysNull = (nodes[result].step as? LiteralStep)?.constant.isConstantNull
            if isAlwaysNull ?? false { continue }
            guard let range = nodeFacts(result).bounds ?? nodeFacts(result).type.bounds else {
                continue
            }
            bounds = bounds?.union(range) ?? range
        }
        if type.bounds != nil { bounds = bounds ?? Bounds(0) }
        let all = conditions + results + [last]
        // Common subexpressions count once, so that `CASE WHEN a … WHEN a …` stays eager.
        let cost = (results + [last]).reduce(0) { $0 + nodeFacts($1).cost }
        let isEager =
            !type.isNested && cost <= 3 && branches.count <= 3
            && !all.contains { nodeFacts($0).canFail || !nodeFacts($0).isDeterministic }
        let choosesBranchesFirst =
            (4...1_024).contains(conditions.count)
            && !conditions.contains {
                nodeFacts($0).canFail || !nodeFacts($0).isDeterministic
            }
        let physicalType = bounds.map { Self.physicalType(for: type, $0) }
        let facts = NodeFacts(
            type: type, physicalType: physicalType ?? type.widestPhysicalType, bounds: bounds,
            isNullable: isNullable, cost: 2)
        return add(
            ConditionalStep(
                conditions: conditions, results: results, otherwise: last,
                physicalType: facts.physicalType, isEager: isEager,
                choosesBranchesFirst: choosesBranchesFirst),
            facts, children: all)
    }
}
