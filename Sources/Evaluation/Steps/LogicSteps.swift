// AND, OR and NOT. An operand that can end in an error is evaluated only for the rows that those
// before it leave undecided.

import StarlingErrors
import StarlingKernels
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Combines truth values.
struct ConnectiveStep: EvaluationStep {
    let connective: Connective
    let parts: [Int]
    /// Which parts must not run for rows that are decided already.
    let isGuarded: [Bool]

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        var result = try frame.value(parts[0])
        for position in 1..<parts.count {
            if isGuarded[position] {
                result = try combineUndecided(result, parts[position], frame)
            } else {
                result = result.combined(connective, try frame.value(parts[position]))
            }
        }
        return result
    }

    private func combineUndecided(
        _ sofar: Vector, _ part: Int, _ frame: EvaluationFrame
    ) throws(StarlingError) -> Vector {
        let deciding = connective == .and ? sofar.negatedTruth() : sofar
        let undecided = Selection(trueRowsOf: deciding).complement(of: frame.count)
        if undecided.count == 0 { return sofar }
        if undecided.count == frame.count {
            return sofar.combined(connective, try frame.value(part))
        }
        // Where most rows are undecided, all cost less than finding these; errors come seldom, and
        // what fails for a row that was decided is asked again without it.
        if undecided.count * 2 > frame.count, let whole = try? frame.value(part) {
            return sofar.combined(connective, whole)
        }
        var merger = VectorMerger(.int8, count: frame.count)
        let decided = undecided.complement(of: frame.count)
        merger.add(
            Vector(constant: .boolean(connective == .or), .int8, count: decided.count),
            at: decided)
        let rest = try frame.narrowed(to: undecided).value(part)
        merger.add(sofar.gathered(by: undecided).combined(connective, rest), at: undecided)
        return merger.finish()
    }
}

/// Negates a truth value.
struct NotStep: EvaluationStep {
    let operand: Int

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        try frame.value(operand).negatedTruth()
    }
}

extension ExpressionCompiler {
    mutating func compileConnective(
        _ connective: Connective, _ parts: [BoundExpression]
    ) throws(StarlingError) -> Int {
        let parts = connective == .and ? try mergeRanges(parts) : parts.map { ($0, nil) }
        var children: [Int] = []
        for (part, range) in parts {
            if let range {
                children.append(try compileRange(part, range))
            } else {
                children.append(try compile(part))
            }
        }
        if children.count == 1 { return children[0] }
        let isGuarded = children.map { nodeFacts($0).canFail }
        let facts = truthFacts(
            isNullable: children.contains { nodeFacts($0).isNullable }, cost: 0.2)
        return add(
            ConnectiveStep(connective: connective, parts: children, isGuarded: isGuarded), facts,
            children: children)
    }

    /// Joins `x >= 1 AND x < 5` into one range over x.
    private func mergeRanges(
        _ parts: [BoundExpression]
    ) throws(StarlingError) -> [(BoundExpression, Bounds?)] {
        IntegerRange.merge(parts).map { ($0.expression, $0.range) }
    }
}
