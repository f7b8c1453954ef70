// Vectors from values of a logical type, nested ones included. The vectors inside of lists and
// structures always have the widest layout of their types: plans know the layout of columns, not
// that of their elements.

import StarlingMemory
import StarlingTypes

extension Vector {
    /// Makes a flat vector of the widest layout that the type has.
    package init(_ values: [Value], as type: LogicalType) {
        guard type.isNested else {
            self.init(type.widestPhysicalType, values: values)
            return
        }
        switch type {
        case .structure(let fields): self.init(rows: values, fields: fields)
        case .map(let key, let value): self.init(lists: values, elements: [key, value])
        case .array(let element): self.init(lists: values, elements: [element])
        default: preconditionFailure("\(type) is not nested")
        }
        if values.contains(.null) {
            let mask = Validity(count: values.count, allValid: true)
            for (row, value) in values.enumerated() where value.isNull { mask.setNull(row) }
            validity = mask
        }
    }

    /// Makes a vector whose rows all have `value`.
    package init(constant value: Value, as type: LogicalType, count: Int) {
        self.init([value], as: type)
        encoding = .constant
        self.count = count
    }

    /// Makes a vector of NULLs, with children where the type is nested. An integer-like type may
    /// have a narrower layout than its widest.
    package static func allNull(
        as type: LogicalType, _ physicalType: PhysicalType, count: Int
    ) -> Vector {
        type.isNested && physicalType != .string
            ? Vector(constant: .null, as: type, count: count)
            : Vector(constant: .null, physicalType, count: count)
    }

    /// Makes a vector of the JSON `{}`, which in SQL is what structures without fields are.
    package static func emptyObjects(count: Int, validity: Validity?) -> Vector {
        let object = Value.text("{}")
        guard let validity else { return Vector(constant: object, .string, count: count) }
        let values = Vector(.string, values: [object])
        var result = Vector(uninitialized: .string, count: count)
        result.pointer(to: StringReference.self).initialize(
            repeating: values.pointer(to: StringReference.self)[0], count: count)
        result.owner = values.owner
        result.validity = validity
        return result
    }

    private init(rows: [Value], fields: [StructureField]) {
        self.init(.structure, count: rows.count, buffer: Buffer(byteCount: 0))
        children = NestedVectors(
            fields.indices.map { field in
                let values = rows.map { row -> Value in
                    guard case .list(let parts) = row, field < parts.count else { return .null }
                    return parts[field]
                }
                return Vector(values, as: fields[field].type)
            })
    }

    /// The elements of a MAP are keys and values in turn, each in a vector of its own.
    private init(lists: [Value], elements: [LogicalType]) {
        self.init(uninitialized: .list, count: lists.count)
        var parts: [[Value]] = elements.map { _ in [] }
        for (row, list) in lists.enumerated() {
            let offset = UInt32(parts[0].count)
            if case .list(let values) = list {
                for (position, value) in values.enumerated() {
                    parts[position % elements.count].append(value)
                }
            }
            pointer(to: ListRange.self)[row] = ListRange(
                offset: offset, count: UInt32(parts[0].count) - offset)
        }
        children = NestedVectors(zip(parts, elements).map { Vector($0, as: $1) })
    }

    /// Reads the elements of one list: of a MAP, keys and values in turn.
    func listValue(_ range: ListRange) -> Value {
        let parts = children?.vectors ?? []
        var values: [Value] = []
        values.reserveCapacity(Int(range.count) * parts.count)
        for element in Int(range.offset)..<(Int(range.offset) + Int(range.count)) {
            for part in parts { values.append(part.value(at: element)) }
        }
        return .list(values)
    }
}
