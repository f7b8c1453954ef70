// What lies in a nested column where files differ: fields are united by name, as columns are, and
// elements, keys and values widen.

import StarlingFormats
import StarlingTypes
import StarlingVectors

/// Says where a field of a structure, or what lies in an array or map, comes from in one file.
struct NestedPart: Sendable, Hashable {
    /// Its place in the file's type; nil where the file lacks it.
    let position: Int?
    let conversion: ColumnConversion
    /// What it becomes.
    let type: LogicalType

    private init(
        _ position: Int?, from source: LogicalType, to type: LogicalType,
        _ instants: InstantPlaces, _ clock: WallClock?
    ) {
        self.position = source == .null ? nil : position
        conversion = ColumnConversion(
            from: source, to: type, instants: position.map { instants.part($0) } ?? .none,
            clock: clock)
        self.type = type
    }

    /// Finds the parts of a nested type in another one of its kind; nil where there is no such.
    static func parts(
        from source: LogicalType, to target: LogicalType, _ instants: InstantPlaces = .none,
        _ clock: WallClock? = nil
    ) -> [NestedPart]? {
        func part(_ position: Int?, _ source: LogicalType, _ target: LogicalType) -> NestedPart {
            NestedPart(position, from: source, to: target, instants, clock)
        }
        switch (source, target) {
        case (.array(let element), .array(let other)): return [part(0, element, other)]
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            return [part(0, key, otherKey), part(1, value, otherValue)]
        case (.structure(let fields), .structure(let others)):
            return zip(others, places(of: others, in: fields)).map { other, position in
                part(position, position.map { fields[$0].type } ?? .null, other.type)
            }
        default: return nil
        }
    }

    /// Makes the vector of the part, of `count` rows, from those of a file's column.
    func converted(_ children: [Vector], count: Int, lostCount: inout Int) -> Vector {
        let wanted = type.widestPhysicalType
        guard let position, position < children.count else {
            return .allNull(as: type, wanted, count: count)
        }
        let result = conversion.convert(
            children[position], to: wanted, lostCount: &lostCount)
        return result.physicalType != wanted && result.physicalType.isInteger
            ? result.withIntegerLayout(wanted) : result
    }

    // MARK: Types

    /// Finds the nested type that holds all values of both; nil where there is none.
    static func wider(_ left: LogicalType, _ right: LogicalType) -> LogicalType? {
        switch (left, right) {
        case (.array(let element), .array(let other)):
            return UnitedColumns.wider(element, other).map { .array($0) }
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            guard let key = UnitedColumns.wider(key, otherKey),
                let value = UnitedColumns.wider(value, otherValue)
            else { return nil }
            return .map(key: key, value: value)
        case (.structure(let fields), .structure(let others)):
            return wider(fields, others).map { .structure($0) }
        default: return nil
        }
    }

    private static func wider(
        _ fields: [StructureField], _ others: [StructureField]
    ) -> [StructureField]? {
        var result = fields
        for (other, position) in zip(others, places(of: others, in: fields)) {
            guard let position else {
                result.append(other)
                continue
            }
            guard let type = UnitedColumns.wider(result[position].type, other.type) else {
                return nil
            }
            result[position].type = type
        }
        return result
    }

    /// Finds fields among others by their names.
    private static func places(
        of fields: [StructureField], in others: [StructureField]
    ) -> [Int?] {
        positions(of: fields.map(\.name), among: others.map(\.name))
    }

    /// Names the first field of the target, from `path` down, that the source lacks.
    static func lackingField(
        _ path: String, from source: LogicalType, to target: LogicalType
    ) -> String? {
        switch (source, target) {
        case (.array(let element), .array(let other)):
            return lackingField(path + "[]", from: element, to: other)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            return lackingField(path + "[]", from: key, to: otherKey)
                ?? lackingField(path + "[]", from: value, to: otherValue)
        case (.structure(let fields), .structure(let others)):
            for (other, position) in zip(others, places(of: others, in: fields)) {
                let name = "\(path).\(other.name)"
                guard let position else { return name }
                if let found = lackingField(name, from: fields[position].type, to: other.type) {
                    return found
                }
            }
            return nil
        default: return nil
        }
    }
}
