// From a path as SQL names it to a table:
//
// 1. The path's files are found, and the content of the first one that has any decides the format.
// 2. Every file is opened as far as its columns are known; their union by name is the table's.
// 3. The format makes a table of the files that have the same columns; what differs between files
//    is converted, filled or refused column by column (`UnitedColumns`).
// 4. Keys in folders' names become columns, and the file's name and the row's number can be asked
//    for.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingTables
import StarlingTypes

/// Opens the file, the files of a pattern or list, or the files below a folder as one table.
package func openFiles(
    _ path: String, options: FileOptions = FileOptions(),
    in files: any FileSystem = localFiles
) throws(StarlingError) -> any Table {
    let (format, found) = try chooseFiles(path, options, files)
    noteUnknownOptions(options, format)
    return try open(format, found, files, options, path)
}

/// Finds the files of a path and their format, which the first one with bytes decides.
private func chooseFiles(
    _ path: String, _ options: FileOptions, _ files: any FileSystem
) throws(StarlingError) -> (format: any FileFormat.Type, found: [FoundFile]) {
    let found = try FileList.find(path, in: files)
    let filled = try filesWithBytes(found, files)
    let format = try chooseFormat((filled.first ?? found[0]).path, options, files)
    try checkOthers(filled.dropFirst(), are: format, like: filled.first, options, files)
    // Programs that write in parallel leave files without a row beside those that have some.
    return (format, format.hasEmptyFiles && !filled.isEmpty ? filled : found)
}

/// Says no to files of another format behind the first one, where its format is text, as which any
/// bytes can be read; the others see what is not of theirs.
private func checkOthers(
    _ others: ArraySlice<FoundFile>, are format: any FileFormat.Type, like first: FoundFile?,
    _ options: FileOptions, _ files: any FileSystem
) throws(StarlingError) {
    guard let first, format.hasEmptyFiles, options.text("format") == nil else { return }
    for other in others {
        let its = try chooseFormat(other.path, options, files)
        guard its.name != format.name else { continue }
        throw StarlingError(
            .file,
            "'\(other.path)' is \(its.name), but '\(first.path)' is \(format.name); read files of "
                + "one format, or name it with FILES('path' = …, 'format' = …)")
    }
}

private func filesWithBytes(
    _ found: [FoundFile], _ files: any FileSystem
) throws(StarlingError) -> [FoundFile] {
    guard found.count > 1 else { return found }
    var result: [FoundFile] = []
    for file in found {
        if let known = try files.information(of: file.path), known.isRegular, known.byteCount == 0 {
            continue
        }
        result.append(file)
    }
    return result
}

/// Finds the format of the files that `openFiles` opens.
package func formatOfFiles(
    _ path: String, options: FileOptions, in files: any FileSystem = localFiles
) throws(StarlingError) -> any FileFormat.Type {
    try chooseFiles(path, options, files).format
}

/// The local disk, which paths without a scheme mean.
package let localFiles: any FileSystem = LocalFileSystem()

/// The properties of FILES() that hold for all formats.
package let commonOptionNames = [
    "path", "format", "columns_from_path", "hive_partitioning", "fill_mismatch_column_with",
    "schema", "list_files_only", "list_recursively", "auto_detect_sample_files",
]

/// The beginnings of properties that concern storage elsewhere, and such properties.
private let remoteOptionPrefixes = [
    "aws.", "gcp.", "azure.", "hadoop.", "fs.", "dfs.", "broker.", "aliyun.", "tencent.",
]
private let remoteOptionNames = ["username", "password", "broker", "load_by_broker", "timeout"]

private func noteUnknownOptions(_ options: FileOptions, _ format: any FileFormat.Type) {
    let known = commonOptionNames + format.optionNames
    for name in options.properties.keys.sorted() where !known.contains(name) {
        let isRemote =
            remoteOptionNames.contains(name)
            || remoteOptionPrefixes.contains { name.hasPrefix($0) }
        if isRemote {
            options.report.note(
                "the property '\(name)' of FILES concerns storage elsewhere and has no effect on "
                    + "local files")
            continue
        }
        let near = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
        options.report.note(
            "the property '\(name)' of FILES has no effect on format \(format.name)\(near)")
    }
}

private func open<Format: FileFormat>(
    _ format: Format.Type, _ found: [FoundFile], _ files: any FileSystem,
    _ options: FileOptions, _ path: String
) throws(StarlingError) -> any Table {
    let title = "\(format.name) \(path)"
    let versions = try FileVersions(of: found.map(\.path), in: files)
    var opened: [Format.File] = []
    for file in found { opened.append(try format.open(file.path, in: files, options: options)) }
    opened = try format.unite(opened)
    let keys = try PartitionColumns(try keysToRead(found, options))
    let united = try UnitedColumns(
        opened, options: options, besides: keys.columns,
        declared: declaredColumns(format, options))
    // Files with the same columns become one table, so that they can share what is the same.
    var groups: [FileShape: [Int]] = [:]
    for (number, file) in opened.enumerated() {
        let columns = file.columns.map { TableColumn(name: $0.name, type: $0.type) }
        let shape = FileShape(columns: columns, instants: file.instants)
        groups[shape, default: []].append(number)
    }
    var pieces: [LakeTable.Piece] = []
    for members in groups.values.sorted(by: { $0[0] < $1[0] }) {
        let made = try format.table(of: members.map { opened[$0] }, title: title)
        pieces.append(LakeTable.Piece(table: made, files: members))
    }
    return LakeTable(
        LakeTable.Contents(
            title: title, source: options.source(path), versions: versions, united: united,
            keys: keys, pieces: pieces, fills: try options.fillsMismatches(),
            report: options.report))
}

extension FileOptions {
    /// What a query says of files and what its session adds: the same for the same rows.
    fileprivate func source(_ path: String) -> String {
        var pieces = properties.filter { $0.key != "path" }.map { "\($0.key)=\($0.value)" }.sorted()
        if let clock { pieces.append("time_zone=\(clock.zone)") }
        return ([path] + pieces).joined(separator: "\n")
    }
}

/// Holds what files that are read as one table have in common.
private struct FileShape: Hashable {
    var columns: [TableColumn]
    var instants: [InstantPlaces]
}

/// Reads the property `schema`, where the format does not do so itself.
private func declaredColumns(
    _ format: any FileFormat.Type, _ options: FileOptions
) throws(StarlingError) -> [StructureField]? {
    format.optionNames.contains("schema") ? nil : try options.columns("schema")
}

/// Leaves out the keys of folders that the user does not want as columns.
private func keysToRead(
    _ found: [FoundFile], _ options: FileOptions
) throws(StarlingError) -> [FoundFile] {
    var wanted: Set<String>?
    if try options.flag("hive_partitioning") == false { wanted = [] }
    if let names = options.text("columns_from_path") {
        let pieces = names.lowercased().split(separator: ",")
        wanted = Set(pieces.map { String($0.drop { $0 == " " }) })
        let keys = Set(found[0].partitionKeys.map { $0.name.lowercased() })
        if let missing = wanted!.subtracting(keys).sorted().first {
            throw options.wrong(
                "columns_from_path",
                "'columns_from_path' names '\(missing)', but no folder of '\(found[0].path)' is "
                    + "called '\(missing)=…'")
        }
    }
    guard let wanted else { return found }
    return found.map { file in
        var file = file
        file.partitionKeys.removeAll { !wanted.contains($0.name.lowercased()) }
        return file
    }
}
