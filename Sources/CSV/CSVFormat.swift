// CSV as a row of the formats. It is asked last: any text can be CSV.

import StarlingErrors
import StarlingFiles
import StarlingFormats

package enum CSVFormat: FileFormat {
    package static let name = "csv"
    package static let hasEmptyFiles = true
    package static let optionNames = CSVOptions.names

    package static func recognizes(_ start: FileStart) -> Bool {
        let bytes = start.content
        if bytes.isEmpty { return true }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return true }
        var zeroCount = 0
        for byte in bytes {
            if byte == 0 { zeroCount += 1 }
            // Other control characters than these don't occur in texts.
            let isControl = byte < 9 || (byte > 13 && byte < 32 && byte != 27)
            if isControl, byte > 1, byte != 28, byte != 29, byte != 30, byte != 31 { return false }
        }
        // UTF-16 without a mark.
        return zeroCount == 0 || zeroCount > bytes.count / 4
    }

    package static func open(
        _ path: String, in files: any FileSystem, options: FileOptions
    ) throws(StarlingError) -> CSVFile {
        try CSVFile(try files.open(path), options)
    }
}
