import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Reads a segment with a column beside those that it stores.
final class ReaderWithColumn: PartReader {
    private let inner: any PartReader
    /// Where the segment's reader has each column; nil is the one beside.
    private let places: [Int?]
    /// Makes the value of a row.
    private let value: (Int) -> Int64
    private let isWide: Bool
    private var window = 0..<0

    /// Reads `columns`, of which `column` has 64-bit numbers, or 8-bit ones, that `value` makes of
    /// the row in the segment.
    init(
        _ segment: Segment, _ columns: [ReadColumn], column: Int, isWide: Bool,
        _ context: ScanContext, value: @escaping (Int) -> Int64
    ) throws(StarlingError) {
        inner = try segment.makeReader(
            columns: columns.filter { $0.column != column }, context: context)
        var next = 0
        places = columns.map { read in
            guard read.column != column else { return nil }
            next += 1
            return next - 1
        }
        self.isWide = isWide
        self.value = value
    }

    func moveWindow(to row: Int, count: Int) throws(StarlingError) {
        window = row..<(row + count)
        try inner.moveWindow(to: row, count: count)
    }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        if let place = places[position] { return try inner.read(place, selection: selection) }
        return isWide ? values(Int64.self, .int64, selection) : values(Int8.self, .int8, selection)
    }

    private func values<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type, _ physicalType: PhysicalType, _ selection: Selection?
    ) -> Vector {
        let count = selection?.count ?? window.count
        let vector = Vector(uninitialized: physicalType, count: count)
        let target = vector.pointer(to: Number.self)
        for place in 0..<count {
            let row = selection.map { Int($0.rows[place]) } ?? place
            target[place] = Number(truncatingIfNeeded: value(window.lowerBound + row))
        }
        return vector
    }

    func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary? {
        guard let place = places[position] else { return nil }
        return try inner.dictionary(of: place)
    }
}
