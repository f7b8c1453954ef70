// Files as one table: the union of their columns, the keys of their folders, and the columns that
// tell where a row comes from. A predicate on a key prunes whole files by the same statistics as
// any other.

import StarlingErrors
import StarlingFormats
import StarlingTables
import StarlingTypes

/// Gives the rows of files of one format.
final class LakeTable: TableOfFiles {
    /// Is a table of some of the files, those that have the same columns.
    struct Piece {
        var table: FileTable
        /// The numbers of the files, in ascending order.
        var files: [Int]
    }

    let title: String
    let columns: [TableColumn]
    let parts: [any TablePart]
    let partGroups: [PartGroup]
    let statistics: TableStatistics
    let virtualColumns = [
        TableColumn(name: "filename", type: .string, isNullable: false),
        TableColumn(name: "file_row_number", type: .bigint, isNullable: false),
        TableColumn(name: "file_index", type: .bigint, isNullable: false),
    ]

    let source: String
    let files: [FileVersion]
    let lineage: TableLineage?
    /// The number of a file is another one when a file comes before it.
    var unsteadyColumn: Int? { columns.count + 2 }
    let folderColumns: Range<Int>
    private let keys: PartitionColumns
    private let partCounts: [Int]

    /// The tables of the files, each with where it has the columns.
    private let fieldReaders: [(table: any Table, origins: [ColumnOrigin])]

    init(
        title: String, source: String, versions: FileVersions, united: UnitedColumns,
        keys: PartitionColumns, pieces: [Piece], fills: Bool, report: FileReport
    ) {
        self.title = title
        self.source = source
        files = versions.files
        lineage = versions.areComparable ? .files(source) : nil
        let paths = files.map(\.path)
        self.keys = keys
        columns = united.columns + keys.columns
        folderColumns = united.columns.count..<columns.count
        fieldReaders = pieces.flatMap { piece in
            piece.files.map { (piece.table.table, united.origins[$0]) }
        }
        var partsOfFiles = paths.map { _ in [LakePart]() }
        var merged: [TableStatistics] = []
        for piece in pieces {
            let inner = piece.table.table
            let innerParts = inner.parts
            var next = 0
            for (file, count) in zip(piece.files, piece.table.partCounts) {
                let origins =
                    united.origins[file] + keys.values[file].map { .constant($0) } + [
                        .constant(.text(paths[file])), .rowNumber,
                        .constant(.integer(Int128(file))),
                    ]
                let faults = ConversionFaults(
                    path: paths[file], columns: columns, fills: fills, report: report)
                var firstRow: Int? = 0
                for part in innerParts[next..<(next + count)] {
                    partsOfFiles[file].append(
                        LakePart(
                            inner: part, innerColumns: inner.columns, origins: origins,
                            firstRow: firstRow, faults: faults))
                    firstRow = part.isCounted ? firstRow.map { $0 + part.rowCount } : nil
                }
                next += count
            }
            merged.append(Self.statistics(of: inner, united.origins[piece.files[0]]))
        }
        let parts = partsOfFiles.flatMap { $0 }
        self.parts = parts
        partCounts = partsOfFiles.map(\.count)
        partGroups =
            keys.columns.isEmpty ? [] : Self.groups(of: partsOfFiles, keys)
        var statistics = merged.count == 1 ? merged[0] : TableStatistics(merging: merged)
        for key in keys.columns.indices {
            statistics.columns.append(
                Self.merge(parts, column: united.columns.count + key))
        }
        self.statistics = statistics
    }

    func parts(of files: Set<FileVersion>) -> [any TablePart] {
        var found: [any TablePart] = []
        var next = 0
        for (file, count) in zip(self.files, partCounts) {
            if files.contains(file) { found += parts[next..<(next + count)] }
            next += count
        }
        return found
    }

    func folderValues(of path: String) -> [Value]? { keys.values(ofFileAt: path) }

    func canReadField(_ path: [Int], ofColumn column: Int) -> Bool {
        fieldReaders.allSatisfy { reader in
            guard column < reader.origins.count,
                case .file(let position, .direct) = reader.origins[column]
            else { return false }
            return reader.table.canReadField(path, ofColumn: position)
        }
    }

    /// Lists the folders that differ in a key, each a group of the files that are in it.
    private static func groups(
        of files: [[LakePart]], _ keys: PartitionColumns
    ) -> [PartGroup] {
        var groups: [PartGroup] = []
        var start = 0
        for (file, parts) in files.enumerated() {
            let end = start + parts.count
            // Of text the rows are not counted before they are read.
            let rowCount = parts.reduce(0) {
                $0 + ($1.isCounted ? $1.rowCount : max(1, $1.rowCount))
            }
            if file > 0, keys.values[file] == keys.values[file - 1] {
                groups[groups.count - 1].parts = groups[groups.count - 1].parts.lowerBound..<end
                groups[groups.count - 1].rowCount += rowCount
            } else {
                groups.append(PartGroup(parts: start..<end, rowCount: rowCount, kinds: []))
            }
            start = end
        }
        return groups
    }

    private static func statistics(
        of table: any Table, _ origins: [ColumnOrigin]
    ) -> TableStatistics {
        let inner = table.statistics
        return TableStatistics(
            rowCount: inner.rowCount, isRowCountExact: inner.isRowCountExact,
            columns: origins.map { $0.statistics(rowCount: inner.rowCount, inner) })
    }

    private static func merge(_ parts: [LakePart], column: Int) -> ColumnStatistics {
        var result = ColumnStatistics(
            merging: parts.map { ($0.rowCount, $0.statistics(ofColumn: column)) })
        result.estimatedDistinctCount =
            Set(parts.compactMap { $0.statistics(ofColumn: column).low }).count
        return result
    }
}

extension ColumnOrigin {
    /// Says what is known of a column of a table with `inner` statistics.
    fileprivate func statistics(rowCount: Int, _ inner: TableStatistics) -> ColumnStatistics {
        switch self {
        case .file(let position, let conversion):
            return position < inner.columns.count
                ? conversion.convert(inner.columns[position]) : ColumnStatistics()
        case .constant, .absent, .rowNumber:
            return ColumnStatistics(nullCount: inner.isRowCountExact ? rowCount : nil)
        }
    }
}
