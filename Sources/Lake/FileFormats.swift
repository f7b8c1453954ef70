// The formats that FROM 'path' and FILES() know.

import StarlingArrow
import StarlingAvro
import StarlingCSV
import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingJSONLines
import StarlingORC
import StarlingParquet
import StarlingStreams

/// All formats, in the order in which they are asked whether they recognize a file.
package let fileFormats: [any FileFormat.Type] = [
    ParquetFormat.self, ORCFormat.self, ArrowFormat.self, AvroFormat.self, JSONFormat.self,
    CSVFormat.self,
]

/// Finds the format that options name, or else the one that recognizes a file's content.
func chooseFormat(
    _ path: String, _ options: FileOptions, _ files: any FileSystem
) throws(StarlingError) -> any FileFormat.Type {
    let names = fileFormats.map { $0.name }
    if let wanted = options.text("format")?.lowercased() {
        if let format = fileFormats.first(where: { $0.name == wanted }) { return format }
        let near = nearestName(to: wanted, among: names)
        let hint =
            near.map { "did you mean '\($0)'?" }
            ?? "those of \(names.joined(separator: ", ")) are read"
        throw StarlingError(.binding, "there is no file format '\(wanted)'; \(hint)")
    }
    let file = try files.open(path)
    let count = min(FileStart.byteCountMax, file.byteCount)
    let buffer = try file.read(0..<count)
    let bytes = (0..<count).map { buffer.pointer(to: UInt8.self)[$0] }
    let compression = Compression(recognizing: bytes)
    let content =
        compression == .none
        ? bytes : try readStart(of: file, compression: compression, count: FileStart.byteCountMax)
    let start = FileStart(bytes: bytes, content: content, isWhole: count == file.byteCount)
    let recognized = fileFormats.first { $0.recognizes(start) }
    // Text is what any bytes may pass for; a name that says otherwise tells what is damaged.
    let isSure = recognized.map { !$0.fileExtensions.isEmpty } ?? false
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if !isSure, let named = fileFormats.first(where: { $0.fileExtensions.contains(ending) }) {
        return named
    }
    if let recognized { return recognized }
    throw StarlingError(
        .file,
        "'\(path)' is of no known format; known are \(names.joined(separator: ", "))")
}
