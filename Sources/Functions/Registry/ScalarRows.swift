// The scalar functions that there are, named file by file in the families of the reference.

extension FunctionRegistry {
    /// Names the files that implement scalar functions.
    static let scalarFamilies: [(name: String, rows: [ScalarFunction])] = [
        ("Operators", [Arithmetic.rows, Division.rows, Bits.rows].flatMap { $0 }),
        (
            "Numbers",
            [RealFunctions.rows, Rounding.rows, Signs.rows, RandomNumbers.rows].flatMap { $0 }
        ),
        ("Conditions", [Conditions.rows, GreatestAndLeast.rows].flatMap { $0 }),
        (
            "Strings",
            [Substrings.rows, TextMeasures.rows, TextChanges.rows, Concatenation.rows]
                .flatMap { $0 }
        ),
        ("Regular expressions", [RegexpFunctions.rows, RegexpArrays.rows].flatMap { $0 }),
        (
            "Dates and times",
            [
                DateParts.rows, TimeParts.rows, DateAddition.rows, DateDifference.rows,
                DateTruncation.rows, DateFormats.rows, CurrentTime.rows,
            ].flatMap { $0 }
        ),
        (
            "Arrays, maps and structures",
            [
                NestedConstructors.rows, NestedAccess.rows, ListMeasures.rows, MapParts.rows,
                NestedSeries.rows, ArrayNumbers.rows, ArrayChanges.rows, ArrayTexts.rows,
            ].flatMap { $0 }
        ),
    ]

    static let scalarRows = scalarFamilies.flatMap(\.rows)
}
