// Avro's object container files as a row of the formats.

import StarlingErrors
import StarlingFiles
import StarlingFormats

package enum AvroFormat: FileFormat {
    package static let name = "avro"
    package static let fileExtensions = ["avro"]

    package static func recognizes(_ start: FileStart) -> Bool {
        start.bytes.starts(with: AvroHeader.magic)
    }

    package static func open(
        _ path: String, in files: any FileSystem, options: FileOptions
    ) throws(StarlingError) -> AvroFile {
        try AvroFile(try files.open(path))
    }
}
