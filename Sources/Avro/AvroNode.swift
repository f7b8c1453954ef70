// A type of a schema, and what it is in SQL.

import StarlingFormats
import StarlingTypes
import StarlingVectors

/// Names how values lie in a block.
enum AvroForm: Sendable {
    case null, boolean, int, long, float, double
    /// Bytes or text behind their number.
    case bytes
    case fixed(byteCount: Int)
    /// The number of one of the symbols.
    case symbol(VectorDictionary)
    /// A number in two's complement, the highest byte first; without a count behind its length.
    case decimal(byteCount: Int?)
    /// Units of time, of which each is so many microseconds.
    case ticks(microseconds: Int)
    case nanoseconds
    /// 16 or 12 bytes that SQL sees as text.
    case uuid, duration
    /// Blocks of elements; of maps, keys and values in turn.
    case list
    case record
    /// A type that contains itself, within itself: its number among the schema's definitions.
    case document(definition: Int)
    /// The number of a branch and its value; the children are the branches but that of null.
    case union(nullBranch: Int?)
}

/// Holds the type of a file's rows.
struct AvroSchema: Sendable {
    var root: AvroNode
    /// The types that contain themselves.
    var definitions: [AvroNode] = []
}

/// Describes a type, with all that lies in it.
struct AvroNode: Sendable {
    var form: AvroForm
    var type: LogicalType
    /// Of a union of null and this type, the number of null's branch: 0 or 1.
    var nullBranch: Int?
    /// True where values are moments in UTC.
    var isInstant = false
    var children: [AvroNode] = []
    /// The names of a record's fields.
    var names: [String] = []
    /// Counts the node and all below.
    let nodeCount: Int
    let depth: Int
    /// The least bytes of a value; one that needs none has nothing but nulls.
    private(set) var byteCountMin: Int
    /// The bytes of any value, where all have as many.
    private(set) var fixedByteCount: Int?

    /// Counts the nodes of a schema that is read: tables of more columns serve nobody, and types
    /// that name each other could grow without end.
    static let nodeCountMax = 20_000
    static let depthMax = 64

    init(_ form: AvroForm, _ type: LogicalType, children: [AvroNode] = [], names: [String] = []) {
        self.form = form
        self.type = type
        self.children = children
        self.names = names
        nodeCount = children.reduce(1) { $0 + $1.nodeCount }
        depth = (children.map(\.depth).max() ?? 0) + 1
        let fixed = Self.fixedByteCount(form, children)
        fixedByteCount = fixed
        if case .record = form {
            byteCountMin = min(children.reduce(0) { $0 + $1.byteCountMin }, 1 << 40)
        } else {
            byteCountMin = fixed ?? 1
        }
    }

    private static func fixedByteCount(_ form: AvroForm, _ children: [AvroNode]) -> Int? {
        switch form {
        case .null: return 0
        case .boolean: return 1
        case .float: return 4
        case .double: return 8
        case .fixed(let count), .decimal(let count?): return count
        case .uuid: return 16
        case .duration: return 12
        case .record:
            var total = 0
            for child in children {
                guard let count = child.fixedByteCount else { return nil }
                total = min(total + count, 1 << 40)
            }
            return total
        default: return nil
        }
    }

    /// Makes the union of null and this type.
    mutating func makeNullable(nullBranch: Int) {
        self.nullBranch = nullBranch
        byteCountMin = 1
        fixedByteCount = nil
    }

    /// Where in its values instants lie.
    var instants: InstantPlaces {
        isInstant ? .value : InstantPlaces(parts: children.map(\.instants))
    }

    var isNullable: Bool {
        switch form {
        case .null: true
        case .union(let branch): branch != nil
        default: nullBranch != nil
        }
    }
}
