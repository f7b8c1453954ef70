// The primitive types and what logical types make of them. A logical type that is unknown or does
// not fit the type that it stands at is none, as the specification has it.

import StarlingFields
import StarlingTypes
import StarlingVectors

extension AvroNode {
    /// Makes a primitive type; nil where there is none of that name.
    init?(primitive name: String) {
        switch name {
        case "null": self.init(.null, .null)
        case "boolean": self.init(.boolean, .boolean)
        case "int": self.init(.int, .int)
        case "long": self.init(.long, .bigint)
        case "float": self.init(.float, .float)
        case "double": self.init(.double, .double)
        case "bytes": self.init(.bytes, .varbinary)
        case "string": self.init(.bytes, .string)
        default: return nil
        }
    }

    /// Makes an enumeration, whose values are codes of a dictionary.
    init(symbols: [String]) {
        let values = Vector(.string, values: symbols.map { Value.text($0) })
        let dictionary = VectorDictionary(values: values, isSorted: symbols == symbols.sorted())
        self.init(.symbol(dictionary), .string)
    }

    /// Returns what the logical type of `tree` makes of this type.
    func refined(by tree: JSONTree) -> AvroNode {
        guard let name = tree["logicalType"]?.string else { return self }
        switch (form, name) {
        case (.int, "date"): return AvroNode(.int, .date)
        case (.int, "time-millis"): return AvroNode(.ticks(microseconds: 1_000), .time)
        case (.long, "time-micros"): return AvroNode(.ticks(microseconds: 1), .time)
        case (.long, "timestamp-millis"), (.long, "local-timestamp-millis"):
            return timestamp(.ticks(microseconds: 1_000), name)
        case (.long, "timestamp-micros"), (.long, "local-timestamp-micros"):
            return timestamp(.ticks(microseconds: 1), name)
        case (.long, "timestamp-nanos"), (.long, "local-timestamp-nanos"):
            return timestamp(.nanoseconds, name)
        case (.bytes, "uuid") where type == .string:
            return AvroNode(.bytes, .varchar(length: 36))
        case (.fixed(byteCount: 16), "uuid"): return AvroNode(.uuid, .varchar(length: 36))
        case (.fixed(byteCount: 12), "duration"): return AvroNode(.duration, .string)
        case (.bytes, "decimal") where type == .varbinary: return decimal(tree, byteCount: nil)
        case (.fixed(let count), "decimal"): return decimal(tree, byteCount: count)
        default: return self
        }
    }

    private func timestamp(_ form: AvroForm, _ name: String) -> AvroNode {
        var node = AvroNode(form, .datetime)
        node.isInstant = !name.hasPrefix("local-")
        return node
    }

    /// Numbers of more digits than there are in SQL end in an error when they are read.
    private func decimal(_ tree: JSONTree, byteCount: Int?) -> AvroNode {
        let precision = tree["precision"]?.integer ?? 0
        let scale = tree["scale"]?.integer ?? 0
        guard precision >= 1, scale >= 0, scale <= min(precision, 38) else { return self }
        return AvroNode(
            .decimal(byteCount: byteCount),
            .decimal(precision: min(precision, 38), scale: scale))
    }
}
