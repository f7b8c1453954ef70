// Numbers, dates and datetimes as text, a loop for each. The loops write what is usual; vectors with
// a number of more than 64 bits or a year that has not four digits are left to the caller.

import StarlingTypes
import StarlingVectors

extension Vector {
    /// Writes values as CAST to a string does; nil where no loop can.
    package func written(as type: LogicalType) -> Vector? {
        guard physicalType.isInteger else { return nil }
        let source = decodedForLoops()
        switch type {
        case .boolean, .tinyint, .smallint, .int, .bigint, .largeint:
            return physicalType.visitInteger(TextLoop(source: source, text: NumberText(scale: 0)))
        case .decimal(_, let scale):
            guard scale <= NumberText.scaleMax else { return nil }
            let text = NumberText(scale: scale)
            return physicalType.visitInteger(TextLoop(source: source, text: text))
        case .date: return physicalType.visitInteger(TextLoop(source: source, text: DateText()))
        case .datetime:
            return physicalType.visitInteger(TextLoop(source: source, text: DateTimeText()))
        default: return nil
        }
    }
}

/// Writes a value into 48 bytes, of which the text may take any 32 behind each other.
private protocol ValueText {
    /// Returns where the text begins and its bytes; nil where the value is unlike most.
    func write(_ value: Int64, to scratch: UnsafeMutableRawPointer) -> (start: Int, count: Int)?
}

private struct TextLoop<Text: ValueText>: IntegerVisitor {
    let source: Vector
    let text: Text

    @inline(__always)
    func visit<Element: KernelInteger>(_ type: Element.Type) -> Vector? {
        let count = source.storedCount
        var result = Vector(uninitialized: .string, count: count)
        let input = source.pointer(to: Element.self)
        let output = result.pointer(to: StringReference.self)
        let validity = source.validity
        let heap = StringHeap()
        let isWhole = withUnsafeTemporaryAllocation(byteCount: 64, alignment: 16) { buffer in
            let scratch = buffer.baseAddress.unsafelyUnwrapped
            for row in 0..<count {
                if let validity, !validity.isValid(row) {
                    output[row] = .empty
                    continue
                }
                guard let value = Int64(exactly: input[row]),
                    let place = text.write(value, to: scratch)
                else { return false }
                let start = scratch + place.start
                output[row] =
                    place.count <= StringReference.inlineCapacity
                    ? StringReference(padded: start, count: place.count)
                    : heap.add(start, count: place.count)
            }
            return true
        }
        guard isWhole else { return nil }
        if heap.byteCount > 0 { result.owner = heap }
        return result.withNullsAndEncoding(of: source)
    }
}

/// Integers, and unscaled decimals with a point before the last `scale` digits.
private struct NumberText: ValueText {
    static let scaleMax = 18

    let scale: Int

    @inline(__always)
    func write(_ value: Int64, to scratch: UnsafeMutableRawPointer) -> (start: Int, count: Int)? {
        var place = DigitPairs.write(value.magnitude, scale: scale, to: scratch)
        if value < 0 {
            place &-= 1
            scratch.storeBytes(of: UInt8(ascii: "-"), toByteOffset: place, as: UInt8.self)
        }
        return (place, 24 &- place)
    }
}

/// Days as `2024-01-31`.
private struct DateText: ValueText {
    @inline(__always)
    func write(_ value: Int64, to scratch: UnsafeMutableRawPointer) -> (start: Int, count: Int)? {
        let date = CivilDate(days: Int32(truncatingIfNeeded: value))
        guard date.year >= 0, date.year <= 9_999 else { return nil }
        write(date.year / 100, at: 0, scratch)
        write(date.year % 100, at: 2, scratch)
        scratch.storeBytes(of: UInt8(ascii: "-"), toByteOffset: 4, as: UInt8.self)
        write(date.month, at: 5, scratch)
        scratch.storeBytes(of: UInt8(ascii: "-"), toByteOffset: 7, as: UInt8.self)
        write(date.day, at: 8, scratch)
        return (0, 10)
    }

    @inline(__always)
    private func write(_ number: Int, at place: Int, _ scratch: UnsafeMutableRawPointer) {
        scratch.storeBytes(of: DigitPairs.pair(number), toByteOffset: place, as: UInt16.self)
    }
}

/// Microseconds as `2024-01-31 23:59:59`, with six more digits where there is a fraction.
private struct DateTimeText: ValueText {
    @inline(__always)
    func write(_ value: Int64, to scratch: UnsafeMutableRawPointer) -> (start: Int, count: Int)? {
        let day = dayNumber(ofMicroseconds: value)
        guard DateText().write(Int64(day), to: scratch) != nil else { return nil }
        let rest = Int(value &- Int64(day) &* microsecondsPerDay)
        let seconds = rest / 1_000_000
        scratch.storeBytes(of: UInt8(ascii: " "), toByteOffset: 10, as: UInt8.self)
        write(seconds / 3_600, at: 11, scratch)
        scratch.storeBytes(of: UInt8(ascii: ":"), toByteOffset: 13, as: UInt8.self)
        write(seconds / 60 % 60, at: 14, scratch)
        scratch.storeBytes(of: UInt8(ascii: ":"), toByteOffset: 16, as: UInt8.self)
        write(seconds % 60, at: 17, scratch)
        let fraction = rest % 1_000_000
        guard fraction != 0 else { return (0, 19) }
        scratch.storeBytes(of: UInt8(ascii: "."), toByteOffset: 19, as: UInt8.self)
        write(fraction / 10_000, at: 20, scratch)
        write(fraction / 100 % 100, at: 22, scratch)
        write(fraction % 100, at: 24, scratch)
        return (0, 26)
    }

    @inline(__always)
    private func write(_ number: Int, at place: Int, _ scratch: UnsafeMutableRawPointer) {
        scratch.storeBytes(of: DigitPairs.pair(number), toByteOffset: place, as: UInt16.self)
    }
}
