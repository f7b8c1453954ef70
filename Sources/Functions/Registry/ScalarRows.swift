// The scalar functions that there are, named file by file.

extension FunctionRegistry {
    /// Names the files that implement scalar functions.
    static let scalarRows: [ScalarFunction] = [
        Arithmetic.rows, Division.rows, Bits.rows,
        DateParts.rows, TimeParts.rows, DateAddition.rows, DateDifference.rows,
        DateTruncation.rows,
    ].flatMap { $0 }
}
