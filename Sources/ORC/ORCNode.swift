// The tree of types. The file lists its nodes, each with the numbers of those below it, which are
// greater than its own; the root is a structure whose fields are the columns.

import StarlingFormats
import StarlingTypes

/// Describes a column, or what lies inside of one.
final class ORCNode: Sendable {
    enum Kind: UInt64, Sendable {
        case boolean, byte, short, int, long, float, double, string, binary, timestamp, list, map,
            structure, union, decimal, date, varchar, char, instant, geometry, geography
    }

    let name: String
    let kind: Kind
    /// The number of the node, by which streams and statistics name it.
    let column: Int
    let type: LogicalType
    let children: [ORCNode]
    let isEncrypted: Bool

    private init(
        name: String, kind: Kind, column: Int, type: LogicalType, children: [ORCNode],
        isEncrypted: Bool
    ) {
        self.name = name
        self.kind = kind
        self.column = column
        self.type = type
        self.children = children
        self.isEncrypted = isEncrypted
    }

    /// Builds the tree of a footer; returns its root.
    static func root(of footer: FileFooter) throws(ORCDamage) -> ORCNode {
        var builder = Builder(
            types: footer.types, encryptedRoots: Set(footer.encryption.variants.map(\.root)))
        let root = try builder.build(0, name: "", depth: 0, isEncrypted: false)
        guard root.kind == .structure else {
            throw .unsupported("the file's rows are no structures, but \(root.type)")
        }
        return root
    }

    /// Where in its values instants lie.
    var instants: InstantPlaces {
        if kind == .instant { return .value }
        let parts = InstantPlaces(parts: children.map(\.instants))
        // A union becomes a structure with the number of the type before the values.
        guard kind == .union, case .parts(let values) = parts else { return parts }
        return .parts([.none] + values)
    }

    /// Follows positions in structures; nil where there is no such field.
    func field(_ path: [Int]) -> ORCNode? {
        guard let first = path.first else { return self }
        guard kind == .structure, children.indices.contains(first) else { return nil }
        return children[first].field(Array(path.dropFirst()))
    }

    /// The node and all below it.
    var all: [ORCNode] { [self] + children.flatMap(\.all) }

    /// The nodes that reading a field reads: the structures that it is in, and all of its own.
    func nodes(onTheWayTo path: [Int]) -> [ORCNode] {
        guard let first = path.first, children.indices.contains(first) else { return all }
        return [self] + children[first].nodes(onTheWayTo: Array(path.dropFirst()))
    }

    private struct Builder {
        let types: [TypeMessage]
        let encryptedRoots: Set<UInt64>
        /// The nodes that have a place in the tree; each has one, or the tree could be endless.
        var used: Set<Int> = []

        mutating func build(
            _ column: Int, name: String, depth: Int, isEncrypted: Bool
        ) throws(ORCDamage) -> ORCNode {
            guard types.indices.contains(column), used.insert(column).inserted, depth < 64 else {
                throw ORCDamage("the types of the columns are no tree")
            }
            let message = types[column]
            guard let kind = Kind(rawValue: message.kind) else {
                throw .unsupported("column '\(name)' has the unknown type \(message.kind)")
            }
            let hidden = isEncrypted || encryptedRoots.contains(UInt64(column))
            var children: [ORCNode] = []
            for (position, number) in message.children.enumerated() {
                guard number < UInt64(types.count), number > UInt64(column) else {
                    throw ORCDamage("the types of the columns are no tree")
                }
                let fieldName =
                    message.fieldNames.indices.contains(position)
                    ? message.fieldNames[position] : "field\(position)"
                children.append(
                    try build(
                        Int(number), name: fieldName, depth: depth + 1, isEncrypted: hidden))
            }
            return ORCNode(
                name: name, kind: kind, column: column,
                type: try Self.type(kind, message, children), children: children,
                isEncrypted: hidden)
        }

        private static func type(
            _ kind: Kind, _ message: TypeMessage, _ children: [ORCNode]
        ) throws(ORCDamage) -> LogicalType {
            switch kind {
            case .boolean: return .boolean
            case .byte: return .tinyint
            case .short: return .smallint
            case .int: return .int
            case .long: return .bigint
            case .float: return .float
            case .double: return .double
            case .string: return .string
            case .binary, .geometry, .geography: return .varbinary
            case .timestamp, .instant: return .datetime
            case .date: return .date
            case .varchar:
                return .varchar(length: message.maximumLength > 0 ? message.maximumLength : nil)
            case .char: return .char(length: max(1, message.maximumLength))
            case .decimal: return try decimal(message)
            case .list:
                guard children.count == 1 else { break }
                return .array(children[0].type)
            case .map:
                guard children.count == 2 else { break }
                return .map(key: children[0].type, value: children[1].type)
            case .structure:
                // SQL has no structures without fields.
                if children.isEmpty { return .json }
                return .structure(
                    children.map { StructureField(name: $0.name, type: $0.type) })
            case .union:
                guard (1...127).contains(children.count) else { break }
                // SQL has no unions; this is what Trino makes of them, and it loses nothing.
                return .structure(
                    [StructureField(name: "tag", type: .tinyint)]
                        + children.enumerated().map {
                            StructureField(name: "field\($0.offset)", type: $0.element.type)
                        })
            }
            throw ORCDamage("a nested type has an impossible number of parts")
        }

        private static func decimal(_ message: TypeMessage) throws(ORCDamage) -> LogicalType {
            // Hive 0.11 had decimals of any size, and wrote none down.
            if message.precision == 0 { return .decimal(precision: 38, scale: 18) }
            guard message.precision <= 38, message.scale <= message.precision else {
                throw ORCDamage(
                    "a column is DECIMAL(\(message.precision), \(message.scale)), which is no type")
            }
            return .decimal(precision: message.precision, scale: message.scale)
        }
    }
}
