// A part of a file as part of the table, and its reader, which stands between the scan and the
// file's own only where some column needs it.

import StarlingErrors
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is a part of a file, with what the table's columns are in it.
struct LakePart: TablePart {
    let inner: any TablePart
    let innerColumns: [TableColumn]
    let origins: [ColumnOrigin]
    /// The number in the file of the part's first row; nil where only the reader knows.
    let firstRow: Int?
    let faults: ConversionFaults

    var rowCount: Int { inner.rowCount }
    var isCounted: Bool { inner.isCounted }

    func statistics(ofColumn column: Int) -> ColumnStatistics {
        switch origins[column] {
        case .file(let position, let conversion):
            return conversion.convert(inner.statistics(ofColumn: position))
        case .constant(.null), .absent:
            return ColumnStatistics(nullCount: isCounted ? rowCount : nil)
        case .constant(let value):
            var result = ColumnStatistics(
                low: value, high: value, nullCount: 0, estimatedDistinctCount: 1)
            result.isLowExact = isCounted && rowCount > 0
            result.isHighExact = result.isLowExact
            return result
        case .rowNumber:
            guard let firstRow, isCounted else { return ColumnStatistics(nullCount: 0) }
            return ColumnStatistics(
                low: .integer(Int128(firstRow)),
                high: .integer(Int128(firstRow + max(0, rowCount - 1))), nullCount: 0)
        }
    }

    func zones(
        ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> [Zone]? {
        guard case .file(let position, let conversion) = origins[column],
            let zones = try inner.zones(ofColumn: position, context: context)
        else { return nil }
        if conversion == .direct { return zones }
        return zones.map { Zone(rows: $0.rows, statistics: conversion.convert($0.statistics)) }
    }

    func lacks(
        _ values: [Value], inColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool {
        guard case .file(let position, .direct) = origins[column] else { return false }
        return try inner.lacks(values, inColumn: position, context: context)
    }

    func statistics(ofField path: [Int], ofColumn column: Int) -> ColumnStatistics {
        guard case .file(let position, .direct) = origins[column] else { return ColumnStatistics() }
        return inner.statistics(ofField: path, ofColumn: position)
    }

    func zones(
        ofField path: [Int], ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> [Zone]? {
        guard case .file(let position, .direct) = origins[column] else { return nil }
        return try inner.zones(ofField: path, ofColumn: position, context: context)
    }

    func lacks(
        _ values: [Value], inField path: [Int], ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool {
        guard case .file(let position, .direct) = origins[column] else { return false }
        return try inner.lacks(values, inField: path, ofColumn: position, context: context)
    }

    func prefetch(_ columns: [ReadColumn]) {
        inner.prefetch(
            columns.compactMap { column in
                guard case .file(let position, _) = origins[column.column] else { return nil }
                var inFile = column
                inFile.column = position
                return inFile
            })
    }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        var inFile: [ReadColumn] = []
        var origins: [ColumnOrigin] = []
        var mayCut = false
        for column in columns {
            let origin = self.origins[column.column]
            if case .file(let position, let conversion) = origin {
                let type = innerColumns[position].type
                mayCut = mayCut || type.hasTimes
                origins.append(.file(inFile.count, conversion))
                inFile.append(
                    ReadColumn(
                        column: position,
                        physicalType: column.path.isEmpty
                            ? conversion.layout(in: type, wanted: column.physicalType)
                            : column.physicalType,
                        path: column.path))
            } else {
                origins.append(origin)
            }
        }
        let reader = try inner.makeReader(columns: inFile, context: context)
        if origins.allSatisfy(\.isDirect), !mayCut { return reader }
        return LakeReader(reader, origins, columns, firstRow: firstRow, faults)
    }
}

/// Reads columns of a file, converts them, and adds those that the file does not have.
private final class LakeReader: PartReader {
    private let inner: any PartReader
    private let origins: [ColumnOrigin]
    private let columns: [ReadColumn]
    private let firstRow: Int?
    private let faults: ConversionFaults
    private var row = 0
    private var count = 0

    init(
        _ inner: any PartReader, _ origins: [ColumnOrigin], _ columns: [ReadColumn],
        firstRow: Int?, _ faults: ConversionFaults
    ) {
        self.inner = inner
        self.origins = origins
        self.columns = columns
        self.firstRow = firstRow
        self.faults = faults
    }

    var firstRowInFile: Int? {
        get throws(StarlingError) { try inner.firstRowInFile ?? firstRow.map { $0 + row } }
    }

    func expect(_ rows: RowRanges, late: Set<Int>) {
        let inFile = late.compactMap { position in
            if case .file(let column, _) = origins[position] { column } else { nil }
        }
        inner.expect(rows, late: Set(inFile))
    }

    func moveWindow(to row: Int, count: Int) throws(StarlingError) {
        self.row = row
        self.count = count
        try inner.moveWindow(to: row, count: count)
    }

    func moveToNextWindow(countMax: Int) throws(StarlingError) -> Int {
        row += count
        count = try inner.moveToNextWindow(countMax: countMax)
        return count
    }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        let layout = columns[position].physicalType
        switch origins[position] {
        case .file(let column, let conversion):
            let stored = try inner.read(column, selection: selection)
            faults.takeCut(
                inner.takeCutCount(of: column), column: columns[position].column)
            var lostCount = 0
            let result = conversion.convert(stored, to: layout, lostCount: &lostCount)
            try faults.take(lostCount, column: columns[position].column)
            return result
        case .constant(let value):
            return Vector(constant: value, layout, count: selection?.count ?? count)
        case .absent(let type):
            return .allNull(as: type, layout, count: selection?.count ?? count)
        case .rowNumber: return try rowNumbers(selection, layout)
        }
    }

    private func rowNumbers(
        _ selection: Selection?, _ layout: PhysicalType
    ) throws(StarlingError) -> Vector {
        guard let first = try firstRowInFile else {
            throw StarlingError(
                .unsupported, "files of this format don't know the numbers of their rows")
        }
        let rows = selection.map { selection in
            (0..<selection.count).map { first + Int(selection.rows[$0]) }
        }
        let numbers = rows ?? Array(first..<(first + count))
        return Vector(layout, values: numbers.map { .integer(Int128($0)) })
    }

    func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary? {
        guard case .file(let column, .direct) = origins[position] else { return nil }
        return try inner.dictionary(of: column)
    }
}

extension LogicalType {
    /// True where values are times, or have some in them.
    fileprivate var hasTimes: Bool {
        switch self {
        case .datetime, .time: true
        case .array(let element): element.hasTimes
        case .map(let key, let value): key.hasTimes || value.hasTimes
        case .structure(let fields): fields.contains { $0.type.hasTimes }
        default: false
        }
    }
}
