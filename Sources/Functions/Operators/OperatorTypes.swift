// How operators see the types of their operands: everything but integers, decimals and BOOLEAN
// counts as DOUBLE, as in StarRocks' `getNumResultType`.

import StarlingErrors
import StarlingTypes

enum OperatorTypes {
    /// The type that a value takes part in arithmetic with, or nil where it cannot.
    static func numeric(_ type: LogicalType) -> LogicalType? {
        switch type {
        case .boolean, .null: .tinyint
        case .tinyint, .smallint, .int, .bigint, .largeint, .decimal: type
        case .float, .double, .char, .varchar, .date, .datetime, .time, .json: .double
        case .varbinary, .array, .map, .structure, .bitmap, .hll, .percentile, .aggregateState: nil
        }
    }

    /// The wider of two integer types, or DOUBLE where one of them is no integer.
    static func common(_ left: LogicalType, _ right: LogicalType) -> LogicalType {
        LogicalType.commonType(left, right) ?? .double
    }

    /// The type that sums and products of a type are computed in.
    static func next(_ type: LogicalType) -> LogicalType {
        switch type {
        case .tinyint: .smallint
        case .smallint: .int
        case .int: .bigint
        default: type
        }
    }
}

extension LogicalType {
    /// The smallest type that holds an integer, which is what a literal has.
    package init(literal number: Int128) {
        let types: [LogicalType] = [.tinyint, .smallint, .int, .bigint, .largeint]
        self = types.first { $0.bounds!.contains(number) } ?? .largeint
    }
}

extension ArgumentList {
    /// Gives the numeric types of a binary operator's operands.
    func operands(_ name: String) throws(StarlingError) -> (LogicalType, LogicalType) {
        try expectCount(2...2, of: name)
        guard let left = OperatorTypes.numeric(types[0]) else {
            throw mismatch(0, of: name, expected: "a number")
        }
        guard let right = OperatorTypes.numeric(types[1]) else {
            throw mismatch(1, of: name, expected: "a number")
        }
        return (left, right)
    }
}
