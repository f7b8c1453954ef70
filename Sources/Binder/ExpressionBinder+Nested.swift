// ARRAY, MAP and STRUCT: literals, subscripts and fields.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    /// Binds the forms that make nested values or take parts of them.
    func bindNested(_ expression: Expression) throws(StarlingError) -> BoundExpression {
        switch expression.kind {
        case .array(let elements, let type): return try bindArray(elements, type)
        case .map(let entries, let type): return try bindMap(entries, type)
        case .element(let base, let index): return try bindElement(base, index)
        case .slice(let base, let from, let to): return try bindSlice(base, from, to)
        case .field(let base, let name):
            return try field(name.text, of: try bind(base), name.range)
        default:
            throw StarlingError(.binding, "a lambda can only be an argument of array functions")
        }
    }

    /// Binds `[a, b]`; a written type converts the elements.
    func bindArray(
        _ elements: [Expression], _ typeName: TypeName?
    ) throws(StarlingError) -> BoundExpression {
        let bound = try mapAll(elements) { (element) throws(StarlingError) in try bind(element) }
        let array = try call(NestedConstructors.array, bound)
        guard let typeName else { return array }
        return try converted(array, to: typeName)
    }

    /// Binds `map{k: v}`.
    func bindMap(
        _ entries: [MapEntry], _ typeName: TypeName?
    ) throws(StarlingError) -> BoundExpression {
        var bound: [BoundExpression] = []
        for entry in entries {
            bound.append(try bind(entry.key))
            bound.append(try bind(entry.value))
        }
        let map = try call("map", bound)
        guard let typeName else { return map }
        return try converted(map, to: typeName)
    }

    private func converted(
        _ expression: BoundExpression, to typeName: TypeName
    ) throws(StarlingError) -> BoundExpression {
        let type = try LogicalType(typeName)
        return expression.type == type ? expression : .cast(expression, to: type)
    }

    /// Binds `base[index]`: an element of an array, a map's value, a field by its name or number.
    func bindElement(
        _ base: Expression, _ index: Expression
    ) throws(StarlingError) -> BoundExpression {
        let bound = try bind(base)
        let place = try bind(index)
        if case .structure(let fields) = bound.type {
            if let name = place.constantValue?.text {
                return try field(name, of: bound, index.range)
            }
            guard let number = place.constantInteger, number >= 1,
                number <= fields.count
            else {
                throw StarlingError(
                    .binding, "\(bound.type) has fields 1 to \(fields.count)", at: index.range)
            }
            return field(Int(number) - 1, of: bound)
        }
        if bound.type == .json { return try element(place, of: bound, index.range) }
        guard bound.type.isNested || bound.type == .null else {
            throw StarlingError(
                .binding,
                "[…] takes an element of an array, a map, a structure or JSON, not of "
                    + "\(bound.type)", at: base.range)
        }
        if bound.type == .null { return .null(.null) }
        return try call("element_at", [bound, place])
    }

    /// Takes an element of JSON, counted from 0 as in paths, or a member.
    private func element(
        _ place: BoundExpression, of document: BoundExpression, _ range: TextRange
    ) throws(StarlingError) -> BoundExpression {
        if let key = place.constantValue?.text { return try field(key, of: document, range) }
        guard let number = place.constantInteger, number >= 0 else {
            throw StarlingError(
                .binding,
                "[…] takes an element of JSON by its number, from 0 on, or a member by its key",
                at: range)
        }
        return try call("json_query", [document, .literal(.text("$[\(number)]"), .string)])
    }

    /// Binds `base[from:to]`, both ends included.
    func bindSlice(
        _ base: Expression, _ from: Expression?, _ to: Expression?
    ) throws(StarlingError) -> BoundExpression {
        let bound = try bind(base)
        let first =
            try from.map { (from) throws(StarlingError) in try bind(from) }
            ?? .literal(.integer(1), .bigint)
        guard let to else { return try call("array_slice", [bound, first]) }
        let difference = try call("subtract", [try bind(to), first])
        let count = try call("add", [difference, .literal(.integer(1), .bigint)])
        return try call("array_slice", [bound, first, count])
    }

    /// Reads the fields that a name has behind its column: `t.s.a.b`.
    func fields(
        _ names: some Sequence<Identifier>, of column: BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        var result = column
        if column.type == .json {
            let path = names.map { Self.pathStep($0.text) }.joined()
            return try call("json_query", [column, .literal(.text("$" + path), .string)])
        }
        for name in names { result = try field(name.text, of: result, name.range) }
        return result
    }

    /// Writes a key as a step of a path.
    private static func pathStep(_ key: String) -> String {
        var step = ".\""
        for character in key.unicodeScalars {
            if character == "\"" || character == "\\" { step += "\\" }
            step.unicodeScalars.append(character)
        }
        return step + "\""
    }

    func field(
        _ name: String, of structure: BoundExpression, _ range: TextRange
    ) throws(StarlingError) -> BoundExpression {
        if structure.type == .json {
            let path = BoundExpression.literal(.text("$" + Self.pathStep(name)), .string)
            return try call("json_query", [structure, path])
        }
        guard case .structure(let fields) = structure.type else {
            throw StarlingError(
                .binding, "\(structure.type) has no field '\(name)'", at: range)
        }
        // Names of fields may differ in the case of letters only.
        let alike = fields.indices.filter { fields[$0].name.lowercased() == name.lowercased() }
        let exact = alike.first { fields[$0].name == name }
        if exact == nil, alike.count > 1 {
            let names = alike.map { "'\(fields[$0].name)'" }.joined(separator: " or ")
            throw StarlingError(
                .binding, "the field '\(name)' is ambiguous: write \(names)", at: range)
        }
        guard let position = exact ?? alike.first else {
            let near = nearestName(to: name, among: fields.map(\.name))
            throw StarlingError(
                .binding, "there is no field '\(name)'\(suggestion(near))", at: range)
        }
        return self.field(position, of: structure)
    }

    private func field(_ position: Int, of structure: BoundExpression) -> BoundExpression {
        guard case .structure(let fields) = structure.type else { return structure }
        return .call(
            NestedAccess.field,
            FunctionSignature([structure.type, .int], returns: fields[position].type),
            [structure, .literal(.integer(Int128(position)), .int)])
    }

    /// Calls a function that SQL has no name for.
    func call(
        _ function: ScalarFunction, _ arguments: [BoundExpression], at range: TextRange? = nil
    ) throws(StarlingError) -> BoundExpression {
        var signature = try function.resolve(
            ArgumentList(types: arguments.map(\.type), constants: arguments.map(\.constantValue)))
        if let range { signature.place = range }
        let cast = zip(arguments, signature.argumentTypes).map { coerce($0, to: $1) }
        return .call(function, signature, cast)
    }
}
