// Functions that pick the value of another row: each row's place is computed, then all values are
// gathered. With IGNORE NULLS places are counted among the rows that have a value.

import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingVectors

/// Picks values of other rows.
struct WindowValues {
    let call: WindowCall
    let rows: WindowRows
    let extents: WindowExtents

    /// Finds rows by their number among those that count: all, or those whose value is not NULL.
    private struct Places {
        /// The rows that count, in order; nil where all do.
        private var counted: [UInt32]?
        /// How many rows before each position count.
        private var before: [UInt32] = []

        init(_ vector: Vector?) {
            guard let vector else { return }
            var counted: [UInt32] = []
            before.reserveCapacity(vector.count + 1)
            for row in 0..<vector.count {
                before.append(UInt32(counted.count))
                if vector.isValid(row) { counted.append(UInt32(row)) }
            }
            before.append(UInt32(counted.count))
            self.counted = counted
        }

        func countedBefore(_ position: Int) -> Int128 {
            Int128(counted == nil ? position : Int(before[position]))
        }

        func row(_ number: Int128) -> UInt32 {
            let number = Int(number)
            return counted.map { $0[number] } ?? UInt32(number)
        }
    }

    private func makePlaces() -> Places {
        Places(call.ignoresNulls ? rows.column(call.arguments[0]) : nil)
    }

    private func number(_ argument: Int) -> WideColumn? {
        guard argument < call.arguments.count else { return nil }
        return WideColumn(rows.column(call.arguments[argument]))
    }

    /// Computes lead() or lag(); an offset that is NULL gives NULL.
    func shifted(isLead: Bool) -> Vector {
        let offsets = number(1)
        let places = makePlaces()
        let picked = Buffer(byteCount: rows.count * 4)
        let positions = picked.pointer(to: UInt32.self)
        var hasNullOffset = false
        for row in 0..<rows.count {
            positions[row] = missingPosition
            guard let offset = offsets.map({ $0.value(row) }) ?? 1 else {
                hasNullOffset = true
                continue
            }
            let limited = max(min(offset, Int128(UInt32.max)), -Int128(UInt32.max))
            let step = isLead ? limited : -limited
            if step == 0 {
                positions[row] = UInt32(row)
                continue
            }
            let first = places.countedBefore(Int(extents.partitionStart[row]))
            let last = places.countedBefore(Int(extents.partitionEnd[row]))
            let number =
                step > 0
                ? places.countedBefore(row + 1) + step - 1 : places.countedBefore(row) + step
            if number >= first, number < last { positions[row] = places.row(number) }
        }
        var result = rows.pick(call.arguments[0], at: positions).converted(to: call.resultType)
        if call.arguments.count > 2 {
            result = addingDefaults(result, positions, hasNullOffset ? offsets : nil)
        }
        return result
    }

    /// Puts the third argument where there is no row so far away.
    private func addingDefaults(
        _ vector: Vector, _ positions: UnsafePointer<UInt32>, _ offsets: WideColumn?
    ) -> Vector {
        let defaults = rows.column(call.arguments[2]).converted(to: call.resultType)
        var result = vector
        for row in 0..<rows.count where positions[row] == missingPosition {
            if let offsets, offsets.value(row) == nil { continue }
            guard defaults.isValid(row) else { continue }
            let width = call.resultType.byteWidth
            result.pointer(to: UInt8.self).advanced(by: row * width).update(
                from: defaults.pointer(to: UInt8.self) + row * width, count: width)
            result.validity?.setValid(row)
        }
        result.owner = OwnerList.joining(vector.owner, defaults.owner)
        return result
    }

    /// Computes first_value(), last_value() or nth_value() over frames.
    func picked(
        _ kind: WindowFunction.Kind, _ frames: WindowFrames
    ) throws(StarlingError) -> Vector {
        let numbers = kind == .nthValue ? number(1) : nil
        let places = makePlaces()
        let picked = Buffer(byteCount: rows.count * 4)
        let positions = picked.pointer(to: UInt32.self)
        for row in 0..<rows.count {
            positions[row] = missingPosition
            let (start, end) = (Int(frames.start[row]), Int(frames.end[row]))
            guard start < end else { continue }
            let (first, last) = (places.countedBefore(start), places.countedBefore(end))
            var number = kind == .lastValue ? last - 1 : first
            if let numbers {
                guard let wanted = numbers.value(row), wanted > 0 else {
                    throw StarlingError(.data, "nth_value() takes a number of a row above 0")
                }
                number = first + min(wanted, Int128(UInt32.max)) - 1
            }
            if number >= first, number < last { positions[row] = places.row(number) }
        }
        return rows.pick(call.arguments[0], at: positions).converted(to: call.resultType)
    }
}
