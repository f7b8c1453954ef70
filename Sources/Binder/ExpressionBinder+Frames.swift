// Frames of windows. The ends of a RANGE frame are expressions: the value that the order key has
// there, compared in a type that holds both.

import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    /// Binds a frame; an order key becomes of the type that its distances lead to.
    func bindFrame(
        _ frame: StarlingSyntax.WindowFrame?, _ orderKeys: inout [SortKey]
    ) throws(StarlingError) -> StarlingPlans.WindowFrame {
        guard let frame else { return orderKeys.isEmpty ? .wholePartition : .untilCurrentPeers }
        let bounds = [frame.start, frame.end ?? .currentRow]
        guard bounds[0].place <= bounds[1].place, bounds[0].place < 4, bounds[1].place > 0 else {
            throw StarlingError(.binding, "the frame of a window ends before it starts")
        }
        let unit: StarlingPlans.WindowFrame.Unit =
            switch frame.unit {
            case .rows: .rows
            case .range: .range
            case .groups: .groups
            }
        guard unit != .groups || !orderKeys.isEmpty else {
            throw StarlingError(.binding, "a GROUPS frame needs ORDER BY")
        }
        var ends: [BoundExpression?] = [nil, nil]
        for (position, bound) in bounds.enumerated() {
            guard let distance = bound.distance else { continue }
            ends[position] =
                unit != .range
                ? try count(distance, unit)
                : try keyValue(distance, orderKeys, isBackward: bound.place == 1)
        }
        if unit == .range, let key = orderKeys.first {
            let types = [key.expression.type] + ends.compactMap { $0?.type }
            if types.count > 1, let type = LogicalType.commonType(types) {
                orderKeys[0].expression = coerce(key.expression, to: type)
                ends = ends.map { end in end.map { coerce($0, to: type) } }
            }
        }
        return StarlingPlans.WindowFrame(
            unit: unit, start: bounds[0].bound(ends[0]), end: bounds[1].bound(ends[1]),
            exclusion: frame.exclusion?.ofPlans)
    }

    private func count(
        _ distance: Expression, _ unit: StarlingPlans.WindowFrame.Unit
    ) throws(StarlingError) -> BoundExpression {
        guard let number = try bind(distance).constantInteger, number >= 0 else {
            let name = unit == .rows ? "ROWS" : "GROUPS"
            throw StarlingError(
                .binding, "a \(name) frame takes a number that is not negative", at: distance.range)
        }
        return .literal(.integer(number), .bigint)
    }

    /// Takes the distance from the order key or adds it.
    private func keyValue(
        _ distance: Expression, _ orderKeys: [SortKey], isBackward: Bool
    ) throws(StarlingError) -> BoundExpression {
        guard orderKeys.count == 1, let key = orderKeys.first else {
            throw StarlingError(
                .binding, "a RANGE frame with a distance needs exactly one ORDER BY key",
                at: distance.range)
        }
        let isSubtraction = isBackward == key.isAscending
        let type = key.expression.type
        if case .interval(let amount, let unit) = distance.kind {
            guard type.isTemporal else {
                throw StarlingError(
                    .binding, "a RANGE frame over \(type) takes a number, not an interval",
                    at: distance.range)
            }
            try checkSign(of: try bind(amount), at: amount.range)
            return try shift(key.expression, amount, unit, isForward: !isSubtraction)
        }
        guard type.isNumeric else {
            throw StarlingError(
                .binding,
                type.isTemporal
                    ? "a RANGE frame over \(type) takes an interval, such as INTERVAL 1 DAY"
                    : "a RANGE frame with a distance orders by a number or a date, not by \(type)",
                at: distance.range)
        }
        let number = try bind(distance)
        try checkSign(of: number, at: distance.range)
        return try call(isSubtraction ? "subtract" : "add", [key.expression, number])
    }

    private func checkSign(
        of distance: BoundExpression, at range: TextRange
    ) throws(StarlingError) {
        guard let value = distance.constantValue else { return }
        let isNegative =
            switch value {
            case .integer(let number): number < 0
            case .floating(let number): !(number >= 0)
            case .bytes(let text): text.first == UInt8(ascii: "-")
            case .null, .list: true
            }
        if isNegative {
            throw StarlingError(
                .binding, "the distance of a RANGE frame is not negative", at: range)
        }
    }
}

extension StarlingSyntax.WindowFrame.Exclusion {
    fileprivate var ofPlans: StarlingPlans.WindowFrame.Exclusion? {
        switch self {
        case .currentRow: .currentRow
        case .group: .group
        case .ties: .ties
        case .noOthers: nil
        }
    }
}

extension StarlingSyntax.WindowFrame.Bound {
    fileprivate var distance: Expression? {
        switch self {
        case .preceding(let distance), .following(let distance): distance
        case .unboundedPreceding, .currentRow, .unboundedFollowing: nil
        }
    }

    /// Orders the kinds of bounds.
    fileprivate var place: Int {
        switch self {
        case .unboundedPreceding: 0
        case .preceding: 1
        case .currentRow: 2
        case .following: 3
        case .unboundedFollowing: 4
        }
    }

    fileprivate func bound(_ end: BoundExpression?) -> StarlingPlans.WindowFrame.Bound {
        switch self {
        case .unboundedPreceding: .unboundedPreceding
        case .preceding: .preceding(end!)
        case .currentRow: .currentRow
        case .following: .following(end!)
        case .unboundedFollowing: .unboundedFollowing
        }
    }
}
