// A column as the schema describes it: its SQL type, how its values are stored, and how many
// buffers of a record batch belong to it.

import StarlingErrors
import StarlingFormats
import StarlingTypes

/// Names how the values of a column lie in their buffers.
enum ArrowStorage: Sendable, Equatable {
    /// No buffers at all: every value is NULL.
    case nothing
    case bits
    case integer(byteWidth: Int, isSigned: Bool)
    case half, single, double
    /// Offsets of 4 or 8 bytes into bytes.
    case offsets(byteWidth: Int)
    /// 16 bytes a value: a length, and the bytes or where they lie.
    case views
    case fixedBytes(count: Int)
    case decimal(byteWidth: Int)
    /// Milliseconds of whole days.
    case dateMilliseconds
    /// Integers that count units of time.
    case ticks(byteWidth: Int, unit: ArrowTimeUnit)
    /// Bytes of which any but zero are true.
    case byteBooleans
    /// Values of fixed length that SQL sees as text.
    case fixedTexts(ArrowTextForm)
    /// Offsets of 4 or 8 bytes into the elements.
    case list(byteWidth: Int)
    /// An offset and a number of elements for each row.
    case listViews(byteWidth: Int)
    /// As many elements for each row.
    case fixedList(count: Int)
    /// A list of structures, each a key and a value.
    case map
    case structure
    /// Nothing but which rows are NULL.
    case emptyStructure
    /// Where runs end, and the value of each.
    case runs
    /// The type of each row; where dense, also the place among that type's values.
    case union(isDense: Bool, codes: [Int8])
    /// Something that this reader passes over; the name is for the message.
    case unreadable(String)
}

/// Names a unit of times; the raw value is the format's code.
enum ArrowTimeUnit: Int16, Sendable {
    case seconds, milliseconds, microseconds, nanoseconds
}

/// Names what stands in values that are shown as text: spans of calendar units, whose raw value is
/// the format's code, and identifiers.
enum ArrowTextForm: Int16, Sendable {
    case months, daysAndMilliseconds, monthsDaysAndNanoseconds, uuid

    var byteWidth: Int {
        switch self {
        case .months: 4
        case .daysAndMilliseconds: 8
        case .monthsDaysAndNanoseconds, .uuid: 16
        }
    }
}

/// Describes one column, or one child of a nested column.
struct ArrowField: Sendable {
    var name: String
    var type: LogicalType
    var storage: ArrowStorage
    var isNullable: Bool
    /// The identity of the dictionary that the values are codes of.
    var dictionary: Int64?
    /// The storage of the codes.
    var codes: ArrowStorage?
    var children: [ArrowField] = []
    /// True where values are moments in UTC.
    let isInstant: Bool
    /// The buffers of the column itself, without those of its children.
    var bufferCount: Int

    /// Where in its values instants lie.
    var instants: InstantPlaces {
        if isInstant { return .value }
        switch storage {
        case .runs: return children.count == 2 ? children[1].instants : .none
        case .map: return children.first?.instants ?? .none
        default: return InstantPlaces(parts: children.map(\.instants))
        }
    }

    /// The name of what a field's values are besides their type.
    private static func extensionName(_ table: FlatTable) throws(StarlingError) -> String? {
        for pair in try table.tables(6) where try pair.text(0) == "ARROW:extension:name" {
            return try pair.text(1)
        }
        return nil
    }

    /// Counts the nodes of a record batch that belong to the column.
    var nodeCount: Int {
        dictionary == nil ? children.reduce(1) { $0 + $1.nodeCount } : 1
    }

    /// Counts the buffers of all nodes, those of views aside, whose number each batch tells.
    var totalBufferCount: Int {
        dictionary == nil ? children.reduce(bufferCount) { $0 + $1.totalBufferCount } : 2
    }

    /// Counts the columns whose number of buffers each batch tells.
    var viewCount: Int {
        guard dictionary == nil else { return 0 }
        return children.reduce(storage == .views ? 1 : 0) { $0 + $1.viewCount }
    }

    /// `room` counts the fields that may still come: tables may be children of many, and a small
    /// message could describe a schema without end.
    init(
        _ table: FlatTable, _ version: ArrowVersion, room: inout Int, depth: Int = 0
    ) throws(StarlingError) {
        room -= 1
        guard depth < 64, room >= 0 else {
            throw table.message.damage("the schema is larger than its message")
        }
        let name = try table.text(0) ?? ""
        self.name = name
        isNullable = try table.flag(1)
        for child in try table.tables(5) {
            children.append(try ArrowField(child, version, room: &room, depth: depth + 1))
        }
        let code = try table.number(2, default: UInt8(0))
        guard let parameters = try table.table(3) else {
            throw table.message.damage("column \(name) has no type")
        }
        let kind = try ArrowType(code, parameters, children)
        type = kind.type
        storage = kind.storage
        bufferCount = kind.bufferCount
        let zone = code == ArrowType.timestampCode ? try parameters.text(1) : nil
        isInstant = !(zone ?? "").isEmpty
        try refine(Self.extensionName(table))
        switch storage {
        case .union, .runs: bufferCount += version == .beforeUnionsLostTheirValidity ? 1 : 0
        default: break
        }
        if let encoding = try table.table(4) {
            dictionary = try encoding.number(0, default: Int64(0))
            codes = .integer(byteWidth: 4, isSigned: true)
            if let index = try encoding.table(1) {
                codes = try ArrowType.integer(index).storage
            }
        }
        // A dictionary may hold NULL itself, and so may a run.
        if storage == .nothing || storage == .runs || dictionary != nil { isNullable = true }
    }

    /// Sees what an extension says that values are; those that SQL has nothing for stay what they
    /// are stored as.
    private mutating func refine(_ extensionName: String?) {
        switch (extensionName, storage) {
        case ("arrow.json", _) where type.isString: type = .json
        case ("arrow.uuid", .fixedBytes(count: 16)):
            (type, storage) = (.varchar(length: 36), .fixedTexts(.uuid))
        case ("arrow.bool8", .integer(byteWidth: 1, isSigned: true)):
            (type, storage) = (.boolean, .byteBooleans)
        default: break
        }
    }
}
