// What values are, counted by what could hold them, and the type that follows from that.

import StarlingDocuments
import StarlingTypes

/// Counts values of each kind, and of arrays their elements.
struct ValueTally {
    /// One value in so many may be of another type than its column.
    private static let otherShare = 50
    /// Arrays in arrays are looked into down to this level.
    private static let levelMax = 4

    private(set) var valueCount = 0
    private(set) var nullCount = 0
    private var wholeCount = 0
    private var wideCount = 0
    /// Counts numbers that a column of floating-point numbers holds, small integers among them.
    private var floatingCount = 0
    private var truthCount = 0
    private var textCount = 0
    /// What strings are days or moments as, as long as all of them are.
    private var temporal: ShreddedType?
    private var temporalCount = 0
    private var objectCount = 0
    private var arrayCount = 0
    /// What arrays have in them: one tally, or none while there were no elements.
    private var elements: [ValueTally] = []

    // MARK: Counting

    /// Counts a value in canonical form.
    mutating func add(_ value: UnsafeRawBufferPointer) { add(value, level: 0) }

    private mutating func add(_ value: UnsafeRawBufferPointer, level: Int) {
        valueCount += 1
        switch value[0] {
        case UInt8(ascii: "\""):
            addText(UnsafeRawBufferPointer(rebasing: value[1..<(value.count - 1)]))
        case UInt8(ascii: "t"), UInt8(ascii: "f"): truthCount += 1
        case UInt8(ascii: "n"): nullCount += 1
        case UInt8(ascii: "{"): objectCount += 1
        case UInt8(ascii: "["):
            arrayCount += 1
            guard level < Self.levelMax else { return }
            _ = forEachElement(of: value) { element in
                if elements.isEmpty { elements.append(ValueTally()) }
                elements[0].add(element, level: level + 1)
                return true
            }
        default: addNumber(ShreddedNumber(value))
        }
    }

    private mutating func addNumber(_ number: ShreddedNumber) {
        if number.floating != nil { floatingCount += 1 }
        switch number {
        case .whole:
            wholeCount += 1
            wideCount += 1
        case .wide: wideCount += 1
        case .floating, .other: break
        }
    }

    private mutating func addText(_ content: UnsafeRawBufferPointer) {
        if textCount == 0 { temporal = ShreddedType(temporal: content) }
        textCount += 1
        guard let temporal else { return }
        if temporal.hasTemporal(content) {
            temporalCount += 1
        } else {
            self.temporal = nil
        }
    }

    // MARK: The type

    /// The type that nearly all values have; nil where there are none but nulls. With `keepsTexts`
    /// strings stay as they are, so that indexes and filters find them, and only with
    /// `allowsRecords` arrays are ones of objects.
    func type(keepsTexts: Bool, allowsRecords: Bool) -> ShreddedType? {
        let count = valueCount - nullCount
        guard count > 0 else { return nil }
        let candidates = candidates(keepsTexts: keepsTexts, allowsRecords: allowsRecords)
        if let fitting = candidates.first(where: { $0.count == count }) { return fitting.type }
        let best = candidates.filter { !$0.type.isStrict }.max { $0.count < $1.count }
        guard let best, (count - best.count) * Self.otherShare <= count else { return .document }
        return best.type
    }

    /// Types with how many of the values they hold, the narrowest first.
    private func candidates(
        keepsTexts: Bool, allowsRecords: Bool
    ) -> [(type: ShreddedType, count: Int)] {
        var candidates: [(type: ShreddedType, count: Int)] = [
            (.whole, wholeCount), (.text, textCount), (.truth, truthCount),
            (.floating, floatingCount), (.wide, wideCount),
        ]
        if let temporal, !keepsTexts { candidates.insert((temporal, temporalCount), at: 0) }
        let list = typeOfArrays(keepsTexts: keepsTexts, allowsRecords: allowsRecords)
        if let list { candidates.append((list, arrayCount)) }
        return candidates
    }

    /// The type that arrays have; nil where they have no elements but nulls, or others.
    private func typeOfArrays(keepsTexts: Bool, allowsRecords: Bool) -> ShreddedType? {
        guard let elements = elements.first else { return nil }
        let count = elements.valueCount - elements.nullCount
        guard count > 0 else { return nil }
        if (count - elements.objectCount) * Self.otherShare <= count {
            return allowsRecords ? .records([]) : nil
        }
        let type = elements.type(keepsTexts: keepsTexts, allowsRecords: false)
        return type == .document ? nil : type.map { .list($0) }
    }
}

/// Hands out the elements of an array in canonical form until one is refused, which it tells.
func forEachElement(
    of array: UnsafeRawBufferPointer, _ accept: (UnsafeRawBufferPointer) -> Bool
) -> Bool {
    var reader = CanonicalReader(array)
    reader.place = 1
    guard reader.byte != UInt8(ascii: "]") else { return true }
    repeat {
        guard accept(reader.value()) else { return false }
    } while reader.next()
    return true
}
