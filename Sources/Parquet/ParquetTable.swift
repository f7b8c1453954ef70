// Files of one schema as a table whose parts are their row groups.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Reads one or more Parquet files.
package final class ParquetTable: Table {
    package let title: String
    package let columns: [TableColumn]
    package let parts: [any TablePart]
    package let statistics: TableStatistics
    /// Counts the parts of each file, in the order of the files.
    package let partCounts: [Int]
    /// The paths of documents behind the columns.
    package let virtualColumns: [TableColumn]
    private let files: [ParquetFile]
    private let paths: [PathColumn]

    /// Makes a table of files that have the same columns; the first one decides what they are.
    package convenience init(_ files: [ParquetFile], title: String) throws(StarlingError) {
        guard let first = files.first else {
            throw StarlingError(.internal, "a Parquet table needs a file")
        }
        var columns = first.schema.columns
        for file in files.dropFirst() { try Self.unite(&columns, file, with: first) }
        self.init(files, columns, paths: [], title: title)
    }

    private init(
        _ files: [ParquetFile], _ columns: [TableColumn], paths: [PathColumn], title: String
    ) {
        let pools = columns.map { _ in DictionaryPool() }
        var parts: [RowGroupPart] = []
        var partCounts: [Int] = []
        for file in files {
            let before = parts.count
            for number in file.metadata.rowGroups.indices {
                let part = RowGroupPart(
                    file: file, number: number, columns: columns, pools: pools,
                    paths: paths)
                if part.rowCount > 0 { parts.append(part) }
            }
            partCounts.append(parts.count - before)
        }
        self.files = files
        self.paths = paths
        virtualColumns = paths.map { TableColumn(name: $0.title, type: $0.type) }
        self.title = title
        self.columns = columns
        self.parts = parts
        self.partCounts = partCounts
        self.statistics = TableStatistics(
            rowCount: parts.reduce(0) { $0 + $1.rowCount },
            columns: (0..<(columns.count + paths.count)).map { column in
                MergedStatistics.merge(parts, column: column)
            })
    }

    package func canReadField(_ path: [Int], ofColumn column: Int) -> Bool {
        files.allSatisfy { $0.schema.trees[column].field(path)?.firstLeaf != nil }
    }

    package func derives(_ kind: DerivedColumn.Kind, fromColumn column: Int) -> Bool {
        guard kind == .path, columns.indices.contains(column) else { return false }
        return files.contains { file in
            if case .variant = file.schema.trees[column].kind { true } else { false }
        }
    }

    package func reading(_ derived: [DerivedColumn]) -> (any Table)? {
        var asked = paths
        for column in derived {
            guard case .path(let path) = column, path.column < columns.count else { return nil }
            asked.append(path)
        }
        return ParquetTable(files, columns, paths: asked, title: title)
    }

    /// Checks that a file has the columns of the first one, NULLs aside.
    private static func unite(
        _ columns: inout [TableColumn], _ file: ParquetFile, with first: ParquetFile
    ) throws(StarlingError) {
        let others = file.schema.columns
        func mismatch(_ message: String) -> StarlingError {
            StarlingError(
                .file,
                "\(file.file.path) has not the columns of \(first.file.path): \(message); read the "
                    + "files one by one")
        }
        guard others.count == columns.count else {
            throw mismatch("it has \(others.count) instead of \(columns.count)")
        }
        for (index, other) in others.enumerated() {
            guard other.name == columns[index].name else {
                throw mismatch("column \(index + 1) is \(other.name), not \(columns[index].name)")
            }
            guard other.type == columns[index].type else {
                throw mismatch("\(other.name) is \(other.type), not \(columns[index].type)")
            }
            if other.isNullable { columns[index].isNullable = true }
        }
    }
}
