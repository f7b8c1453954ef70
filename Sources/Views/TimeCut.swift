// What is computed of a day or a moment by the unit of time alone in which that lies, so that a view with the
// beginnings of units, or of finer ones, has it: f(t) = f(g(t)), where g cuts t to a unit and f needs no more than
// a unit that g's units make up. `TimeFunction` says of each function what it needs; `TimeBound` takes
// comparisons with a constant to beginnings of units, where the constant begins one.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

/// Is a day or a moment cut to a unit of time, whatever the words; other expressions are cut to nothing.
struct TimeCut: Hashable {
    private(set) var base: BoundExpression
    private(set) var unit: CalendarUnit

    init(_ expression: BoundExpression) {
        base = expression
        unit = expression.type == .date ? .day : .microsecond
        guard let function = TimeFunction(expression), function.isCut else { return }
        let inner = TimeCut(function.operand)
        guard let unit = inner.unit.combined(with: function.unit) else { return }
        (base, self.unit) = (inner.base, unit)
    }

    /// True where several days or moments have the same value.
    var isCoarse: Bool { unit != (base.type == .date ? .day : .microsecond) }
}

/// Is a function of a unit of time.
struct TimeFunction {
    /// The day or moment.
    let operand: BoundExpression
    /// The function gives the same for all of this unit.
    let unit: CalendarUnit
    /// True where it gives the beginning of the unit, in another type, or by the year's number.
    let isCut: Bool

    /// Recognizes a function that is known to depend on a unit alone.
    init?(_ expression: BoundExpression) {
        switch expression {
        case .cast(let inner, let type) where inner.type.isMoment && type.isMoment:
            (operand, isCut) = (inner, true)
            unit = type == .date ? .day : .microsecond
        case .call(let function, _, let arguments):
            let place = function.name == "date_trunc" ? 1 : 0
            guard arguments.indices.contains(place), arguments[place].type.isMoment,
                let unit = Self.unit(function.name, arguments),
                arguments.indices.allSatisfy({ $0 == place || arguments[$0].constantValue != nil })
            else { return nil }
            operand = arguments[place]
            self.unit = unit
            isCut = Self.cuts.contains(function.name)
        default: return nil
        }
    }

    private static let cuts: Set<String> = ["date_trunc", "to_date", "timestamp", "year"]

    private static let units: [String: CalendarUnit] = [
        "year": .year, "quarter": .quarter, "month": .month, "monthname": .month,
        "last_day": .month, "day": .day, "dayofweek": .day, "dayofweek_iso": .day,
        "dayofyear": .day, "weekday": .day, "weekofyear": .day, "week": .day, "yearweek": .day,
        "dayname": .day, "to_days": .day, "to_date": .day, "hour": .hour, "minute": .minute,
        "second": .second, "timestamp": .microsecond,
    ]

    private static func unit(_ name: String, _ arguments: [BoundExpression]) -> CalendarUnit? {
        switch name {
        case "date_trunc":
            arguments[0].constantValue?.text.flatMap { CalendarUnit(name: $0) }
        case "date_format":
            arguments.count == 2
                ? arguments[1].constantValue?.text.flatMap { unit(ofPattern: $0) } : nil
        default: units[name]
        }
    }

    /// The finest unit that a pattern of `date_format` writes; nil for what is not known.
    private static func unit(ofPattern pattern: String) -> CalendarUnit? {
        let words: [String: CalendarUnit] = [
            "yyyyMMdd": .day, "yyyy-MM-dd": .day, "yyyy-MM-dd HH:mm:ss": .second,
        ]
        if let unit = words[pattern] { return unit }
        var unit = CalendarUnit.year
        var rest = pattern[...]
        while let start = rest.firstIndex(of: "%") {
            rest = rest[rest.index(after: start)...]
            guard let letter = rest.popFirst() else { break }
            guard let field = fields[letter],
                let finer = unit.combined(withNeed: field)
            else { return nil }
            unit = finer
        }
        return unit
    }

