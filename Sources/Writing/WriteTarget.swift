// Where a statement's files go, and what they are called.

import StarlingErrors
import StarlingFiles
import StarlingFormats

/// Says what happens to files that are there already.
package enum ExistingFiles: Sendable {
    /// A new file takes the place of one that bears its name; a folder must be empty.
    case replace
    /// A file that bears the name is an error; in folders new files come beside old ones.
    case keep
    /// All data of the target goes away.
    case overwrite
}

/// Names files.
package struct WriteTarget: Sendable {
    package enum Layout: Sendable, Equatable {
        /// Everything in one file.
        case file(String)
        /// Files in a folder (which ends with a slash, or is empty), named from a prefix on.
        case folder(String, prefix: String)
    }

    package let layout: Layout
    /// Places of the columns whose values become folders.
    package let partitionColumns: [Int]
    package let writesPartitionColumns: Bool
    /// Bytes from which on a file is ended and another one begun.
    package let fileByteCountTarget: Int
    package let existing: ExistingFiles
    /// True where files are on the disk, whatever happens to the machine, before they are named.
    package let isDurable: Bool

    /// The options that all formats have.
    package static let options: [WriteOption] = [
        WriteOption(
            "partition_by", "columns whose values become folders: year=2024/month=5"),
        WriteOption(
            "write_partition_columns", "whether the files have those columns too"),
        WriteOption(
            "cluster_by", "columns along whose Z-curve the rows are put, for pruning by any of them"
        ),
        WriteOption("single", "true: one file, at just that path"),
        WriteOption(
            "target_max_file_size", aliases: ["max_file_size", "file_size_bytes"],
            "the size after which another file is begun, such as 512MB"),
        WriteOption(
            "overwrite", aliases: ["overwrite_or_ignore"], "true: replaces what is there"),
        WriteOption("append", "true: adds files to a folder that has some"),
        WriteOption("durable", "false: doesn't wait until the disk has the files"),
    ]

    /// Reads options and looks at what lies at `path`.
    ///
    /// - Parameter namesPrefix: a path without an end is a prefix (`out/part_`), not a file.
    package init(
        _ path: String, options: WriteOptions, columns: [String], existing: ExistingFiles,
        namesPrefix: Bool, in files: any FileSystem
    ) throws(StarlingError) {
        let path = Self.withoutScheme(path)
        guard !path.isEmpty else { throw StarlingError(.binding, "the path is empty") }
        partitionColumns = try options.columns("partition_by", among: columns)
        guard partitionColumns.count < columns.count else {
            throw options.wrong(
                "partition_by", "'partition_by' names all columns; nothing is left for the files")
        }
        writesPartitionColumns = try options.flag("write_partition_columns") ?? false
        let target = try options.byteCount("target_max_file_size")
        let isSingle = try options.flag("single")
        if isSingle == true, !partitionColumns.isEmpty {
            throw options.wrong("single", "'single' and 'partition_by' exclude each other")
        }
        var existing = existing
        if try options.flag("append") == true { existing = .keep }
        if let overwrites = try options.flag("overwrite") {
            existing = overwrites ? .overwrite : .keep
        }
        self.existing = existing
        isDurable = try options.flag("durable") ?? true
        let isFolder = try files.information(of: path)?.isFolder ?? false
        let (folder, name) = UnfinishedFiles.split(path)
        if path.hasSuffix("/") || isFolder || !partitionColumns.isEmpty
            || (target != nil && isSingle != true)
        {
            layout = .folder(path.hasSuffix("/") ? path : path + "/", prefix: "")
        } else if namesPrefix, isSingle != true, !name.contains(".") {
            layout = .folder(folder, prefix: name)
        } else {
            layout = .file(path)
        }
        // All that goes to one path is one file, however large.
        if case .file = layout {
            fileByteCountTarget = .max
        } else {
            fileByteCountTarget = isSingle == true ? .max : target ?? 1 << 30
        }
    }

    /// Takes `file://` away.
    private static func withoutScheme(_ path: String) -> String {
        guard path.lowercased().hasPrefix("file:") else { return path }
        let rest = path.dropFirst(5)
        return rest.hasPrefix("//") ? String(rest.dropFirst(2)) : String(rest)
    }

    /// Names the file number `number` of a partition.
    package func path(partition: String, number: Int, mark: String, end: String) -> String {
        switch layout {
        case .file(let path): return path
        case .folder(let folder, let prefix):
            let name = prefix.isEmpty ? "data_\(mark)_\(number)" : "\(prefix)\(number)"
            return "\(folder)\(partition)\(name).\(end)"
        }
    }

    /// Makes folders and looks for what is in the way.
    package func prepare(
        _ unfinished: UnfinishedFiles, in files: any FileSystem, end: String
    ) throws(StarlingError) {
        switch layout {
        case .file(let path):
            if existing == .keep, try files.information(of: path)?.isRegular == true {
                throw Self.isThere(path)
            }
            try unfinished.makeFolders(UnfinishedFiles.split(path).folder)
        case .folder(let folder, let prefix):
            try unfinished.makeFolders(folder)
            let here = folder.isEmpty ? "." : folder
            if !prefix.isEmpty {
                let first = path(partition: "", number: 0, mark: "", end: end)
                if existing != .overwrite, try files.information(of: first) != nil {
                    throw Self.isThere(first)
                }
                return
            }
            if existing == .keep { return }
            let old = try Self.dataFiles(in: here, files)
            if existing == .overwrite {
                for path in old { unfinished.replace(path) }
            } else if let path = old.first {
                throw StarlingError(
                    .file,
                    "the folder '\(here)' has files already, such as '\(path)'; write "
                        + "'overwrite' = true to replace them or 'append' = true to keep them")
            }
        }
    }

    private static func isThere(_ path: String) -> StarlingError {
        StarlingError(
            .file, "'\(path)' is there already; write 'overwrite' = true to replace it")
    }

    /// Lists what a reader of the folder would read: not hidden files, not writers' marks.
    private static func dataFiles(
        in folder: String, _ files: any FileSystem
    ) throws(StarlingError) -> [String] {
        var found: [String] = []
        for entry in try files.list(folder) {
            if entry.name.hasPrefix(".") || entry.name.hasPrefix("_") { continue }
            let path = folder.hasSuffix("/") ? folder + entry.name : "\(folder)/\(entry.name)"
            if entry.isFolder {
                found += try dataFiles(in: path, files)
            } else {
                found.append(path)
            }
        }
        return found
    }
}
