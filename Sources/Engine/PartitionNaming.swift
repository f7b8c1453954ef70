// The names of partitions that come to be as rows come: p20240131 for a day, p202401 for a month,
// p20240131_Houston for a day and a city.

import StarlingSyntax
import StarlingTypes

/// Names partitions by their keys.
struct PartitionNaming: Sendable {
    private let types: [LogicalType]
    /// How many digits of a time the names show, a part of the key each.
    private let digitCounts: [Int]

    init(_ definition: CreateTable, _ types: [LogicalType]) {
        self.types = types
        digitCounts = definition.partitionKeys.map { Self.digitCount(of: $0.timeUnit) }
    }

    /// The digits by which times differ that are whole numbers of a unit.
    static func digitCount(of unit: IntervalUnit?) -> Int {
        switch unit {
        case .year: 4
        case .month, .quarter: 6
        case .week, .day: 8
        case .hour: 10
        case .minute: 12
        default: 14
        }
    }

    /// Names the partition of a key.
    func name(of key: [Value]) -> String {
        var parts: [String] = []
        for (place, value) in key.enumerated() {
            parts.append(Self.part(value, types[place], digitCount: digitCounts[place]))
        }
        return "p" + parts.joined(separator: "_")
    }

    /// What stands for a value in a name.
    static func part(_ value: Value, _ type: LogicalType, digitCount: Int) -> String {
        guard let text = value.text(as: type) else { return "NULL" }
        if type.isTemporal { return String(text.filter(\.isNumber).prefix(digitCount)) }
        return text.filter { $0.isLetter || $0.isNumber || $0 == "_" }
    }
}

extension Expression {
    /// The unit of time that `date_trunc` or `time_slice` cuts to.
    var timeUnit: IntervalUnit? {
        guard case .call(let call) = kind, let name = call.name.simpleText?.lowercased() else {
            return nil
        }
        for argument in call.arguments {
            switch (name, argument.value.kind) {
            case ("date_trunc", .literal(.string(let unit))): return IntervalUnit(named: unit)
            case ("time_slice", .interval(_, let unit)), ("date_slice", .interval(_, let unit)):
                return unit
            default: continue
            }
        }
        return nil
    }
}
