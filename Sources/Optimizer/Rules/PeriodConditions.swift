// Makes bounds of a moment out of conditions on the period that it lies in, so that they prune
// partitions and zones, and no function is computed for a row:
//
//   date_trunc('month', t) = '2024-02-01'  →  t >= '2024-02-01' AND t < '2024-03-01'
//   CAST(t AS DATE) > '2024-02-01'         →  t >= '2024-02-02'
//   year(t) = 2024                         →  t >= '2024-01-01' AND t < '2025-01-01'
//   date(t) IN ('2024-02-01', '2024-02-03') implies t >= '2024-02-01' AND t < '2024-02-04'

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct PeriodConditions: Rule {
    static let name = "period_conditions"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            switch node.node {
            case .filter(var filter):
                filter.conjuncts = filter.conjuncts.flatMap(bounded)
                return LogicalPlan(.filter(filter))
            case .join(var join):
                join.conditions = join.conditions.flatMap(bounded)
                return LogicalPlan(.join(join))
            default: return node
            }
        }
    }

    /// Returns what stands for a condition that rows have to satisfy.
    private static func bounded(_ condition: BoundExpression) -> [BoundExpression] {
        switch condition {
        case .comparison(let comparison, let operand, .literal(let value, _)):
            guard let period = Period(operand), let start = period.moment(value) else { break }
            return period.bounds(comparison, start) ?? [condition]
        case .inList(let operand, let values):
            guard let period = Period(operand) else { break }
            let starts = values.compactMap { period.moment($0) }
            guard starts.count == values.count, let first = starts.min(), let last = starts.max(),
                let lower = period.bounds(.greaterOrEqual, first),
                let upper = period.bounds(.lessOrEqual, last)
            else { break }
            return [condition] + lower + upper
        default: break
        }
        return [condition]
    }
}

/// Is the period of some length that a column's days or moments lie in.
private struct Period {
    private let column: PlanColumn
    private let unit: CalendarUnit
    private let number: Number

    /// Names what the period is called by.
    private enum Number {
        /// The beginning, as the column has its values.
        case beginning
        /// The day that it is.
        case day
        case year
    }

    /// Recognizes an expression that gives the period.
    init?(_ expression: BoundExpression) {
        switch expression {
        case .call(let function, _, let arguments) where function.name == "date_trunc":
            guard arguments.count == 2, let name = arguments[0].constantValue?.text,
                let unit = CalendarUnit(name: name), let column = arguments[1].moments
            else { return nil }
            self.init(column, unit, .beginning)
        case .call(let function, _, let arguments) where function.name == "to_date":
            guard arguments.count == 1 else { return nil }
            if let column = arguments[0].moments, column.type == .date {
                self.init(column, .day, .beginning)
            } else {
                self.init(arguments[0])
            }
        case .call(let function, _, let arguments) where function.name == "year":
            guard arguments.count == 1 else { return nil }
            if let column = arguments[0].moments {
                self.init(column, .year, .year)
            } else if let days = Period(arguments[0]), case .day = days.number {
                self.init(days.column, .year, .year)
            } else {
                return nil
            }
        case .cast(let inner, to: .date):
            guard let column = inner.moments, column.type == .datetime else { return nil }
            self.init(column, .day, .day)
        default: return nil
        }
    }

    private init?(_ column: PlanColumn, _ unit: CalendarUnit, _ number: Number) {
        let isDate = column.type == .date
        guard unit.isWholeDays || !isDate else { return nil }
        (self.column, self.unit, self.number) = (column, unit, number)
    }

    private var isDate: Bool { column.type == .date }

    /// What a value that the period is compared with means as a value of the column.
    func moment(_ value: Value) -> Int64? {
        guard let integer = value.integer, let given = Int64(exactly: integer) else { return nil }
        let days: Int64
        switch number {
        case .beginning: return given
        case .day: days = given
        case .year:
            guard (0...9_999).contains(given) else { return nil }
            days = Int64(CivilDate(year: Int(given), month: 1, day: 1).days)
        }
        return isDate ? days : days * microsecondsPerDay
    }

    /// Compares the column as its period is compared with a moment; nil where the calendar ends, and
    /// for comparisons that are no bounds.
    func bounds(_ comparison: ComparisonOperator, _ moment: Int64) -> [BoundExpression]? {
        // The first week begins before the calendar, and is NULL.
        if unit == .week, comparison == .less || comparison == .lessOrEqual { return nil }
        let start: Int64
        if isDate {
            guard let days = Int32(exactly: moment) else { return nil }
            start = Int64(unit.truncating(days: days))
        } else {
            start = unit.truncating(microseconds: moment)
        }
        guard let next = CalendarSteps(1, unit, isDate: isDate).value(start, 1) else { return nil }
        let isBeginning = start == moment
        switch comparison {
        case .equal: return isBeginning ? [bound(.greaterOrEqual, start), bound(.less, next)] : nil
        case .less: return [bound(.less, isBeginning ? start : next)]
        case .lessOrEqual: return [bound(.less, next)]
        case .greater: return [bound(.greaterOrEqual, next)]
        case .greaterOrEqual: return [bound(.greaterOrEqual, isBeginning ? start : next)]
        default: return nil
        }
    }

    private func bound(_ comparison: ComparisonOperator, _ moment: Int64) -> BoundExpression {
        .comparison(comparison, .column(column), .literal(.integer(Int128(moment)), column.type))
    }
}

extension BoundExpression {
    /// The column of days or moments that this is.
    fileprivate var moments: PlanColumn? {
        guard case .column(let column) = self, column.type == .date || column.type == .datetime
        else { return nil }
        return column
    }
}
