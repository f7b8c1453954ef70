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
    var start = FileStart(bytes: bytes, content: content, isWhole: count == file.byteCount)
    func recognize() -> (format: any FileFormat.Type, isSure: Bool)? {
        // Text is what any bytes may pass for.
        fileFormats.first { $0.recognizes(start) }.map { ($0, !$0.fileExtensions.isEmpty) }
    }
    var recognized = recognize()
    let encoding = TextEncoding(detecting: content, isWhole: false)
    if recognized?.isSure != true, encoding.isUTF16 {
        start.content = try readStart(
            of: file, compression: compression, encoding: encoding,
            count: FileStart.byteCountMax)
        recognized = recognize()
    }
    // A name that says otherwise than text tells what is damaged.
    if recognized?.isSure != true, let ending = ending(of: path),
        let named = fileFormats.first(where: { $0.fileExtensions.contains(ending) })
    {
        return named
    }
    if let recognized { return recognized.format }
    throw StarlingError(
        .file,
        "'\(path)' is of no known format; known are \(names.joined(separator: ", "))")
}

/// Returns the end of a path's name, without the dot and without that of a compression.
private func ending(of path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    let ends = name.split(separator: ".").dropFirst().map { $0.lowercased() }
    return ends.last { !Compression.fileExtensions.contains($0) }
}
