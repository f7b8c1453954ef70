// What is known of one side of an equality is known of the other: a = b AND a < 5 gives b < 5.
//
// 1. Bottom-up, the conditions on single columns that every row of a plan satisfies are collected;
//    at a join they spread over its equalities.
// 2. Top-down, each side of a join is filtered by what is known of it from elsewhere. The side that
//    an outer join pads may lose rows that could not match; the side that it preserves loses none.
//
// Only comparisons with constants spread: values that are equal compare alike with them, which other
// functions need not do (0.0 and -0.0).

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct TransitiveConditions: Rule {
    static let name = "transitive_conditions"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        TransitiveConditions().spread([:], into: plan)
    }

    /// Conditions by the one column that each reads.
    private typealias Facts = [ColumnID: [BoundExpression]]

    private static let factsMaximum = 8

    // MARK: What is known of a plan's rows

    private func facts(of plan: LogicalPlan) -> Facts {
        switch plan.node {
        case .scan(let node): return facts(in: node.conjuncts)
        case .filter(let node):
            return merged(facts(of: node.input), facts(in: node.conjuncts))
        case .project(let node):
            let known = facts(of: node.input)
            var result: Facts = [:]
            for item in node.items {
                guard case .column(let source) = item.expression else { continue }
                result[item.column.id] = known[source.id]?.map {
                    $0.substituting([source.id: .column(item.column)])
                }
            }
            return result
        case .join(let join):
            switch join.kind {
            case .inner:
                return closure(
                    merged(
                        merged(facts(of: join.left), facts(of: join.right)),
                        facts(in: join.conditions)), equalities(of: join))
            case .semi:
                let both = closure(
                    merged(facts(of: join.left), facts(of: join.right)), equalities(of: join))
                let columns = join.left.outputColumnIDs
                return both.filter { columns.contains($0.key) }
            case .left, .anti, .nullAwareAnti, .mark, .single: return facts(of: join.left)
            case .full: return [:]
            }
        case .sort(let node): return facts(of: node.input)
        case .limit(let node): return facts(of: node.input)
        case .window(let node): return facts(of: node.input)
        case .values, .aggregate, .unnest, .setOperation, .shared, .sharedScan, .recursion:
            return [:]
        }
    }

    private func facts(in conditions: [BoundExpression]) -> Facts {
        var result: Facts = [:]
        for condition in conditions.flatMap(\.conjuncts) {
            guard let column = subject(of: condition) else { continue }
            result[column.id, default: []].append(condition)
        }
        return result
    }

    /// The column that a comparison with constants is about.
    private func subject(of condition: BoundExpression) -> PlanColumn? {
        switch condition {
        case .comparison(let comparison, .column(let column), .literal(let value, _)):
            return comparison == .nullSafeEqual || value.isNull ? nil : column
        case .inList(.column(let column), _): return column
        default: return nil
        }
    }

    private func merged(_ left: Facts, _ right: Facts) -> Facts {
        left.merging(right) { first, second in
            var result = first
            for condition in second where !result.contains(condition) {
                result.append(condition)
            }
            return result
        }
    }

    // MARK: Equalities

    private typealias Equality = (PlanColumn, PlanColumn)

    private func equalities(of join: JoinNode) -> [Equality] {
        join.conditions.flatMap(\.conjuncts).compactMap { condition in
            guard
                case .comparison(let comparison, .column(let left), .column(let right)) =
                    condition, comparison == .equal || comparison == .nullSafeEqual,
                left.type == right.type || (left.type.isString && right.type.isString)
            else { return nil }
            return (left, right)
        }
    }

    /// Spreads facts over equalities until nothing is added.
    private func closure(_ facts: Facts, _ equalities: [Equality]) -> Facts {
        var result = facts
        var hasGrown = !equalities.isEmpty
        while hasGrown {
            hasGrown = false
            for (left, right) in equalities {
                for (source, target) in [(left, right), (right, left)] {
                    for fact in result[source.id] ?? [] {
                        let spread = fact.substituting([source.id: .column(target)])
                        let known = result[target.id] ?? []
                        guard known.count < Self.factsMaximum, !known.contains(spread) else {
                            continue
                        }
                        result[target.id] = known + [spread]
                        hasGrown = true
                    }
                }
            }
        }
        return result
    }

    // MARK: Where it helps

    /// Filters the plan by what is known from above, below as many joins as possible.
    private func spread(_ known: Facts, into plan: LogicalPlan) -> LogicalPlan {
        guard case .join(var join) = plan.node else {
            let inside = plan.replacingChildren { spread([:], into: $0) }
            let own = facts(of: plan)
            var new: [BoundExpression] = []
            for column in plan.outputColumns {
                for condition in known[column.id] ?? []
                where own[column.id]?.contains(condition) != true {
                    new.append(condition)
                }
            }
            return new.isEmpty
                ? inside : LogicalPlan(.filter(FilterNode(input: inside, conjuncts: new)))
        }
        let equalities = equalities(of: join)
        let (left, right) = (facts(of: join.left), facts(of: join.right))
        switch join.kind {
        case .inner:
            let all = closure(
                merged(merged(known, facts(in: join.conditions)), merged(left, right)), equalities)
            join.left = spread(all, into: join.left)
            join.right = spread(all, into: join.right)
        case .semi:
            let all = closure(merged(known, merged(left, right)), equalities)
            join.left = spread(all, into: join.left)
            join.right = spread(all, into: join.right)
        case .left, .single, .anti, .mark:
            let all = closure(merged(known, left), equalities)
            join.left = spread(known, into: join.left)
            join.right = spread(all, into: join.right)
        case .nullAwareAnti:
            join.left = spread(known, into: join.left)
            join.right = spread([:], into: join.right)
        case .full:
            join.left = spread([:], into: join.left)
            join.right = spread([:], into: join.right)
        }
        var result = plan
        result.node = .join(join)
        return result
    }
}
