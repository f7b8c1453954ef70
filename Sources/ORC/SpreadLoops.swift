// The loops that bring decoded values to their rows: all of them, those that have one, or those
// that are selected. Values that are converted on the way are checked against what their type and
// layout hold.

import StarlingMemory
import StarlingTypes
import StarlingVectors

enum SpreadLoops {
    /// Converts numbers of 64 or 128 bits; false where one is not allowed.
    static func convert(
        _ source: UnsafeRawPointer, isWide: Bool, _ rows: SpreadRows, _ allowed: Bounds,
        into target: UnsafeMutableRawPointer, _ type: PhysicalType
    ) -> Bool {
        if isWide {
            let source = source.assumingMemoryBound(to: Int128.self)
            switch type {
            case .int8: return convert(source, rows, allowed, target, Int8.self)
            case .int16: return convert(source, rows, allowed, target, Int16.self)
            case .int32: return convert(source, rows, allowed, target, Int32.self)
            case .int64: return convert(source, rows, allowed, target, Int64.self)
            default: return convert(source, rows, allowed, target, Int128.self)
            }
        }
        let source = source.assumingMemoryBound(to: Int64.self)
        switch type {
        case .int8: return convert(source, rows, allowed, target, Int8.self)
        case .int16: return convert(source, rows, allowed, target, Int16.self)
        case .int32: return convert(source, rows, allowed, target, Int32.self)
        case .int64: return convert(source, rows, allowed, target, Int64.self)
        default: return convert(source, rows, allowed, target, Int128.self)
        }
    }

    @inline(never)
    private static func convert<Stored, Output>(
        _ source: UnsafePointer<Stored>, _ rows: SpreadRows, _ allowed: Bounds,
        _ target: UnsafeMutableRawPointer, _: Output.Type
    ) -> Bool
    where
        Stored: FixedWidthInteger & BitwiseCopyable, Output: FixedWidthInteger & BitwiseCopyable
    {
        let target = target.assumingMemoryBound(to: Output.self)
        let low = Stored(clamping: allowed.low)
        let high = Stored(clamping: allowed.high)
        var isOutside = 0
        if let selected = rows.selected {
            for index in 0..<rows.count {
                let value = source[Int(selected[index])]
                isOutside |= (value < low ? 1 : 0) | (value > high ? 1 : 0)
                target[index] = Output(truncatingIfNeeded: value)
            }
        } else if let words = rows.words {
            var next = 0
            for row in 0..<rows.count {
                let bit = (words[row &>> 6] &>> UInt64(row & 63)) & 1
                let value = bit != 0 ? source[next] : 0
                isOutside |= (value < low ? 1 : 0) | (value > high ? 1 : 0)
                target[row] = Output(truncatingIfNeeded: value)
                next &+= Int(truncatingIfNeeded: bit)
            }
        } else {
            for row in 0..<rows.count {
                let value = source[row]
                isOutside |= (value < low ? 1 : 0) | (value > high ? 1 : 0)
                target[row] = Output(truncatingIfNeeded: value)
            }
        }
        return isOutside == 0
    }

    /// Moves values of 4, 8 or 16 bytes as they are; rows without a value become zero.
    static func move(
        _ source: UnsafeRawPointer, _ rows: SpreadRows, byteWidth: Int,
        into target: UnsafeMutableRawPointer
    ) {
        switch byteWidth {
        case 4: move(source, rows, target, zero: UInt32(0))
        case 8: move(source, rows, target, zero: UInt64(0))
        default: move(source, rows, target, zero: StringReference.empty)
        }
    }

    @inline(__always)
    private static func move<Element: BitwiseCopyable>(
        _ source: UnsafeRawPointer, _ rows: SpreadRows, _ target: UnsafeMutableRawPointer,
        zero: Element
    ) {
        let width = MemoryLayout<Element>.size
        let target = target.assumingMemoryBound(to: Element.self)
        if let selected = rows.selected {
            for index in 0..<rows.count {
                target[index] = source.loadUnaligned(
                    fromByteOffset: Int(selected[index]) &* width, as: Element.self)
            }
        } else if let words = rows.words {
            var next = 0
            for row in 0..<rows.count {
                let bit = (words[row &>> 6] &>> UInt64(row & 63)) & 1
                let value = source.loadUnaligned(fromByteOffset: next, as: Element.self)
                target[row] = bit != 0 ? value : zero
                next &+= Int(truncatingIfNeeded: bit) &* width
            }
        } else {
            UnsafeMutableRawPointer(target).copyMemory(
                from: source, byteCount: rows.count * width)
        }
    }
}

/// Names the rows that values go to: all of `count`, those whose bits are set, or the values that
/// are listed.
struct SpreadRows {
    var count: Int
    var words: UnsafeMutablePointer<UInt64>?
    var selected: UnsafeMutablePointer<UInt16>?

    init(_ block: Range<Int>, of spread: ValueSpread) {
        count = block.count
        words = spread.validity.map { $0.words + block.lowerBound / 64 }
    }

    /// Only where all rows have a value.
    init(_ selection: Selection) {
        count = selection.count
        selected = selection.rows
    }
}
