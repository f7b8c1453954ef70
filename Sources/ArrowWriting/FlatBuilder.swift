// FlatBuffers as Arrow's metadata uses them, written from the root on: a table's references point
// forward, and are filled in when what they refer to has been written.

/// Is a field of a table, or an element of a list.
indirect enum FlatValue: Sendable {
    case byte(UInt8)
    case short(Int16)
    case int(Int32)
    case long(Int64)
    case text(String)
    /// Fields by their numbers.
    case table([Int: FlatValue])
    case tables([FlatValue])
    /// Structures of so many numbers of 64 bits each.
    case numbers([Int64], width: Int)

    static func flag(_ flag: Bool) -> FlatValue { .byte(flag ? 1 : 0) }

    /// The bytes in the table itself.
    fileprivate var byteCount: Int {
        switch self {
        case .byte: 1
        case .short: 2
        case .int, .text, .table, .tables, .numbers: 4
        case .long: 8
        }
    }
}

/// Writes one message.
struct FlatBuilder {
    private(set) var bytes: [UInt8] = [0, 0, 0, 0]

    /// Writes a table as a message, filled up to a multiple of 8 bytes.
    static func message(_ root: FlatValue) -> [UInt8] {
        var builder = FlatBuilder()
        let start = builder.write(root)
        builder.patch(0, UInt32(start))
        builder.align(8)
        return builder.bytes
    }

    private mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        for index in 0..<MemoryLayout<Number>.size {
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(8 * index)))
        }
    }

    private mutating func patch(_ place: Int, _ number: UInt32) {
        for index in 0..<4 {
            bytes[place + index] = UInt8(truncatingIfNeeded: number >> (8 * index))
        }
    }

    private mutating func align(_ width: Int, ahead: Int = 0) {
        while (bytes.count + ahead) % width != 0 { bytes.append(0) }
    }

    /// Writes what references point to, and returns its place.
    private mutating func write(_ value: FlatValue) -> Int {
        switch value {
        case .table(let fields): return write(fields)
        case .text(let text):
            align(4)
            let start = bytes.count
            let utf8 = Array(text.utf8)
            append(UInt32(utf8.count))
            bytes += utf8 + [0]
            return start
        case .numbers(let numbers, let width):
            // The numbers themselves lie at multiples of 8.
            align(8, ahead: 4)
            let start = bytes.count
            append(UInt32(numbers.count / width))
            for number in numbers { append(number) }
            return start
        case .tables(let tables):
            align(4)
            let start = bytes.count
            append(UInt32(tables.count))
            let first = bytes.count
            for _ in tables { append(UInt32(0)) }
            for (index, table) in tables.enumerated() { refer(first + 4 * index, to: table) }
            return start
        case .byte, .short, .int, .long: preconditionFailure("numbers are no references")
        }
    }

    private mutating func refer(_ place: Int, to value: FlatValue) {
        let target = write(value)
        patch(place, UInt32(target - place))
    }

    /// Writes the table of offsets, then the table: wide fields first, which keeps all aligned.
    private mutating func write(_ fields: [Int: FlatValue]) -> Int {
        let order = fields.sorted {
            ($1.value.byteCount, $0.key) < ($0.value.byteCount, $1.key)
        }
        let slotCount = (fields.keys.max() ?? -1) + 1
        var offsets = [Int](repeating: 0, count: slotCount)
        var size = 4
        for (number, value) in order {
            size = (size + value.byteCount - 1) / value.byteCount * value.byteCount
            offsets[number] = size
            size += value.byteCount
        }
        align(2)
        let offsetsByteCount = 4 + 2 * slotCount
        align(8, ahead: offsetsByteCount)
        let table = bytes.count
        append(UInt16(offsetsByteCount))
        append(UInt16(size))
        for offset in offsets { append(UInt16(offset)) }
        let start = bytes.count
        append(Int32(start - table))
        var references: [(Int, FlatValue)] = []
        for (number, value) in order {
            while bytes.count < start + offsets[number] { bytes.append(0) }
            switch value {
            case .byte(let number): append(number)
            case .short(let number): append(number)
            case .int(let number): append(number)
            case .long(let number): append(number)
            case .text, .table, .tables, .numbers:
                references.append((bytes.count, value))
                append(UInt32(0))
            }
        }
        for (place, value) in references { refer(place, to: value) }
        return start
    }
}
