// JSON as a part of nested types.

extension LogicalType {
    /// True for JSON and for nested types with JSON in them.
    package var holdsJSON: Bool {
        switch self {
        case .json: true
        case .array(let element): element.holdsJSON
        case .map(let key, let value): key.holdsJSON || value.holdsJSON
        case .structure(let fields): fields.contains { $0.type.holdsJSON }
        default: false
        }
    }

    /// The same type with another one in the place of JSON.
    package func replacingJSON(by type: LogicalType) -> LogicalType {
        switch self {
        case .json: type
        case .array(let element): .array(element.replacingJSON(by: type))
        case .map(let key, let value):
            .map(key: key.replacingJSON(by: type), value: value.replacingJSON(by: type))
        case .structure(let fields):
            .structure(
                fields.map {
                    StructureField(name: $0.name, type: $0.type.replacingJSON(by: type))
                })
        default: self
        }
    }
}
