// The formats that can be written, a row each.

import StarlingArrowWriting
import StarlingErrors
import StarlingFormats
import StarlingParquetWriting
import StarlingTextWriting

/// All formats that can be written.
package let fileWriters: [any FileWriter.Type] = [
    ParquetFileWriter.self, ArrowFileWriter.self, CSVFileWriter.self, JSONFileWriter.self,
]

/// Finds the writer that options name, or else the one that a path's end means.
package func fileWriter(
    named format: String?, path: String, otherwise fallback: String
) throws(StarlingError) -> any FileWriter.Type {
    let name = path.split(separator: "/").last ?? ""
    let ends = name.split(separator: ".").dropFirst().map { $0.lowercased() }
    let byEnd = fileWriters.first { writer in
        writer.fileExtensions.contains { known in ends.contains(known) }
    }
    let wanted = format?.lowercased() ?? byEnd?.name ?? fallback
    let names = fileWriters.map { $0.name }
    if let writer = fileWriters.first(where: { $0.name == wanted }) { return writer }
    let near = nearestName(to: wanted, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw StarlingError(
        .binding,
        "files of format '\(wanted)' cannot be written, those of "
            + "\(names.joined(separator: ", ")) can" + near)
}
