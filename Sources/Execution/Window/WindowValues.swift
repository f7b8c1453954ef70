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

    private func makePlaces() -> WindowPlaces {
        WindowPlaces(rows.storage, ignoringNullsOf: call.countedColumn)
    }

    private func number(_ argument: Int) throws(StarlingError) -> WideColumn? {
        guard argument < call.arguments.count else { return nil }
        return WideColumn(try rows.column(call.arguments[argument]))
    }

    /// Computes lead() or lag(); an offset that is NULL gives NULL.
    func shifted(isLead: Bool) throws(StarlingError) -> Vector {
        let offsets = try number(1)
        var places = makePlaces()
        let picked = Buffer(byteCount: rows.count * 4)
        let positions = picked.pointer(to: UInt32.self)
        var hasNullOffset = false
        // The numbers of the partition's rows that count.
        var (first, last): (Int128, Int128) = (0, 0)
        for row in 0..<rows.count {
            let position = rows.first + row
            let start = Int(extents.partitionStart[row])
            if row == 0 || start == position {
                first = try places.countedBefore(start)
                last = try places.countedBefore(Int(extents.partitionEnd[row]))
            }
            positions[row] = missingPosition
            guard let offset = offsets.map({ $0.value(row) }) ?? 1 else {
                hasNullOffset = true
                continue
            }
            let limited = max(min(offset, Int128(UInt32.max)), -Int128(UInt32.max))
            let step = isLead ? limited : -limited
            if step == 0 {
                positions[row] = UInt32(position)
                continue
            }
            let number =
                step > 0
                ? try places.countedBefore(position + 1) + step - 1
                : try places.countedBefore(position) + step
            if number >= first, number < last { positions[row] = try places.row(number) }
        }
        var result = try rows.pick(call.arguments[0], at: positions)
            .converted(to: call.resultType)
        if call.arguments.count > 2 {
            result = try addingDefaults(result, positions, hasNullOffset ? offsets : nil)
        }
        return result
    }

    /// Puts the third argument where there is no row so far away.
    private func addingDefaults(
        _ vector: Vector, _ positions: UnsafePointer<UInt32>, _ offsets: WideColumn?
    ) throws(StarlingError) -> Vector {
        let defaults = try rows.column(call.arguments[2]).converted(to: call.resultType)
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
        let numbers = kind == .nthValue ? try number(1) : nil
        var places = makePlaces()
        let picked = Buffer(byteCount: rows.count * 4)
        let positions = picked.pointer(to: UInt32.self)
        let pieces = kind == .lastValue ? frames.pieces.reversed() : frames.pieces
        for row in 0..<rows.count {
            positions[row] = missingPosition
            // Counts from the side at which the search begins.
            var wanted: Int128 = 0
            if let numbers, !frames.isEmpty(row) {
                guard let number = numbers.value(row), number > 0 else {
                    throw StarlingError(.data, "nth_value() takes a number of a row above 0")
                }
                wanted = min(number, Int128(UInt32.max)) - 1
            }
            for piece in pieces where piece.start[row] < piece.end[row] {
                let first = try places.countedBefore(Int(piece.start[row]))
                let count = try places.countedBefore(Int(piece.end[row])) - first
                if wanted < count {
                    let step = kind == .lastValue ? count - 1 - wanted : wanted
                    positions[row] = try places.row(first + step)
                    break
                }
                wanted -= count
            }
        }
        return try rows.pick(call.arguments[0], at: positions).converted(to: call.resultType)
    }
}
