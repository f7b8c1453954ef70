import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Holds the keys of rows, and their hashes.
///
/// `@unchecked Sendable`: the hashes are never written again.
struct KeyRows: @unchecked Sendable {
    let count: Int
    let columns: [Vector]
    /// The bounds of each column, where they are known.
    let bounds: [Bounds?]
    let hashes: UnsafePointer<UInt64>
    private let buffer: Buffer
    /// The rows that are not gone; nil where that is all of them.
    let rows: [UInt32]?

    /// Reads the keys of a segment.
    init(
        _ segment: Segment, at positions: [Int], as types: [PhysicalType]
    ) throws(StarlingError) {
        var columns: [Vector] = []
        for (position, type) in zip(positions, types) {
            let block = SegmentColumnReader(segment.columns[position])
            columns.append(try block.read(0..<segment.rowCount, as: type))
        }
        self.init(
            columns, count: segment.rowCount, except: segment.hidden,
            bounds: positions.map { segment.columns[$0].statistics.bounds })
    }

    init(_ columns: [Vector], count: Int, except hidden: RowSet? = nil, bounds: [Bounds?]) {
        self.columns = columns
        self.count = count
        self.bounds = bounds
        buffer = Buffer(byteCount: max(count, 1) * 8)
        let hashes = buffer.pointer(to: UInt64.self)
        ColumnHasher().hash(columns, count: count, into: hashes)
        self.hashes = UnsafePointer(hashes)
        rows = hidden.map { hidden in
            (0..<count).filter { !hidden.contains($0) }.map { UInt32(truncatingIfNeeded: $0) }
        }
    }

    var liveCount: Int { rows?.count ?? count }

    func makeIndex() -> KeyIndex { KeyIndex(hashes: hashes, count: count) }

    /// Lists the rows whose values lie within the bounds of a segment; nil where that is all of them.
    func rows(within segmentBounds: [Bounds?]) -> [UInt32]? {
        var rows = rows
        for (column, segmentBounds) in zip(columns.indices, segmentBounds) {
            guard let segmentBounds, columns[column].isFlat,
                columns[column].physicalType.isInteger, columns[column].validity == nil
            else { continue }
            if let own = bounds[column], segmentBounds.contains(own) { continue }
            rows = self.rows(rows, of: columns[column], within: segmentBounds)
        }
        return rows
    }

    private func rows(
        _ candidates: [UInt32]?, of column: Vector, within bounds: Bounds
    ) -> [UInt32] {
        switch column.physicalType {
        case .int8: rows(candidates, column.pointer(to: Int8.self), bounds)
        case .int16: rows(candidates, column.pointer(to: Int16.self), bounds)
        case .int32: rows(candidates, column.pointer(to: Int32.self), bounds)
        case .int64: rows(candidates, column.pointer(to: Int64.self), bounds)
        default: rows(candidates, column.pointer(to: Int128.self), bounds)
        }
    }

    private func rows<Element: FixedWidthInteger & BitwiseCopyable>(
        _ candidates: [UInt32]?, _ values: UnsafePointer<Element>, _ bounds: Bounds
    ) -> [UInt32] {
        let (low, high) = (Element(clamping: bounds.low), Element(clamping: bounds.high))
        return [UInt32](unsafeUninitializedCapacity: (candidates?.count ?? count) + 1) {
            target, found in
            let target = target.baseAddress.unsafelyUnwrapped
            if let candidates {
                for row in candidates {
                    target[found] = row
                    let value = values[Int(row)]
                    found &+= value >= low && value <= high ? 1 : 0
                }
            } else {
                for row in 0..<count {
                    target[found] = UInt32(truncatingIfNeeded: row)
                    found &+= values[row] >= low && values[row] <= high ? 1 : 0
                }
            }
        }
    }

    /// Compares keys, pair by pair, with those of other rows; NULL equals NULL.
    func compared(
        at places: [UInt32], with others: [Vector], at otherPlaces: [UInt32]
    ) -> [Bool] {
        var isSame = Array(repeating: true, count: places.count)
        for (own, other) in zip(columns, others) {
            let left = places.withUnsafeBufferPointer {
                own.gathered(by: $0.baseAddress.unsafelyUnwrapped, count: places.count)
            }
            let right = otherPlaces.withUnsafeBufferPointer {
                other.gathered(by: $0.baseAddress.unsafelyUnwrapped, count: places.count)
            }
            let mask = compare(.nullSafeEqual, left, right).flattened()
            let bytes = mask.pointer(to: UInt8.self)
            for place in isSame.indices where bytes[place] == 0 { isSame[place] = false }
            withExtendedLifetime(mask) {}
        }
        return isSame
    }
}
