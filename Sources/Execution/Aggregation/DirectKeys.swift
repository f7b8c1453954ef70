// Numbers groups without hashing: each key has so few possible values that all combinations can
// be counted through. Integer-like keys have bounds; strings are numbered as they come, once for
// each value of a dictionary, so that a row costs one look-up of its code.

import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors

/// Maps rows to small numbers and these to groups; belongs to one worker.
final class DirectKeys {
    private static let numberMaximum = 1 << 16
    /// Rows that follow each other go to different copies of a group while there are few groups: an
    /// aggregate need not wait for what it has just stored. The copies are merged in the end, as are
    /// those of several workers.
    private static let copyCount: UInt32 = 4
    /// Up to so many groups, the copies' states stay in the first cache.
    private static let copiedGroupMaximum = 128

    /// Numbers the values of one key.
    private struct Dimension {
        /// The least value of an integer-like key; nil for strings.
        var low: Int128?
        /// NULL is 0.
        var capacity: Int
        var stride: UInt32 = 1
        var strings: StringNumbers?
    }

    private var dimensions: [Dimension]
    /// The bits of a row's place in the chunk that choose the copy.
    private var copyMask: UInt32
    private var groupCount = 0
    private let numberBuffer = Buffer(byteCount: chunkCapacity * 4)
    private let groupBuffer: Buffer
    private let newRowBuffer = Buffer(byteCount: chunkCapacity * 2)
    private let newAddressBuffer = Buffer(byteCount: chunkCapacity * 8)

    /// Returns nil where the keys have too many values or unknown bounds.
    init?(_ keys: [GroupKey], mayCopy: Bool) {
        var dimensions: [Dimension] = []
        var total = 1
        for key in keys where key.physicalType != .string {
            guard let bounds = key.bounds ?? key.physicalType.integerBounds,
                let width = bounds.width, width < Self.numberMaximum
            else { return nil }
            total *= width + 1
            guard total <= Self.numberMaximum else { return nil }
        }
        let stringCount = keys.count { $0.physicalType == .string }
        var stringCapacity = 1
        if stringCount > 0 {
            while Self.power(stringCapacity + 1, stringCount) * total <= Self.numberMaximum,
                stringCapacity < 8_192
            {
                stringCapacity += 1
            }
            guard stringCapacity >= 8 else { return nil }
        }
        copyMask = mayCopy ? Self.copyCount - 1 : 0
        var stride = Int(copyMask) + 1
        for key in keys {
            var dimension = Dimension(low: nil, capacity: stringCapacity)
            if key.physicalType == .string {
                dimension.strings = StringNumbers(capacity: stringCapacity)
            } else {
                let bounds = key.bounds ?? key.physicalType.integerBounds!
                dimension.low = bounds.low
                dimension.capacity = bounds.width! + 1
            }
            dimension.stride = UInt32(stride)
            stride *= dimension.capacity
            dimensions.append(dimension)
        }
        self.dimensions = dimensions
        groupBuffer = .zeroed(byteCount: stride * 8)
    }

    private static func power(_ base: Int, _ exponent: Int) -> Int {
        var result = 1
        for _ in 0..<exponent {
            result = min(result * base, numberMaximum * 2)
        }
        return result
    }

    var newRows: UnsafeMutablePointer<UInt16> { newRowBuffer.pointer() }
    var newAddresses: UnsafeMutablePointer<RowAddress> { newAddressBuffer.pointer() }
    private var numbers: UnsafeMutablePointer<UInt32> { numberBuffer.pointer() }
    /// An address, or 0 for no group yet, or the number of a claim.
    private var groups: UnsafeMutablePointer<UInt> { groupBuffer.pointer() }

    /// Numbers the rows of a chunk; returns false where a string key has too many values.
    func number(_ keys: [Vector], count: Int) -> Bool {
        let (numbers, mask) = (numbers, copyMask)
        for row in 0..<count { numbers[row] = UInt32(truncatingIfNeeded: row) & mask }
        for (position, key) in keys.enumerated() {
            if dimensions[position].strings != nil {
                guard addStrings(key, &dimensions[position], count) else { return false }
            } else {
                addIntegers(key, dimensions[position], count)
            }
        }
        return true
    }

