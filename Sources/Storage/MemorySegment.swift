// Rows of a table in memory: one long vector a column.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Holds up to about a hundred thousand rows of a table.
package final class MemorySegment: TablePart {
    static let rowCountMaximum = 131_072

    let vectors: [Vector]
    package let rowCount: Int
    package let hasOwnStatistics = true
    private let columnStatistics: [ColumnStatistics]

    init(vectors: [Vector], rowCount: Int) {
        self.vectors = vectors
        self.rowCount = rowCount
        columnStatistics = vectors.map(Self.describe)
    }

    private static func describe(_ vector: Vector) -> ColumnStatistics {
        let bounds = vector.physicalType.isInteger ? vector.extent() : nil
        return ColumnStatistics(
            low: bounds.map { .integer($0.low) }, high: bounds.map { .integer($0.high) },
            nullCount: vector.rowValidity().map { vector.count - $0.validCount(of: vector.count) }
                ?? 0)
    }

    package func statistics(ofColumn column: Int) -> ColumnStatistics { columnStatistics[column] }

    package func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        MemoryReader(self, columns)
    }
}

/// Reads a segment in windows.
private final class MemoryReader: PartReader {
    private let segment: MemorySegment
    private let columns: [ReadColumn]
    private var start = 0
    private var count = 0

    init(_ segment: MemorySegment, _ columns: [ReadColumn]) {
        self.segment = segment
        self.columns = columns
    }

    func moveWindow(to row: Int, count: Int) {
        start = row
        self.count = count
    }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        let vector = segment.vectors[columns[position].column]
        let rows = pick(vector, selection)
        return converted(rows, to: columns[position].physicalType)
    }

    private func converted(_ vector: Vector, to type: PhysicalType) -> Vector {
        vector.physicalType == type ? vector : vector.withIntegerLayout(type)
    }

    private func pick(_ vector: Vector, _ selection: Selection?) -> Vector {
        if selection == nil, start % 64 == 0 { return vector.slice(from: start, count: count) }
        let picked = selection?.count ?? count
        let indexes = Buffer(byteCount: max(4, picked * 4))
        let target = indexes.pointer(to: UInt32.self)
        if let rows = selection?.rows {
            for i in 0..<picked { target[i] = UInt32(start + Int(rows[i])) }
        } else {
            for i in 0..<picked { target[i] = UInt32(start + i) }
        }
        return vector.gathered(by: target, count: picked)
    }
}
