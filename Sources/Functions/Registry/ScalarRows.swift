extension FunctionRegistry {
    /// Names the files that implement scalar functions.
    static let scalarRows: [ScalarFunction] = []
}
