// The formats, a row each: what reads files of it, which FROM 'path' and FILES() use, and what writes
// them, for statements that do.

import StarlingArrow
import StarlingArrowWriting
import StarlingAvro
import StarlingCSV
import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingJSONLines
import StarlingORC
import StarlingParquet
import StarlingParquetWriting
import StarlingStreams
import StarlingTextWriting

/// Is a row of the formats.
package struct LakeFormat: Sendable {
    package let reader: any FileFormat.Type
    /// Nil where files of the format are only read.
    package let writer: (any FileWriter.Type)?

    init(_ reader: any FileFormat.Type, writer: (any FileWriter.Type)? = nil) {
        self.reader = reader
        self.writer = writer
    }
}

/// All formats, in the order in which they are asked whether they recognize a file.
package let lakeFormats = [
    LakeFormat(ParquetFormat.self, writer: ParquetFileWriter.self),
    LakeFormat(ORCFormat.self),
    LakeFormat(ArrowFormat.self, writer: ArrowFileWriter.self),
    LakeFormat(AvroFormat.self),
    LakeFormat(JSONFormat.self, writer: JSONFileWriter.self),
    LakeFormat(CSVFormat.self, writer: CSVFileWriter.self),
]

/// Finds the format that options name, or else the one that recognizes a file's content.
func chooseFormat(
    _ path: String, _ options: FileOptions, _ files: any FileSystem
) throws(StarlingError) -> any FileFormat.Type {
    let readers = lakeFormats.map(\.reader)
    let names = readers.map { $0.name }
    if let wanted = options.text("format")?.lowercased() {
        if let format = readers.first(where: { $0.name == wanted }) { return format }
        let near = nearestName(to: wanted, among: names)
        let hint =
            near.map { "did you mean '\($0)'?" }
            ?? "those of \(names.joined(separator: ", ")) are read"
        throw options.wrong("format", "there is no file format '\(wanted)'; \(hint)")
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
        readers.first { $0.recognizes(start) }.map { ($0, !$0.fileExtensions.isEmpty) }
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
    if recognized?.isSure != true, let ending = formatEnd(of: path),
        let named = readers.first(where: { $0.fileExtensions.contains(ending) })
    {
        return named
    }
    if let recognized { return recognized.format }
    throw StarlingError(
        .file,
        "'\(path)' is of no known format; known are \(names.joined(separator: ", ")), which "
            + "FILES('path' = …, 'format' = …) names")
}
