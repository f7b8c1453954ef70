// Arrow's IPC files and streams (also known as Feather) as a row of the formats.

import StarlingErrors
import StarlingFiles
import StarlingFormats

package enum ArrowFormat: FileFormat {
    package static let name = "arrow"
    package static let fileExtensions = ["arrow", "arrows", "ipc", "feather"]

    package static func recognizes(_ start: FileStart) -> Bool {
        ArrowFile.recognizes(start.bytes)
    }

    package static func open(
        _ path: String, in files: any FileSystem, options: FileOptions
    ) throws(StarlingError) -> ArrowFile {
        try ArrowFile(try files.open(path))
    }
}
