// The scalar functions that there are, named file by file.

extension FunctionRegistry {
    /// Names the files that implement scalar functions.
    static let scalarRows: [ScalarFunction] = [
        Arithmetic.rows, Division.rows, Bits.rows,
        DateParts.rows, TimeParts.rows, DateAddition.rows, DateDifference.rows,
        DateTruncation.rows, DateFormats.rows, CurrentTime.rows,
        RealFunctions.rows, Rounding.rows, Signs.rows, RandomNumbers.rows,
        Conditions.rows, GreatestAndLeast.rows,
        Substrings.rows, TextMeasures.rows, TextChanges.rows, Concatenation.rows,
        NestedConstructors.rows, NestedAccess.rows, ListMeasures.rows, MapParts.rows,
        NestedSeries.rows, ArrayNumbers.rows, ArrayChanges.rows, ArrayTexts.rows,
    ].flatMap { $0 }
}