    /// Claims the numbers met for the first time and returns how many there are.
    func claimNewGroups(_ count: Int) -> Int {
        let (numbers, groups, newRows) = (numbers, groups, newRows)
        var newCount = 0
        for row in 0..<count where groups[Int(numbers[row])] == 0 {
            newRows[newCount] = UInt16(truncatingIfNeeded: row)
            newCount &+= 1
            groups[Int(numbers[row])] = UInt(bitPattern: newCount)
        }
        return newCount
    }

    /// Puts the addresses of claimed groups in place.
    func settle(_ newCount: Int) {
        for i in 0..<newCount {
            groups[Int(numbers[Int(newRows[i])])] = UInt(bitPattern: newAddresses[i])
        }
        groupCount += newCount
        if groupCount > Self.copiedGroupMaximum { copyMask = 0 }
    }

    func writeAddresses(_ count: Int, into addresses: UnsafeMutablePointer<RowAddress>) {
        let numbers = numbers
        let groups = groupBuffer.pointer(to: RowAddress.self)
        for row in 0..<count { addresses[row] = groups[Int(numbers[row])] }
    }

    private func addStrings(_ key: Vector, _ dimension: inout Dimension, _ count: Int) -> Bool {
        guard let dictionary = key.dictionary,
            let table = dimension.strings?.numbers(of: dictionary)
        else { return key.isConstantNull }
        let (numbers, codes, stride) = (numbers, UnsafePointer(key.codes), dimension.stride)
        guard let validity = key.validity else {
            for row in 0..<count { numbers[row] &+= table[Int(codes[row])] &* stride }
            return true
        }
        for row in 0..<count where validity.isValid(row) {
            numbers[row] &+= table[Int(codes[row])] &* stride
        }
        return true
    }

    private func addIntegers(_ key: Vector, _ dimension: Dimension, _ count: Int) {
        switch key.physicalType {
        case .int8: add(key, dimension, count, as: Int8.self)
        case .int16: add(key, dimension, count, as: Int16.self)
        case .int32: add(key, dimension, count, as: Int32.self)
        case .int64: add(key, dimension, count, as: Int64.self)
        default: add(key, dimension, count, as: Int128.self)
        }
    }

    private func add<Element: FixedWidthInteger & BitwiseCopyable>(
        _ key: Vector, _ dimension: Dimension, _ count: Int, as type: Element.Type
    ) {
        let view = DecodedVector(key)
        let values = view.values.assumingMemoryBound(to: Element.self)
        let (numbers, stride) = (numbers, dimension.stride)
        let base = UInt32(truncatingIfNeeded: dimension.low.unsafelyUnwrapped) &- 1
        if key.isFlat && key.validity == nil {
            for row in 0..<count {
                numbers[row] &+= (UInt32(truncatingIfNeeded: values[row]) &- base) &* stride
            }
            return
        }
        for row in 0..<count where view.isValid(row) {
            let value = UInt32(truncatingIfNeeded: values[view.index(row)])
            numbers[row] &+= (value &- base) &* stride
        }
    }
}

/// Numbers distinct strings from 1 on, as they come.
private struct StringNumbers {
    let capacity: Int
    private var known: [[UInt8]: UInt32] = [:]
    private var last: (dictionary: VectorDictionary, table: Buffer)?

    init(capacity: Int) { self.capacity = capacity }

    /// Returns the number of each code, or nil where the values are too many.
    mutating func numbers(of dictionary: VectorDictionary) -> UnsafePointer<UInt32>? {
        if let last, last.dictionary === dictionary {
            return UnsafePointer(last.table.pointer(to: UInt32.self))
        }
        guard dictionary.count < capacity else { return nil }
        let buffer = Buffer(byteCount: dictionary.count * 4)
        let table = buffer.pointer(to: UInt32.self)
        let values = dictionary.values.pointer(to: StringReference.self)
        for code in 0..<dictionary.count {
            let bytes = values[code].bytes
            if let number = known[bytes] {
                table[code] = number
            } else {
                guard known.count + 1 < capacity else { return nil }
                table[code] = UInt32(known.count + 1)
                known[bytes] = table[code]
            }
        }
        last = (dictionary, buffer)
        return UnsafePointer(table)
    }
}
