// Thrift's compact protocol, the writing half: what page headers and the footer are made of.

/// Writes structures; fields come in ascending order of their numbers.
struct ThriftWriter {
    private(set) var bytes: [UInt8] = []
    private var lastFields: [Int] = []
    private var lastField = 0

    private enum Kind: UInt8 {
        case boolTrue = 1
        case boolFalse = 2
        case i8 = 3
        case i16 = 4
        case i32 = 5
        case i64 = 6
        case binary = 8
        case list = 9
        case structure = 12
    }

    private mutating func writeVarint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func writeZigzag(_ number: Int) {
        writeVarint(UInt64(bitPattern: Int64((number << 1) ^ (number >> 63))))
    }

    private mutating func begin(_ field: Int, _ kind: Kind) {
        let delta = field - lastField
        if delta > 0, delta < 16 {
            bytes.append(UInt8(delta) << 4 | kind.rawValue)
        } else {
            bytes.append(kind.rawValue)
            writeZigzag(field)
        }
        lastField = field
    }

    mutating func write(_ field: Int, flag: Bool) { begin(field, flag ? .boolTrue : .boolFalse) }

    mutating func write(_ field: Int, byte: Int8) {
        begin(field, .i8)
        bytes.append(UInt8(bitPattern: byte))
    }

    mutating func write(_ field: Int, int16 number: Int) {
        begin(field, .i16)
        writeZigzag(number)
    }

    mutating func write(_ field: Int, int32 number: Int) {
        begin(field, .i32)
        writeZigzag(number)
    }

    mutating func write(_ field: Int, int64 number: Int) {
        begin(field, .i64)
        writeZigzag(number)
    }

    mutating func write(_ field: Int, binary data: [UInt8]) {
        begin(field, .binary)
        writeVarint(UInt64(data.count))
        bytes += data
    }

    mutating func write(_ field: Int, text: String) { write(field, binary: Array(text.utf8)) }

    mutating func write(_ field: Int, structure body: (inout ThriftWriter) -> Void) {
        begin(field, .structure)
        writeStructure(body)
    }

    /// Writes a structure that was made by another writer.
    mutating func write(_ field: Int, structureBytes: some Collection<UInt8>) {
        begin(field, .structure)
        bytes += structureBytes
    }

    /// Writes a structure that is no field: the outermost one, or an element of a list.
    mutating func writeStructure(_ body: (inout ThriftWriter) -> Void) {
        lastFields.append(lastField)
        lastField = 0
        body(&self)
        bytes.append(0)
        lastField = lastFields.removeLast()
    }

    private mutating func beginList(_ field: Int, _ kind: Kind, count: Int) {
        begin(field, .list)
        if count < 15 {
            bytes.append(UInt8(count) << 4 | kind.rawValue)
        } else {
            bytes.append(0xF0 | kind.rawValue)
            writeVarint(UInt64(count))
        }
    }

    mutating func write<Element>(
        _ field: Int, structures: [Element], _ body: (Element, inout ThriftWriter) -> Void
    ) {
        beginList(field, .structure, count: structures.count)
        for element in structures { writeStructure { body(element, &$0) } }
    }

    mutating func write(_ field: Int, int32List numbers: [Int]) {
        beginList(field, .i32, count: numbers.count)
        for number in numbers { writeZigzag(number) }
    }

    mutating func write(_ field: Int, textList texts: [String]) {
        beginList(field, .binary, count: texts.count)
        for text in texts {
            writeVarint(UInt64(text.utf8.count))
            bytes += Array(text.utf8)
        }
    }

    mutating func write(_ field: Int, int64List numbers: [Int]) {
        beginList(field, .i64, count: numbers.count)
        for number in numbers { writeZigzag(number) }
    }

    mutating func write(_ field: Int, flagList flags: [Bool]) {
        beginList(field, .boolTrue, count: flags.count)
        for flag in flags { bytes.append(flag ? Kind.boolTrue.rawValue : Kind.boolFalse.rawValue) }
    }

    mutating func write(_ field: Int, binaryList items: [[UInt8]]) {
        beginList(field, .binary, count: items.count)
        for item in items {
            writeVarint(UInt64(item.count))
            bytes += item
        }
    }
}
