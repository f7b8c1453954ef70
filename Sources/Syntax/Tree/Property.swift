// What PROPERTIES, FILES and the options of COPY say, each with its place, so that errors of those who
// read them can point to it.

import StarlingErrors

/// Holds `"key" = "value"`.
package struct Property: Sendable {
    package var key: String
    package var value: String
    /// Where the key stands; nil in properties that no text has.
    package var keyRange: TextRange?
    package var valueRange: TextRange?

    package init(
        key: String, value: String, keyRange: TextRange? = nil, valueRange: TextRange? = nil
    ) {
        self.key = key
        self.value = value
        self.keyRange = keyRange
        self.valueRange = valueRange
    }
}

extension Property: Hashable {
    package static func == (left: Property, right: Property) -> Bool {
        left.key == right.key && left.value == right.value
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(value)
    }
}

extension [Property] {
    /// Says no to a property that is given twice.
    package func checkNames(of owner: String) throws(StarlingError) {
        var names: Set<String> = []
        for property in self where !names.insert(property.key.lowercased()).inserted {
            throw StarlingError(
                .binding, "the property '\(property.key)' of \(owner) is given twice",
                at: property.keyRange)
        }
    }
}

extension StarlingError {
    /// Adds the place of the property that the error is about.
    package func located(among properties: [Property]) -> StarlingError {
        switch part {
        case .name(let name)?:
            located(at: properties.last { $0.key.lowercased() == name.lowercased() }?.keyRange)
        case .value(of: let name)?:
            located(at: properties.last { $0.key.lowercased() == name.lowercased() }?.valueRange)
        case nil: self
        }
    }
}

extension Statement {
    /// What the statement says with PROPERTIES.
    package var properties: [Property] {
        switch kind {
        case .createTable(let table): table.properties
        case .alterTable(let alter): alter.actions.flatMap(\.properties)
        case .createMaterializedView(let view): view.properties
        case .alterMaterializedView(_, .setProperties(let properties)): properties
        case .insert(let insert): insert.properties
        case .explain(_, let statement): statement.properties
        default: []
        }
    }
}

extension AlterTableAction {
    fileprivate var properties: [Property] {
        if case .setProperties(let properties) = self { properties } else { [] }
    }
}
