// The types of the schema that consist of others.

import StarlingErrors
import StarlingTypes

extension ArrowType {
    /// Describes a type by its code and what lies in it.
    static func nested(
        _ code: UInt8, _ table: FlatTable, _ children: [ArrowField]
    ) throws(StarlingError) -> ArrowType {
        func element(_ position: Int) throws(StarlingError) -> LogicalType {
            guard children.indices.contains(position) else {
                throw table.message.damage("a nested column lacks what it is made of")
            }
            return children[position].type
        }
        switch code {
        case 12: return ArrowType(.array(try element(0)), .list(byteWidth: 4))
        case 13: return structure(children)
        case 14: return try union(table, children)
        case 16:
            let count = Int(try table.number(0, default: Int32(0)))
            guard count >= 0 else {
                throw table.message.damage("a column has lists of \(count) elements")
            }
            return ArrowType(.array(try element(0)), .fixedList(count: count), bufferCount: 1)
        case 17:
            guard case .structure(let pair) = try element(0), pair.count == 2,
                children[0].storage == .structure, children[0].dictionary == nil
            else { throw table.message.damage("a map lacks its keys and values") }
            return ArrowType(.map(key: pair[0].type, value: pair[1].type), .map)
        case 21: return ArrowType(.array(try element(0)), .list(byteWidth: 8))
        case 22:
            guard case .integer? = children.first?.storage, children[0].dictionary == nil else {
                throw table.message.damage("a column of runs lacks their ends")
            }
            return ArrowType(try element(1), .runs, bufferCount: 0)
        case 25:
            return ArrowType(.array(try element(0)), .listViews(byteWidth: 4), bufferCount: 3)
        case 26:
            return ArrowType(.array(try element(0)), .listViews(byteWidth: 8), bufferCount: 3)
        default: throw table.message.damage("a column has the unknown type \(code)")
        }
    }

    private static func structure(_ children: [ArrowField]) -> ArrowType {
        // SQL has no structures without fields.
        if children.isEmpty { return ArrowType(.json, .emptyStructure, bufferCount: 1) }
        let fields = children.map { StructureField(name: $0.name, type: $0.type) }
        return ArrowType(.structure(fields), .structure, bufferCount: 1)
    }

    /// SQL has no unions: a structure has a field for each type, under the name that the file gives.
    private static func union(
        _ table: FlatTable, _ children: [ArrowField]
    ) throws(StarlingError) -> ArrowType {
        let isDense = try table.number(0, default: Int16(0)) == 1
        let bufferCount = isDense ? 2 : 1
        guard !children.isEmpty, children.count <= 128 else {
            throw table.message.damage("a union has \(children.count) types")
        }
        var codes: [Int8] = []
        if let stored = try table.elements(1, byteCount: 4) {
            for index in 0..<min(stored.count, 128) {
                let code = try table.message.load(at: stored.start + 4 * index, as: Int32.self)
                codes.append(Int8(truncatingIfNeeded: code))
            }
        } else {
            codes = children.indices.map { Int8($0) }
        }
        guard codes.count == children.count, Set(codes).count == codes.count else {
            throw table.message.damage("a union has codes that are not those of its types")
        }
        let fields = children.map { StructureField(name: $0.name, type: $0.type) }
        return ArrowType(
            .structure(fields), .union(isDense: isDense, codes: codes), bufferCount: bufferCount)
    }
}
