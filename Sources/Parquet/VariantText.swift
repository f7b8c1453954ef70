// Values of the type VARIANT as JSON (the format's VariantEncoding.md): a value is one byte of kind
// and what that kind needs; the names of fields are numbers in a dictionary beside it, the metadata.
// Whatever has no form in JSON becomes a string, dates and times as they are written in SQL.

import StarlingTypes

/// Renders values that share their metadata.
struct VariantText {
    private let metadata: UnsafeRawBufferPointer
    private let offsetByteCount: Int
    private let nameCount: Int
    /// Where the bytes of all names begin.
    private let nameStart: Int
    /// Bytes of values that may still be read: no byte belongs to two values, whatever the offsets
    /// of a damaged one say.
    private var byteCountLeft = 0
    private static let textByteCountMax = 1 << 28

    init(metadata: UnsafeRawBufferPointer) throws(ParquetDamage) {
        self.metadata = metadata
        guard let header = metadata.first, header & 15 == 1 else {
            throw ParquetDamage("a VARIANT has metadata of an unknown version")
        }
        offsetByteCount = Int(header >> 6) + 1
        nameCount = try Self.number(metadata, at: 1, byteCount: offsetByteCount)
        let start = 1 + offsetByteCount + (nameCount + 1) * offsetByteCount
        guard start <= metadata.count else { throw Self.damage }
        nameStart = start
    }

    static let damage = ParquetDamage("a VARIANT is damaged")

    /// Reads a number of `byteCount` bytes, low ones first.
    static func number(
        _ bytes: UnsafeRawBufferPointer, at place: Int, byteCount: Int
    ) throws(ParquetDamage) -> Int {
        guard place >= 0, place + byteCount <= bytes.count else { throw damage }
        var number = 0
        for index in 0..<byteCount { number |= Int(bytes[place + index]) << (8 * index) }
        return number
    }

    func name(_ id: Int) throws(ParquetDamage) -> UnsafeRawBufferPointer {
        guard id < nameCount else { throw Self.damage }
        let place = 1 + (id + 1) * offsetByteCount
        let start = try Self.number(metadata, at: place, byteCount: offsetByteCount)
        let end = try Self.number(
            metadata, at: place + offsetByteCount, byteCount: offsetByteCount)
        guard start <= end, nameStart + end <= metadata.count else { throw Self.damage }
        return UnsafeRawBufferPointer(
            rebasing: metadata[(nameStart + start)..<(nameStart + end)])
    }

    /// Appends a value as JSON.
    mutating func append(
        _ value: UnsafeRawBufferPointer, to text: inout [UInt8]
    ) throws(ParquetDamage) {
        byteCountLeft = value.count
        try append(value, depth: 0, to: &text)
    }

    /// Appends the fields of an object, but those that are `known`, behind `count` others.
    mutating func appendFields(
        of value: UnsafeRawBufferPointer, besides known: Set<[UInt8]>, behind count: Int,
        to text: inout [UInt8]
    ) throws(ParquetDamage) {
        byteCountLeft = value.count
        guard let header = value.first, header & 3 == 2 else {
            throw ParquetDamage("a VARIANT has fields and is no object")
        }
        try appendFields(value, besides: known, behind: count, depth: 0, to: &text)
    }

    private mutating func take(_ byteCount: Int) throws(ParquetDamage) {
        byteCountLeft -= byteCount
        if byteCountLeft < 0 { throw Self.damage }
    }

    private mutating func append(
        _ value: UnsafeRawBufferPointer, depth: Int, to text: inout [UInt8]
    ) throws(ParquetDamage) {
        guard depth < 500, let header = value.first, text.count < Self.textByteCountMax else {
            throw ParquetDamage("a VARIANT is damaged, nested too deeply or too large")
        }
        switch header & 3 {
        case 0: try appendPrimitive(Int(header >> 2), value, to: &text)
        case 1:
            let count = Int(header >> 2)
            guard count < value.count else { throw Self.damage }
            try take(1 + count)
            appendJSONString(
                UnsafeRawBufferPointer(rebasing: value[1..<(1 + count)]), to: &text)
        case 2:
            text.append(UInt8(ascii: "{"))
            try appendFields(value, besides: [], behind: 0, depth: depth, to: &text)
            text.append(UInt8(ascii: "}"))
        default: try appendElements(value, depth: depth, to: &text)
        }
    }

    private mutating func appendElements(
        _ value: UnsafeRawBufferPointer, depth: Int, to text: inout [UInt8]
    ) throws(ParquetDamage) {
        let header = Int(value[0] >> 2)
        let offsetByteCount = header & 3 + 1
        let countByteCount = header & 4 == 0 ? 1 : 4
        let count = try Self.number(value, at: 1, byteCount: countByteCount)
        let offsets = 1 + countByteCount
        let start = offsets + (count + 1) * offsetByteCount
        guard start <= value.count else { throw Self.damage }
        try take(start)
        text.append(UInt8(ascii: "["))
        for index in 0..<count {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            let offset = try Self.number(
                value, at: offsets + index * offsetByteCount, byteCount: offsetByteCount)
            try append(Self.suffix(value, from: start + offset), depth: depth + 1, to: &text)
        }
        text.append(UInt8(ascii: "]"))
    }

    private mutating func appendFields(
        _ value: UnsafeRawBufferPointer, besides known: Set<[UInt8]>, behind before: Int,
        depth: Int, to text: inout [UInt8]
    ) throws(ParquetDamage) {
        let object = try VariantObject(value)
        try take(object.start)
        var written = before
        for index in 0..<object.count {
            let name = try name(object.nameID(index))
            if !known.isEmpty, known.contains(Array(name)) { continue }
            if written > 0 { text.append(UInt8(ascii: ",")) }
            written += 1
            appendJSONString(name, to: &text)
            text.append(UInt8(ascii: ":"))
            try append(object.member(index), depth: depth + 1, to: &text)
        }
    }

    static func suffix(
        _ value: UnsafeRawBufferPointer, from place: Int
    ) throws(ParquetDamage) -> UnsafeRawBufferPointer {
        guard place < value.count else { throw damage }
        return UnsafeRawBufferPointer(rebasing: value[place...])
    }

    private mutating func appendPrimitive(
        _ kind: Int, _ value: UnsafeRawBufferPointer, to text: inout [UInt8]
    ) throws(ParquetDamage) {
        guard let form = VariantPrimitive(rawValue: kind) else {
            throw ParquetDamage.unsupported("a VARIANT has a value of the unknown kind \(kind)")
        }
        var start = 1
        var count = form.byteCount
        if form == .binary || form == .string {
            count = try Self.number(value, at: 1, byteCount: 4)
            start = 5
        }
        guard start + count <= value.count else { throw Self.damage }
        try take(start + count)
        let bytes = UnsafeRawBufferPointer(rebasing: value[start..<(start + count)])
        guard form.append(bytes, to: &text) else { throw Self.damage }
    }
}
