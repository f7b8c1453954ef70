// The distinct values of a column chunk and a code for each value. Integers of a small range are
// found by their place in the range, which also sorts them; all others by hashing.

import StarlingMemory

/// Holds distinct values and codes.
struct ValueDictionary<Value: EncodedValue> {
    private(set) var values: [Value] = []
    private(set) var isSorted = false
    private let codeBuffer: Buffer

    var codes: UnsafeMutablePointer<UInt32> { codeBuffer.pointer(to: UInt32.self) }
    var bitWidth: Int { HybridEncoding.bitWidth(for: max(0, values.count - 1)) }

    /// Finds the distinct values, or returns nil where there are too many for a dictionary to pay.
    init?(_ column: ColumnValues<Value>, byteCountMaximum: Int, isForced: Bool = false) {
        codeBuffer = Buffer(byteCount: column.count * 4 + 64)
        let countMaximum = isForced ? .max : max(16, column.count * 6 / 10)
        let found =
            findByRange(column, countMaximum: countMaximum)
            ?? findByHash(
                column, countMaximum: countMaximum, byteCountMaximum: byteCountMaximum,
                isForced: isForced)
        guard found else { return nil }
        let byteCount = values.withUnsafeBufferPointer {
            $0.baseAddress.map { Value.plainByteCount($0, count: values.count) } ?? 0
        }
        guard byteCount <= byteCountMaximum else { return nil }
    }

    private static var rangeMaximum: Int64 { 1 << 18 }

    /// Returns nil where values are not integers of a small range.
    private mutating func findByRange(
        _ column: ColumnValues<Value>, countMaximum: Int
    ) -> Bool? {
        guard Value.isInteger, column.count > 0 else { return nil }
        let source = column.values
        var low = Int64.max
        var high = Int64.min
        for place in 0..<column.count {
            let number = source[place].smallInteger.unsafelyUnwrapped
            low = min(low, number)
            high = max(high, number)
        }
        let (range, overflows) = high.subtractingReportingOverflow(low)
        guard !overflows, range < Self.rangeMaximum else { return nil }
        let slots = Buffer.zeroed(byteCount: (Int(range) + 1) * 4)
        let slot = slots.pointer(to: UInt32.self)
        for place in 0..<column.count {
            slot[Int(source[place].smallInteger.unsafelyUnwrapped &- low)] = 1
        }
        var distinct = 0
        for place in 0...Int(range) { distinct &+= Int(slot[place]) }
        guard distinct <= countMaximum else { return false }
        var next: UInt32 = 0
        for place in 0...Int(range) where slot[place] != 0 {
            slot[place] = next
            next += 1
        }
        values = Array(repeating: source[0], count: distinct)
        let codes = codes
        values.withUnsafeMutableBufferPointer { values in
            for place in 0..<column.count {
                let code = slot[Int(source[place].smallInteger.unsafelyUnwrapped &- low)]
                codes[place] = code
                values[Int(code)] = source[place]
            }
        }
        withExtendedLifetime(slots) {}
        isSorted = true
        return true
    }

    private mutating func findByHash(
        _ column: ColumnValues<Value>, countMaximum: Int, byteCountMaximum: Int, isForced: Bool
    ) -> Bool {
        guard isForced || column.count <= 8_192 || !Self.isMostlyDistinct(column) else {
            return false
        }
        let source = column.values
        let codes = codes
        var slotCount = 1_024
        var slots = Self.emptySlots(slotCount)
        var byteCount = 0
        for place in 0..<column.count {
            let value = source[place]
            let slot = slots.pointer(to: UInt32.self)
            var position = Int(truncatingIfNeeded: value.hash) & (slotCount - 1)
            while slot[position] != .max {
                if Value.isSame(values[Int(slot[position])], value) { break }
                position = (position &+ 1) & (slotCount - 1)
            }
            if slot[position] == .max {
                slot[position] = UInt32(truncatingIfNeeded: values.count)
                values.append(value)
                withUnsafePointer(to: value) { byteCount += Value.plainByteCount($0, count: 1) }
                guard values.count <= countMaximum, byteCount <= byteCountMaximum else {
                    return false
                }
                codes[place] = slot[position]
                if values.count * 2 > slotCount {
                    slotCount *= 4
                    slots = grown(to: slotCount)
                }
            } else {
                codes[place] = slot[position]
            }
        }
        withExtendedLifetime(slots) {}
        return true
    }

    private static func emptySlots(_ count: Int) -> Buffer {
        let slots = Buffer(byteCount: count * 4)
        slots.pointer(to: UInt32.self).update(repeating: .max, count: count)
        return slots
    }

    private func grown(to slotCount: Int) -> Buffer {
        let slots = Self.emptySlots(slotCount)
        let slot = slots.pointer(to: UInt32.self)
        for (code, value) in values.enumerated() {
            var position = Int(truncatingIfNeeded: value.hash) & (slotCount - 1)
            while slot[position] != .max { position = (position &+ 1) & (slotCount - 1) }
            slot[position] = UInt32(truncatingIfNeeded: code)
        }
        return slots
    }

    /// Tells by a sample whether nearly every value is one of its own.
    private static func isMostlyDistinct(_ column: ColumnValues<Value>) -> Bool {
        let sampleCount = 2_048
        let slotCount = 8_192
        let slots = emptySlots(slotCount)
        let slot = slots.pointer(to: UInt32.self)
        var distinct = 0
        for sample in 0..<sampleCount {
            let place = sample * (column.count / sampleCount)
            let value = column.values[place]
            var position = Int(truncatingIfNeeded: value.hash) & (slotCount - 1)
            while slot[position] != .max,
                !Value.isSame(column.values[Int(slot[position])], value)
            { position = (position &+ 1) & (slotCount - 1) }
            if slot[position] == .max {
                slot[position] = UInt32(truncatingIfNeeded: place)
                distinct += 1
            }
        }
        withExtendedLifetime(slots) {}
        return distinct * 100 > sampleCount * 95
    }
}
