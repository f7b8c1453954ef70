// What writes the files that a statement names.

import StarlingErrors
import StarlingFormats

/// Finds the writer that options name, or else the one that a path's end means.
package func fileWriter(
    named format: String?, path: String, otherwise fallback: String
) throws(StarlingError) -> any FileWriter.Type {
    let writers = lakeFormats.compactMap(\.writer)
    let ends = fileNameEnds(path)
    let byEnd = lakeFormats.lazy.map(\.reader).first { reader in
        reader.fileExtensions.contains { known in ends.contains(known) }
    }
    let wanted = format?.lowercased() ?? byEnd?.name ?? fallback
    let names = writers.map { $0.name }
    if let writer = writers.first(where: { $0.name == wanted }) { return writer }
    let near = nearestName(to: wanted, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw StarlingError(
        .binding,
        "files of format '\(wanted)' cannot be written, those of "
            + "\(names.joined(separator: ", ")) can" + near)
}

/// Returns what stands behind the points of a path's last name, in small letters.
package func fileNameEnds(_ path: String) -> [String] {
    let name = path.split(separator: "/").last ?? ""
    return name.split(separator: ".").dropFirst().map { $0.lowercased() }
}
