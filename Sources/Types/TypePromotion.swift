// Which type two types meet in: for the branches of CASE and the columns of UNION
// (`commonType`), and for comparisons (`comparisonType`), as StarRocks decides.

extension LogicalType {
    /// The type that holds all values of both, or nil where there is none. Strings win over
    /// everything that has a text.
    package static func commonType(_ left: LogicalType, _ right: LogicalType) -> LogicalType? {
        if left == right { return left }
        if left == .null { return right }
        if right == .null { return left }
        if left.isNumeric, right.isNumeric { return numericType(left, right) }
        if left.isTemporal, right.isTemporal { return .datetime }
        switch (left, right) {
        case (.array(let leftElement), .array(let rightElement)):
            return commonType(leftElement, rightElement).map { .array($0) }
        case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
            guard let key = commonType(leftKey, rightKey),
                let value = commonType(leftValue, rightValue)
            else { return nil }
            return .map(key: key, value: value)
        case (.structure(let leftFields), .structure(let rightFields)):
            return commonStructure(leftFields, rightFields)
        default: break
        }
        if left.isNested || right.isNested || left.isOpaque || right.isOpaque { return nil }
        if left == .json || right == .json { return .json }
        if left.isString, right.isString { return longerString(left, right) }
        if left == .varbinary || right == .varbinary { return .varbinary }
        return .string
    }

    /// The type that holds all values of both and all digits of them; nil where there is none. Of
    /// numbers in DOUBLE, where one of both is, the values decide.
    package static func keepingType(_ left: LogicalType, _ right: LogicalType) -> LogicalType? {
        guard let common = commonType(left, right) else { return nil }
        let isGuess = common.isFloating && !left.isFloating && !right.isFloating
        return isGuess && left.isNumeric && right.isNumeric ? nil : common
    }

    /// The type that all of `types` meet in; nil where they don't. No types meet in NULL.
    package static func commonType(_ types: some Sequence<LogicalType>) -> LogicalType? {
        var result = LogicalType.null
        for type in types {
            guard let next = commonType(result, type) else { return nil }
            result = next
        }
        return result
    }

    /// The type that two operands of a comparison are converted to. Numbers compare with strings
    /// as DOUBLE, dates with strings and numbers as DATETIME.
    package static func comparisonType(_ left: LogicalType, _ right: LogicalType) -> LogicalType? {
        if left.opaquePart != nil || right.opaquePart != nil { return nil }
        if left.isTemporal != right.isTemporal {
            let other = left.isTemporal ? right : left
            if other.isString || other.isInteger { return .datetime }
        }
        if left.isString, right.isString { return .string }
        if left.isString, right.isNumeric { return .double }
        if right.isString, left.isNumeric { return .double }
        return commonType(left, right)
    }

    /// The digits and scale of the DECIMAL that holds all values of this number; nil for FLOAT
    /// and DOUBLE and for what is no number.
    package var asDecimal: (precision: Int, scale: Int)? {
        switch self {
        case .null, .boolean: (1, 0)
        case .tinyint: (3, 0)
        case .smallint: (5, 0)
        case .int: (10, 0)
        case .bigint: (19, 0)
        case .largeint: (38, 0)
        case .decimal(let precision, let scale): (precision, scale)
        default: nil
        }
    }

    private static func numericType(_ left: LogicalType, _ right: LogicalType) -> LogicalType {
        if left.isFloating || right.isFloating {
            let floats = left == .float && (right == .boolean || right == .tinyint)
            let mirrored = right == .float && (left == .boolean || left == .tinyint)
            return floats || mirrored ? .float : .double
        }
        if left.isDecimal || right.isDecimal {
            guard let first = left.asDecimal, let second = right.asDecimal else { return .double }
            let scale = max(first.scale, second.scale)
            let whole = max(first.precision - first.scale, second.precision - second.scale)
            // What 38 digits cannot hold is compared and united as DOUBLE, as StarRocks does.
            return whole + scale > 38 ? .double : .decimal(precision: whole + scale, scale: scale)
        }
        return left.integerRank > right.integerRank ? left : right
    }

    private var integerRank: Int {
        switch self {
        case .boolean: 0
        case .tinyint: 1
        case .smallint: 2
        case .int: 3
        case .bigint: 4
        default: 5
        }
    }

    private static func longerString(_ left: LogicalType, _ right: LogicalType) -> LogicalType {
        guard let first = left.stringLength, let second = right.stringLength else { return .string }
        return .varchar(length: max(first, second))
    }

    /// The declared length of CHAR and VARCHAR, in bytes.
    package var stringLength: Int? {
        switch self {
        case .char(let length): length
        case .varchar(let length): length
        default: nil
        }
    }

    private static func commonStructure(
        _ left: [StructureField], _ right: [StructureField]
    ) -> LogicalType? {
        guard left.count == right.count else { return nil }
        var fields: [StructureField] = []
        for (leftField, rightField) in zip(left, right) {
            guard let type = commonType(leftField.type, rightField.type) else { return nil }
            fields.append(StructureField(name: leftField.name, type: type))
        }
        return .structure(fields)
    }
}

extension LogicalType {
    /// Tells whether a value converts to `target` without being asked to: arguments of functions,
    /// columns of INSERT.
    package func convertsImplicitly(to target: LogicalType) -> Bool {
        if self == target || self == .null { return true }
        switch (self, target) {
        case (.array(let element), .array(let other)): return element.convertsImplicitly(to: other)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            return key.convertsImplicitly(to: otherKey) && value.convertsImplicitly(to: otherValue)
        case (.structure(let fields), .structure(let others)):
            return fields.count == others.count
                && zip(fields, others).allSatisfy { $0.type.convertsImplicitly(to: $1.type) }
        default: break
        }
        if isOpaque || target.isOpaque { return false }
        if isNested || target.isNested { return target == .json }
        if self == .varbinary || target == .varbinary { return isString || target.isString }
        if isTemporal { return target.isTemporal || target.isString || target.isNumeric }
        return true
    }
}
