// Objects among the values of the type VARIANT, and paths that lead into them: a value is found by the
// numbers of names and offsets on the way, and nothing else is looked at.

/// Says where the members of an object lie.
struct VariantObject {
    private let value: UnsafeRawBufferPointer
    private let offsetByteCount: Int
    private let idByteCount: Int
    let count: Int
    private let ids: Int
    private let offsets: Int
    /// Where the members begin.
    let start: Int

    init(_ value: UnsafeRawBufferPointer) throws(ParquetDamage) {
        guard let first = value.first, first & 3 == 2 else {
            throw ParquetDamage("a VARIANT has fields and is no object")
        }
        let header = Int(first >> 2)
        offsetByteCount = header & 3 + 1
        idByteCount = header >> 2 & 3 + 1
        let countByteCount = header & 16 == 0 ? 1 : 4
        count = try VariantText.number(value, at: 1, byteCount: countByteCount)
        ids = 1 + countByteCount
        offsets = ids + count * idByteCount
        start = offsets + (count + 1) * offsetByteCount
        self.value = value
        guard start <= value.count else { throw VariantText.damage }
    }

    /// The number of a member's name.
    func nameID(_ index: Int) throws(ParquetDamage) -> Int {
        try VariantText.number(value, at: ids + index * idByteCount, byteCount: idByteCount)
    }

    func member(_ index: Int) throws(ParquetDamage) -> UnsafeRawBufferPointer {
        let offset = try VariantText.number(
            value, at: offsets + index * offsetByteCount, byteCount: offsetByteCount)
        return try VariantText.suffix(value, from: start + offset)
    }
}

extension VariantText {
    /// Finds the value that keys lead to from object to object; nil where there is none.
    func find(
        _ keys: ArraySlice<[UInt8]>, in value: UnsafeRawBufferPointer
    ) throws(ParquetDamage) -> UnsafeRawBufferPointer? {
        var value = value
        for key in keys {
            guard let header = value.first else { throw Self.damage }
            guard header & 3 == 2 else { return nil }
            let object = try VariantObject(value)
            var found: Int?
            for index in 0..<object.count {
                guard try name(object.nameID(index)).elementsEqual(key) else { continue }
                found = index
                break
            }
            guard let found else { return nil }
            value = try object.member(found)
        }
        return value
    }
}
