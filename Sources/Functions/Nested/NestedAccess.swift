// Parts of nested values: an element of an array by its number, a map's value by its key, a field
// of a structure.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

package enum NestedAccess {
    static let rows = [element]

    /// Gives an element or a map's value; `a[1]` and `m['k']` call it.
    package static let element = ScalarFunction(
        "element_at",
        summary: "Gives the element of an array with a number, counted from 1, or the value that "
            + "a map has for a key; NULL where there is none.",
        examples: [("element_at([10, 20], 2)", "20"), ("element_at(map{'a': 1}, 'b')", "NULL")],
        nullHandling: .handled,
        resolve: { arguments throws(StarlingError) in
            try arguments.expectCount(2...2, of: "element_at")
            switch arguments.types[0] {
            case .array(let element):
                guard arguments.types[1].isInteger || arguments.types[1] == .null else {
                    throw arguments.mismatch(1, of: "element_at", expected: "an integer")
                }
                return FunctionSignature([arguments.types[0], .bigint], returns: element)
            case .map(let key, let value):
                guard let common = LogicalType.comparisonType(key, arguments.types[1]),
                    !common.isNested
                else {
                    throw arguments.mismatch(1, of: "element_at", expected: "\(key)")
                }
                let map = LogicalType.map(key: common, value: value)
                return FunctionSignature([map, common], returns: value)
            default:
                throw arguments.mismatch(0, of: "element_at", expected: "an array or a map")
            }
        },
        evaluate: { invocation throws(StarlingError) in
            let (lists, key) = (invocation.arguments[0], invocation.arguments[1])
            let parts = lists.children?.vectors ?? []
            if parts.count == 2 { return value(of: lists, at: key) }
            return elements(of: lists, at: key, count: invocation.count)
        })

    /// Gives a field; the second argument is its position, a literal.
    package static let field = ScalarFunction(
        "struct_field", summary: "Gives a field of a structure.", nullHandling: .handled,
        resolve: { arguments throws(StarlingError) in
            guard case .structure(let fields) = arguments.types[0],
                let position = arguments.constantInteger(1), position >= 0,
                position < fields.count
            else { throw StarlingError(.internal, "a field that no structure has") }
            return FunctionSignature(
                [arguments.types[0], arguments.types[1]], returns: fields[Int(position)].type)
        },
        evaluate: { invocation throws(StarlingError) in
            guard let position = invocation.arguments[1].value(at: 0).integer,
                let fields = invocation.arguments[0].children?.vectors
            else { throw StarlingError(.internal, "a structure without fields") }
            return field(Int(position), fields, of: invocation.arguments[0])
        })

    private static func field(_ position: Int, _ fields: [Vector], of structure: Vector) -> Vector {
        var field = fields[position].flattened()
        if structure.isConstant {
            if structure.isConstantNull { field.validity = Validity(count: 1, allValid: false) }
            field.encoding = .constant
            field.count = structure.count
            return field
        }
        field.validity = Validity.intersection(
            field.validity, structure.validity, count: structure.count)
        guard structure.validity != nil,
            field.physicalType == .string || field.physicalType == .list
        else { return field }
        // What lies under NULLs is cleared in a copy: the field's own memory is shared.
        var copy = field
        copy.buffer = Buffer(byteCount: field.count * field.physicalType.byteWidth)
        copy.byteOffset = 0
        copy.buffer.baseAddress.copyMemory(
            from: field.pointer(to: UInt8.self), byteCount: copy.buffer.byteCount)
        copy.clearStringsUnderNulls()
        return copy
    }

    private static func elements(of lists: Vector, at index: Vector, count: Int) -> Vector {
        let (ranges, numbers) = (DecodedVector(lists), DecodedVector(index))
        let places = Buffer(byteCount: count * 4)
        let target = places.pointer(to: UInt32.self)
        for row in 0..<count {
            target[row] = missingIndex
            guard ranges.isValid(row), numbers.isValid(row) else { continue }
            let range = ranges.value(row, as: ListRange.self)
            let number = numbers.value(row, as: Int64.self)
            if number >= 1, number <= Int64(range.count) {
                target[row] = range.offset &+ UInt32(truncatingIfNeeded: number &- 1)
            }
        }
        guard let child = lists.children?.vectors.first else { return lists }
        return withExtendedLifetime((lists, index, places)) {
            child.gatheredOrNull(by: UnsafePointer(target), count: count)
        }
    }

    private static func value(of maps: Vector, at key: Vector) -> Vector {
        let count = maps.count
        let entries = ListElements(maps)
        let isEqual = compare(.nullSafeEqual, entries.parts[0], entries.spread(key)).flattened()
        let flags = isEqual.pointer(to: UInt8.self)
        let places = Buffer(byteCount: count * 4)
        let target = places.pointer(to: UInt32.self)
        for row in 0..<count {
            target[row] = missingIndex
            let start = Int(entries.ranges[row].offset)
            for entry in start..<(start + Int(entries.ranges[row].count))
            where isEqual.isValid(entry) && flags[entry] & 1 != 0 {
                target[row] = UInt32(truncatingIfNeeded: entry)
            }
        }
        return withExtendedLifetime(places) {
            entries.parts[1].gatheredOrNull(by: UnsafePointer(target), count: count)
        }
    }
}
