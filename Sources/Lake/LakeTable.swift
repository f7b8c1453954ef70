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
    let virtualColumns: [TableColumn]
    private static let ownVirtualColumns = [
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
    private let partCounts: [Int]
    private let contents: Contents
    /// What the tables of the files make out of their columns, behind all others here.
    private let derived: [DerivedColumn]

    /// Is what a table is made of.
    struct Contents {
        var title: String
        var source: String
        var versions: FileVersions
        var united: UnitedColumns
        var keys: PartitionColumns
        var pieces: [Piece]
        var fills: Bool
        var report: FileReport
    }

    convenience init(_ contents: Contents) {
        self.init(
            contents, contents.pieces, derived: [], origins: contents.united.origins.map { _ in [] }
        )
    }

    /// - Parameter origins: for each file, where its table has the derived columns.
    private init(
        _ contents: Contents, _ pieces: [Piece], derived: [DerivedColumn],
        origins derivedOrigins: [[ColumnOrigin]]
    ) {
        let (united, keys) = (contents.united, contents.keys)
        self.contents = contents
        self.derived = derived
        title = contents.title
        source = contents.source
        files = contents.versions.files
        lineage = contents.versions.areComparable ? .files(source) : nil
        let paths = files.map(\.path)
        columns = united.columns + keys.columns
        virtualColumns =
            Self.ownVirtualColumns + derived.map { TableColumn(name: $0.title, type: $0.type) }
        folderColumns = united.columns.count..<columns.count
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
                    ] + derivedOrigins[file]
                let faults = ConversionFaults(
                    path: paths[file], columns: columns + virtualColumns, fills: contents.fills,
                    report: contents.report)
                var firstRow: Int? = 0
                for part in innerParts[next..<(next + count)] {
                    partsOfFiles[file].append(
                        LakePart(
                            inner: part, innerColumns: inner.columns + inner.virtualColumns,
                            origins: origins,
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
        if !derived.isEmpty {
            let first = columns.count + Self.ownVirtualColumns.count
            while statistics.columns.count < first {
                statistics.columns.append(ColumnStatistics())
            }
            let merged = pieces.map { piece in
                Self.statistics(of: piece.table.table, derivedOrigins[piece.files[0]])
            }
            statistics.columns += TableStatistics(merging: merged).columns
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

    func folderValues(of path: String) -> [Value]? { contents.keys.values(ofFileAt: path) }

    func canReadField(_ path: [Int], ofColumn column: Int) -> Bool {
        contents.pieces.allSatisfy { piece in
            piece.files.allSatisfy { file in
                guard let position = position(ofColumn: column, inFile: file) else { return false }
                return piece.table.table.canReadField(path, ofColumn: position)
            }
        }
    }

    /// Finds a column, as it is, among those of a file.
    private func position(ofColumn column: Int, inFile file: Int) -> Int? {
        let origins = contents.united.origins[file]
        guard column < origins.count, case .file(let position, .direct) = origins[column] else {
            return nil
        }
        return position
    }

    func derives(_ kind: DerivedColumn.Kind, fromColumn column: Int) -> Bool {
        contents.pieces.contains { piece in
            guard let position = position(ofColumn: column, inFile: piece.files[0]) else {
                return false
            }
            return piece.table.table.derives(kind, fromColumn: position)
        }
    }

    func reading(_ columns: [DerivedColumn]) -> (any Table)? {
        let derived = derived + columns
        var origins = contents.united.origins.map { _ in [ColumnOrigin]() }
        var pieces: [Piece] = []
        for var piece in contents.pieces {
            let inner = piece.table.table
            var own: [ColumnOrigin] = []
            var asked: [DerivedColumn] = []
            for column in derived {
                // Files without the column have NULL for a document.
                guard case .path(var path) = column else { return nil }
                guard let position = position(ofColumn: path.column, inFile: piece.files[0]) else {
                    own.append(.absent(path.type))
                    continue
                }
                let place = inner.columns.count + inner.virtualColumns.count + asked.count
                own.append(.file(place, .direct))
                path.column = position
                path.throughArrays = path.throughArrays.map { other in
                    var other = other
                    other.column = position
                    return other
                }
                asked.append(.path(path))
            }
            guard let table = inner.reading(asked) else { return nil }
            piece.table.table = table
            for file in piece.files { origins[file] = own }
            pieces.append(piece)
        }
        return LakeTable(contents, pieces, derived: derived, origins: origins)
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
