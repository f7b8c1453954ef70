// Arrow's IPC files and streams (also known as Feather) as a row of the formats.

import StarlingErrors
import StarlingFiles
import StarlingFormats

package enum ArrowFormat: FileFormat {
    package static let name = "arrow"
    package static let fileExtensions = ["arrow", "arrows", "ipc", "feather"]

    package static func recognizes(_ start: FileStart) -> Bool {
        ArrowFile.recognizes(start.bytes) || start.bytes.starts(with: olderFeather)
    }

    /// What files of Feather's first version begin with, a format of its own.
    private static let olderFeather = Array("FEA1".utf8)

    package static func open(
        _ path: String, in files: any FileSystem, options: FileOptions
    ) throws(StarlingError) -> ArrowFile {
        let file = try files.open(path)
        if try begins(file, with: olderFeather) {
            throw StarlingError(
                .file,
                "\(path): this is version 1 of Feather, which is no Arrow; write it again as version 2"
            )
        }
        return try ArrowFile(file)
    }

    private static func begins(
        _ file: any ReadableFile, with mark: [UInt8]
    ) throws(StarlingError) -> Bool {
        guard file.byteCount >= mark.count else { return false }
        let start = try file.read(0..<mark.count)
        defer { withExtendedLifetime(start) {} }
        return UnsafeRawBufferPointer(start: start.baseAddress, count: mark.count)
            .elementsEqual(mark)
    }
}
