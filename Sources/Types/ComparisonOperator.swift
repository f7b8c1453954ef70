/// Names a comparison of two values.
package enum ComparisonOperator: UInt8, Sendable, Hashable, CaseIterable {
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
    /// `<=>` and IS NOT DISTINCT FROM: NULL equals NULL, and the result is never NULL.
    case nullSafeEqual

    /// The operator that holds for (b, a) exactly when this one holds for (a, b).
    package var mirrored: ComparisonOperator {
        switch self {
        case .equal, .notEqual, .nullSafeEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    /// The operator that holds exactly when this one does not, NULLs apart.
    package var negated: ComparisonOperator? {
        switch self {
        case .equal: .notEqual
        case .notEqual: .equal
        case .less: .greaterOrEqual
        case .lessOrEqual: .greater
        case .greater: .lessOrEqual
        case .greaterOrEqual: .less
        case .nullSafeEqual: nil
        }
    }

    package var symbol: String {
        switch self {
        case .equal: "="
        case .notEqual: "<>"
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        case .nullSafeEqual: "<=>"
        }
    }
}
