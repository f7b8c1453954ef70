// ALTER TABLE t MODIFY COLUMN c ADD FIELD and DROP FIELD: a STRUCT, in a column or somewhere inside
// of one, gets or loses a field. The path leads through fields and `[*]`, the elements of an ARRAY;
// what rows have is put together anew on the way down.

import StarlingErrors
import StarlingSyntax
import StarlingTypes

extension TableDraft {
    mutating func addField(
        _ path: QualifiedName, _ type: TypeName, _ position: ColumnPosition?
    ) throws(StarlingError) {
        let new = path.last
        try changeFields(path) { (fields) throws(StarlingError) in
            guard fields.place(of: new) == nil else {
                throw StarlingError(
                    .binding, "there is a field '\(new.text)' already", at: new.range)
            }
            let place: Int
            switch position {
            case .first: place = 0
            case .after(let name): place = try fields.find(name) + 1
            case nil: place = fields.count
            }
            let nothing = Expression(
                .cast(Expression(.literal(.null), at: new.range), type, isTry: false),
                at: new.range)
            let field = TypeName(fields: [(name: new.text, type: type)]).fields[0]
            fields.insert(StructField(field, value: nothing.sql()), at: place)
        }
    }

    mutating func dropField(_ path: QualifiedName) throws(StarlingError) {
        try changeFields(path) { (fields) throws(StarlingError) in
            let place = try fields.find(path.last)
            guard fields.count > 1 else {
                throw StarlingError(
                    .binding, "'\(path.last.text)' is the only field; DROP COLUMN drops all",
                    at: path.last.range)
            }
            fields.remove(at: place)
        }
    }

    /// Changes the fields of the STRUCT that a path leads to.
    private mutating func changeFields(
        _ path: QualifiedName, _ change: (inout [StructField]) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        guard let first = path.parts.first, path.parts.count > 1 else {
            throw StarlingError(
                .binding, "a path names a column and a field of it: column.field", at: path.range)
        }
        let place = try find(first)
        guard let type = definition.columns[place].type else {
            throw StarlingError(.internal, "column '\(first.text)' has no type")
        }
        let whole = FieldPath(steps: path.parts.dropFirst(), depth: 0)
        let changed = try whole.changed(type, value: quoted(columns[place].name), change)
        try convert(place, by: try parseExpression(changed.value), at: first.range)
        retype(place, changed.type, try LogicalType(changed.type))
    }
}

/// Is a field of a STRUCT, and what rows have in it.
private struct StructField {
    var field: TypeName.Field
    var value: String

    init(_ field: TypeName.Field, value: String) {
        self.field = field
        self.value = value
    }
}

extension [StructField] {
    fileprivate func place(of name: Identifier) -> Int? {
        firstIndex { $0.field.name.text.lowercased() == name.text.lowercased() }
    }

    fileprivate func find(_ name: Identifier) throws(StarlingError) -> Int {
        if let place = place(of: name) { return place }
        let near = nearestName(to: name.text, among: map(\.field.name.text))
        throw StarlingError(
            .binding,
            "there is no field '\(name.text)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
            at: name.range)
    }
}

/// Is what is left of the way to a field.
private struct FieldPath {
    var steps: ArraySlice<Identifier>
    /// How many ARRAYs it has passed.
    var depth: Int

    /// Changes a type and what is computed of values that have it.
    func changed(
        _ type: TypeName, value: String,
        _ change: (inout [StructField]) throws(StarlingError) -> Void
    ) throws(StarlingError) -> (type: TypeName, value: String) {
        guard let step = steps.first else {
            throw StarlingError(.internal, "a path to a field leads nowhere")
        }
        var type = type
        if step.text == "[*]" {
            guard type.name == "ARRAY", type.elements.count == 1, steps.count > 1 else {
                throw StarlingError(
                    .binding,
                    "[*] are the elements of an ARRAY; here is \(type.sql)", at: step.range)
            }
            let element = "element_\(depth)"
            let inner = FieldPath(steps: steps.dropFirst(), depth: depth + 1)
            let changed = try inner.changed(type.elements[0], value: element, change)
            type.elements = [changed.type]
            return (type, "array_map(\(element) -> \(changed.value), \(value))")
        }
        guard type.name == "STRUCT" else {
            throw StarlingError(
                .binding,
                "'\(step.text)' would be a field of a STRUCT; here is \(type.sql)", at: step.range)
        }
        var fields = type.fields.map { StructField($0, value: "\(value).\(quoted($0.name.text))") }
        if steps.count == 1 {
            try change(&fields)
        } else {
            let place = try fields.find(step)
            let inner = FieldPath(steps: steps.dropFirst(), depth: depth)
            let changed = try inner.changed(
                fields[place].field.type, value: fields[place].value, change)
            fields[place].field.type = changed.type
            fields[place].value = changed.value
        }
        type.fields = fields.map(\.field)
        let values = fields.map { "\(quotedText($0.field.name.text)), \($0.value)" }
        let made = "named_struct(\(values.joined(separator: ", ")))"
        return (type, "if(\(value) IS NULL, NULL, \(made))")
    }
}
