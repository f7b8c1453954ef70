// CREATE TABLE as the log has it: without the query that gave it columns.

import StarlingErrors
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension CreateTable {
    /// Gives a type to the columns that have it from a query.
    func typed(as columns: [TableColumn]) throws(StarlingError) -> CreateTable {
        var typed = self
        for (position, column) in columns.enumerated()
        where position < typed.columns.count && typed.columns[position].storedType == nil {
            typed.columns[position].type = try TypeName(naming: column.type)
        }
        return typed
    }
}

extension TypeName {
    /// Names a type as CREATE TABLE takes it; NULLs without a type are stored as truth values.
    init(naming type: LogicalType) throws(StarlingError) {
        switch type {
        case .null: self = try parseTypeName("BOOLEAN")
        case .array(let element):
            self = TypeName("ARRAY", of: [try TypeName(naming: element)])
        case .map(let key, let value):
            self = TypeName("MAP", of: [try TypeName(naming: key), try TypeName(naming: value)])
        case .structure(let fields):
            var named: [(name: String, type: TypeName)] = []
            for field in fields { named.append((field.name, try TypeName(naming: field.type))) }
            self = TypeName(fields: named)
        default: self = try parseTypeName(type.description)
        }
    }
}
