// JSON as a row of the formats.

import StarlingErrors
import StarlingFields
import StarlingFiles
import StarlingFormats

package enum JSONFormat: FileFormat {
    package static let name = "json"
    package static let fileExtensions = ["json", "jsonl", "ndjson"]
    package static let optionNames = JSONOptions.names
    package static let hasEmptyFiles = true

    package static func recognizes(_ start: FileStart) -> Bool {
        var bytes = start.content
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        return bytes.withUnsafeBytes { all in
            var cursor = JSONCursor(all)
            cursor.skipSpace()
            guard let first = cursor.byte,
                first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
            else { return false }
            if beginsObject(cursor) { return true }
            do throws(JSONCursor.Fault) {
                _ = try cursor.value()
                return true
            } catch {
                return error.isEnd && !start.isWhole
            }
        }
    }

    /// Tells whether a text begins as nothing but records does, however it goes on: what follows is
    /// JSON or damaged.
    private static func beginsObject(_ start: JSONCursor) -> Bool {
        var cursor = start
        if cursor.byte == UInt8(ascii: "[") {
            cursor.position += 1
            cursor.skipSpace()
            return cursor.byte == UInt8(ascii: "{")
        }
        cursor.position += 1
        cursor.skipSpace()
        return cursor.byte == UInt8(ascii: "\"")
    }

    package static func open(
        _ path: String, in files: any FileSystem, options: FileOptions
    ) throws(StarlingError) -> JSONFile {
        try JSONFile(try files.open(path), options)
    }

    /// Lets every file read the keys of all of them: that a file's beginning lacks a key says nothing
    /// of the rest.
    package static func unite(_ files: [JSONFile]) throws(StarlingError) -> [JSONFile] {
        guard files.count > 1 else { return files }
        var keys: [[UInt8]] = []
        var positions: [[UInt8]: Int] = [:]
        var shapes: [ValueShape] = []
        for file in files {
            guard let own = file.layout.keys, file.options.columns == nil else { return files }
            for (key, shape) in zip(own, file.layout.shapes) {
                if let position = positions[key] {
                    shapes[position] = shapes[position].merged(with: shape)
                } else {
                    positions[key] = keys.count
                    keys.append(key)
                    shapes.append(shape)
                }
            }
        }
        return files.map { JSONFile($0, keys: keys, shapes: shapes) }
    }
}
