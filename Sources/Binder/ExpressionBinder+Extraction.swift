// EXTRACT(unit FROM date): a part of a date, or several parts as MySQL spells them in one number.

import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    /// The units that a number can spell, from the greatest on, with their digits.
    private static let spelledUnits = [
        ("year", 4), ("month", 2), ("day", 2), ("hour", 2), ("minute", 2), ("second", 2),
        ("microsecond", 6),
    ]

    func bindExtract(
        _ unit: Identifier, _ date: BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        guard let units = Self.spelledUnits(of: unit.text.lowercased()) else {
            return try call(unit.text, [date])
        }
        var number = BoundExpression.literal(.integer(0), .bigint)
        for (name, digitCount) in units {
            let factor = BoundExpression.literal(.integer(powerOfTen(digitCount)), .bigint)
            number = try call(
                "add",
                [
                    try call("multiply", [number, factor]),
                    coerce(try call(name, [date]), to: .bigint),
                ])
        }
        return coerce(number, to: .bigint)
    }

    /// Gives the units from the one to the other of `DAY_SECOND`; nil for a name without two.
    private static func spelledUnits(of name: String) -> [(String, Int)]? {
        if name == "year_month" { return Array(spelledUnits[...1]) }
        let names = name.split(separator: "_").map(String.init)
        guard names.count == 2,
            let first = spelledUnits.firstIndex(where: { $0.0 == names[0] }),
            let last = spelledUnits.firstIndex(where: { $0.0 == names[1] }), 2 <= first,
            first < last
        else { return nil }
        return Array(spelledUnits[first...last])
    }
}
