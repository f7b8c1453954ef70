// JSON as a row of the formats.

import StarlingErrors
import StarlingFields
import StarlingFiles
import StarlingFormats

package enum JSONFormat: FileFormat {
    package static let name = "json"
    package static let optionNames = JSONOptions.names

    package static func recognizes(_ start: FileStart) -> Bool {
        var bytes = start.content
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        return bytes.withUnsafeBytes { all in
            var cursor = JSONCursor(all)
            cursor.skipSpace()
            guard let first = cursor.byte,
                first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
            else { return false }
            do throws(JSONCursor.Fault) {
                _ = try cursor.value()
                return true
            } catch {
                return error.isEnd && !start.isWhole
            }
        }
    }

    package static func open(
        _ path: String, in files: any FileSystem, options: FileOptions
    ) throws(StarlingError) -> JSONFile {
        try JSONFile(try files.open(path), options)
    }
}
