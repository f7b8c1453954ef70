// What writes the files that a statement names.

import StarlingErrors
import StarlingFormats
import StarlingStreams

/// Finds the writer that options name, or else the one that a path's end means.
package func fileWriter(
    named format: String?, path: String, otherwise fallback: String
) throws(StarlingError) -> any FileWriter.Type {
    var wanted = format?.lowercased()
    if wanted == nil { wanted = try formatName(meantBy: path) }
    return try fileWriter(of: wanted ?? fallback, isGiven: format != nil)
}

private func fileWriter(
    of wanted: String, isGiven: Bool
) throws(StarlingError) -> any FileWriter.Type {
    let writers = lakeFormats.compactMap(\.writer)
    let names = writers.map { $0.name }
    if let writer = writers.first(where: { $0.name == wanted }) { return writer }
    let near = nearestName(to: wanted, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw StarlingError(
        .binding,
        "files of format '\(wanted)' cannot be written, those of "
            + "\(names.joined(separator: ", ")) can" + near,
        about: .value(of: isGiven ? "format" : "path"))
}

/// Names the format that the end of a path stands for; nil where it says nothing. An end that is
/// almost that of a format is an error: files of another format would get it.
private func formatName(meantBy path: String) throws(StarlingError) -> String? {
    let ends = fileNameEnds(path)
    let readers = lakeFormats.map(\.reader)
    let byEnd = readers.first { reader in
        reader.fileExtensions.contains { known in ends.contains(known) }
    }
    if let byEnd { return byEnd.name }
    guard let end = formatEnd(of: path), end.utf8.count > 2,
        let near = nearestName(to: end, among: readers.flatMap { $0.fileExtensions })
    else { return nil }
    throw StarlingError(
        .binding,
        "'.\(end)' is the end of no format's files; did you mean '.\(near)'? Another end is "
            + "written with FORMAT", about: .value(of: "path"))
}

/// Returns the end of a path's name, without the dot and without that of a compression.
func formatEnd(of path: String) -> String? {
    fileNameEnds(path).last { !Compression.fileExtensions.contains($0) }
}

/// Returns what stands behind the points of a path's last name, in small letters.
package func fileNameEnds(_ path: String) -> [String] {
    let name = path.split(separator: "/").last ?? ""
    return name.split(separator: ".").dropFirst().map { $0.lowercased() }
}
