// Lists and maps: the ranges of the window's rows, and the elements from the first to the last that
// any of them has.

import StarlingErrors
import StarlingMemory
import StarlingVectors

extension ArrowValueReader {
    /// Elements that cost a file nothing, or are shared by many lists, are limited.
    private static let sharedElementCountMax = 1 << 24

    func list(_ window: ArrowWindow) throws(StarlingError) -> Vector {
        var result = Vector(uninitialized: .list, count: window.count)
        result.validity = window.makeValidity()
        let bounds = Buffer(byteCount: window.count * 16)
        let spans = bounds.pointer(to: (start: Int, count: Int).self)
        switch node.field.storage {
        case .list(4), .map: try locate(Int32.self, window, spans)
        case .list: try locate(Int64.self, window, spans)
        case .listViews(4): try locateViews(Int32.self, window, spans)
        case .listViews: try locateViews(Int64.self, window, spans)
        case .fixedList(let size): try locateFixed(size, window, spans)
        default: throw source.damage("a column is no list")
        }
        // The elements that are read begin where vectors of the file's memory may.
        var (low, high, total) = (Int.max, 0, 0)
        for row in 0..<window.count where spans[row].count > 0 {
            low = min(low, spans[row].start)
            high = max(high, spans[row].start + spans[row].count)
            total += min(spans[row].count, 1 << 40)
        }
        low = low == .max ? 0 : low / 64 * 64
        try checkTotal(total, span: high - low)
        let ranges = result.pointer(to: ListRange.self)
        for row in 0..<window.count {
            let span = spans[row]
            ranges[row] = ListRange(
                offset: span.count == 0 ? 0 : UInt32(truncatingIfNeeded: span.start - low),
                count: UInt32(truncatingIfNeeded: span.count))
        }
        withExtendedLifetime(bounds) {}
        let elements = node.field.storage == .map ? children[0].children : children
        var parts: [Vector] = []
        for element in elements { parts.append(try element.read(low..<max(low, high))) }
        result.children = NestedVectors(parts)
        return result
    }

    private func checkTotal(_ total: Int, span: Int) throws(StarlingError) {
        let isShared = total > span * 2 || !children[0].node.hasBytesPerRow
        let most = isShared ? Self.sharedElementCountMax : 1 << 31
        guard total <= most, span <= 1 << 31 else {
            throw source.damage("lists have more than \(most) elements in all")
        }
    }

    private func locate<Offset: FixedWidthInteger & BitwiseCopyable>(
        _: Offset.Type, _ window: ArrowWindow,
        _ spans: UnsafeMutablePointer<(start: Int, count: Int)>
    ) throws(StarlingError) {
        if node.rowCount == 0 { return }
        let buffer = try buffer(
            1, atLeast: (node.rowCount + 1) * MemoryLayout<Offset>.size)
        let offsets = buffer.pointer(to: Offset.self)
        let count = children[0].node.rowCount
        var isSound = true
        for position in 0..<window.count {
            let row = window.row(position)
            guard window.isValid(row) else {
                spans[position] = (0, 0)
                continue
            }
            let (start, end) = (Int(offsets[row]), Int(offsets[row + 1]))
            isSound = isSound && start >= 0 && start <= end && end <= count
            spans[position] = isSound ? (start, end - start) : (0, 0)
        }
        withExtendedLifetime(buffer) {}
        guard isSound else { throw source.damage("a list lies outside of its elements") }
    }

    private func locateViews<Offset: FixedWidthInteger & BitwiseCopyable>(
        _: Offset.Type, _ window: ArrowWindow,
        _ spans: UnsafeMutablePointer<(start: Int, count: Int)>
    ) throws(StarlingError) {
        let byteCount = node.rowCount * MemoryLayout<Offset>.size
        let starts = try buffer(1, atLeast: byteCount)
        let counts = try buffer(2, atLeast: byteCount)
        let offsets = starts.pointer(to: Offset.self)
        let sizes = counts.pointer(to: Offset.self)
        let count = children[0].node.rowCount
        var isSound = true
        for position in 0..<window.count {
            let row = window.row(position)
            guard window.isValid(row) else {
                spans[position] = (0, 0)
                continue
            }
            let (start, size) = (Int(offsets[row]), Int(sizes[row]))
            isSound = isSound && start >= 0 && size >= 0 && start <= count && size <= count - start
            spans[position] = isSound ? (start, size) : (0, 0)
        }
        withExtendedLifetime((starts, counts)) {}
        guard isSound else { throw source.damage("a list lies outside of its elements") }
    }

    /// NULLs have elements in the file that mean nothing.
    private func locateFixed(
        _ size: Int, _ window: ArrowWindow,
        _ spans: UnsafeMutablePointer<(start: Int, count: Int)>
    ) throws(StarlingError) {
        let (count, overflow) = node.rowCount.multipliedReportingOverflow(by: size)
        guard !overflow, count <= children[0].node.rowCount else {
            throw source.damage("a list lies outside of its elements")
        }
        for position in 0..<window.count {
            let row = window.row(position)
            spans[position] = window.isValid(row) ? (row * size, size) : (0, 0)
        }
    }
}