    private static let fields: [Character: CalendarUnit] = [
        "Y": .year, "y": .year, "m": .month, "c": .month, "M": .month, "b": .month, "d": .day,
        "e": .day, "D": .day, "j": .day, "a": .day, "W": .day, "w": .day, "u": .day, "U": .day,
        "v": .day, "V": .day, "x": .day, "X": .day, "H": .hour, "k": .hour,
        "h": .hour, "I": .hour, "l": .hour, "p": .hour, "i": .minute, "S": .second, "s": .second,
        "T": .second, "r": .second,
    ]
}

/// Is a comparison of a day or a moment with a constant, as a bound where a unit begins.
struct TimeBound {
    let cut: TimeCut
    /// True where what begins then or later satisfies it, false where what is earlier does.
    let isLower: Bool
    /// A value of the compared type.
    private let moment: Int64
    private let type: LogicalType

    /// Recognizes what bounds days or moments; nil for other comparisons, and where the calendar ends.
    init?(_ condition: BoundExpression) {
        guard case .comparison(var comparison, var operand, var limit) = condition else {
            return nil
        }
        if case .literal = operand {
            (comparison, operand, limit) = (comparison.mirrored, limit, operand)
        }
        guard operand.type.isMoment, case .literal(let value, let type) = limit,
            type == operand.type, let integer = value.integer, let given = Int64(exactly: integer)
        else { return nil }
        let cut = TimeCut(operand)
        guard let start = cut.unit.beginning(of: given, type) else { return nil }
        let next = CalendarSteps(1, cut.unit, isDate: type == .date).value(start, 1)
        let moment: Int64?
        switch comparison {
        case .greaterOrEqual, .less: moment = start == given ? start : next
        case .greater, .lessOrEqual: moment = next
        default: return nil
        }
        guard let moment else { return nil }
        isLower = comparison == .greaterOrEqual || comparison == .greater
        (self.cut, self.moment, self.type) = (cut, moment, type)
    }

    /// Tells whether a unit begins at the bound.
    func begins(_ unit: CalendarUnit) -> Bool { unit.beginning(of: moment, type) == moment }

    /// The coarsest unit that begins at the bound, weeks left aside; nil where only an instant does.
    var unit: CalendarUnit? {
        [.year, .quarter, .month, .day, .hour, .minute, .second].first { begins($0) }
    }

    /// The same bound of the beginnings of units.
    func comparing(_ beginning: BoundExpression) -> BoundExpression {
        .comparison(
            isLower ? .greaterOrEqual : .less,
            beginning.type == type ? beginning : .cast(beginning, to: type),
            .literal(.integer(Int128(moment)), type))
    }
}

extension CalendarUnit {
    /// Tells whether units of another length are made of whole ones of this.
    func makesUp(_ other: CalendarUnit) -> Bool {
        if self == other { return true }
        switch (self, other) {
        case (.week, _), (.year, _): return false
        case (_, .week): return ![.month, .quarter].contains(self)
        default:
            let finer = Self.allCases.first { $0 == self || $0 == other }
            return finer == self
        }
    }

    /// The coarser of two units, where one makes up the other: what is cut to both is cut to it.
    fileprivate func combined(with other: CalendarUnit) -> CalendarUnit? {
        makesUp(other) ? other : other.makesUp(self) ? self : nil
    }

    /// The finer of two units, of which both can be told.
    fileprivate func combined(withNeed other: CalendarUnit) -> CalendarUnit? {
        makesUp(other) ? self : other.makesUp(self) ? other : nil
    }

    /// Finds where the unit begins in which a value lies; nil for parts of days of a DATE.
    fileprivate func beginning(of value: Int64, _ type: LogicalType) -> Int64? {
        guard type == .date else { return truncating(microseconds: value) }
        return Int32(exactly: value).map { Int64(truncating(days: $0)) }
    }
}

extension LogicalType {
    var isMoment: Bool { self == .date || self == .datetime }
}
