// From a path as SQL names it to a table.

import StarlingErrors
import StarlingFiles
import StarlingTables

/// Opens the file, the files of a pattern, or the files below a folder as one table.
///
/// The content decides the format unless the options name one; folders named `key=value` add
/// columns behind those of the files.
package func openFiles(
    _ pathPattern: String, options: FileOptions = FileOptions(),
    in files: any FileSystem = localFiles
) throws(StarlingError) -> any Table {
    let found = try FileSearch.find(pathPattern, in: files)
    let format = try chooseFormat(found[0].path, options, files)
    let opened = try format.open(
        found.map(\.path), in: files, options: options, title: pathPattern)
    guard options.readsPartitionKeys else { return opened.table }
    let keys = try PartitionColumns(found, besides: opened.table.columns)
    return keys.columns.isEmpty ? opened.table : PartitionedTable(opened, keys)
}

/// The local disk, which paths without a scheme mean.
package let localFiles: any FileSystem = LocalFileSystem()

private func chooseFormat(
    _ path: String, _ options: FileOptions, _ files: any FileSystem
) throws(StarlingError) -> any FileFormat.Type {
    let names = fileFormats.map { $0.name }
    if let wanted = options.format?.lowercased() {
        if let format = fileFormats.first(where: { $0.name == wanted }) { return format }
        let near = nearestName(to: wanted, among: names).map { "; did you mean '\($0)'?" } ?? ""
        throw StarlingError(.binding, "there is no file format '\(wanted)'\(near)")
    }
    let file = try files.open(path)
    let buffer = try file.read(0..<min(64, file.byteCount))
    let start = (0..<buffer.byteCount).map { buffer.pointer(to: UInt8.self)[$0] }
    if let format = fileFormats.first(where: { $0.recognizes(start) }) { return format }
    throw StarlingError(
        .file,
        "'\(path)' is of no known format; known are \(names.joined(separator: ", "))")
}
