// What the beginning of a file tells: how records are put one after the other, and their columns.

import StarlingErrors
import StarlingFields
import StarlingTables
import StarlingTypes

/// Says how records lie in a file.
enum RecordForm: Sendable {
    /// One record a line; the file can be cut at newlines.
    case lines
    /// Records in one array, or one after the other over any number of lines.
    case array, sequence
}

/// Holds what was found out about a file.
struct JSONLayout: Sendable {
    var form: RecordForm
    var columns: [TableColumn]
    /// The keys that the columns come from; nil where each record is one value.
    var keys: [[UInt8]]?
    var patterns: [String?]
    /// The mean bytes of a record in the sample.
    var recordByteCount: Double
}

/// Sees the values of one key.
private struct KeyDetection {
    var strings = TypeDetection()
    var integerIsBig = true
    var kinds: Set<JSONCursor.Kind> = []

    mutating func add(_ kind: JSONCursor.Kind, _ bytes: [UInt8]) {
        guard kind != .null else { return }
        kinds.insert(kind)
        if kind == .string { strings.add(JSONText.unescaped(Array(bytes[1..<(bytes.count - 1)]))) }
        if kind == .integer, Value(parsing: bytes, as: .bigint) == nil {
            if Value(parsing: bytes, as: .largeint) == nil {
                kinds.insert(.floating)
            } else {
                integerIsBig = false
            }
        }
    }

    var result: DetectedType {
        if kinds.contains(.object) || kinds.contains(.array) { return DetectedType(type: .json) }
        if kinds == [.boolean] { return DetectedType(type: .boolean) }
        if kinds == [.integer] { return DetectedType(type: integerIsBig ? .bigint : .largeint) }
        if !kinds.isEmpty, kinds.isSubset(of: [.integer, .floating]) {
            return DetectedType(type: .double)
        }
        if kinds == [.string] {
            // Digits in quotes are meant as text.
            let found = strings.result
            if found.type == .date || found.type == .datetime { return found }
        }
        return DetectedType(type: .string)
    }
}

/// Reads the beginning of a file.
struct JSONSample {
    let text: UnsafeRawBufferPointer
    let isWhole: Bool
    let options: JSONOptions
    let path: String

    func layout() throws(StarlingError) -> JSONLayout {
        let form = Self.form(of: text, isWhole: isWhole)
        var cursor = JSONCursor(text)
        cursor.skipSpace()
        if form == .array { cursor.position += 1 }
        let start = cursor.position
        var keys: [[UInt8]] = []
        var positions: [[UInt8]: Int] = [:]
        var detections: [KeyDetection] = []
        var recordCount = 0
        var areObjects = true
        while recordCount < options.sampleRowCount {
            Self.skipBetween(&cursor, form)
            guard cursor.byte != nil, cursor.byte != UInt8(ascii: "]") else { break }
            if cursor.byte != UInt8(ascii: "{") { areObjects = false }
            let begin = cursor
            do throws(JSONCursor.Fault) {
                guard areObjects, options.hasColumns != false else {
                    _ = try cursor.value()
                    recordCount += 1
                    continue
                }
                var fields: [(Range<Int>, JSONCursor.Kind, Range<Int>)] = []
                try cursor.object { fields.append(($0, $1, $2)) }
                for (key, kind, range) in fields {
                    let name = JSONText.unescaped(Array(text[key]))
                    let position = positions[name] ?? keys.count
                    if position == keys.count {
                        positions[name] = position
                        keys.append(name)
                        detections.append(KeyDetection())
                    }
                    detections[position].add(kind, Array(text[range]))
                }
                recordCount += 1
            } catch {
                cursor = begin
                // The sample cuts a record off; or the reader will say what is wrong, and where.
                break
            }
        }
        let byteCount = Double(max(1, cursor.position - start)) / Double(max(1, recordCount))
        let isOneValue =
            options.hasColumns == false || (!areObjects && options.columns == nil)
            || (keys.isEmpty && options.columns == nil)
        if isOneValue {
            return JSONLayout(
                form: form, columns: [TableColumn(name: "json", type: .json)], keys: nil,
                patterns: [nil], recordByteCount: byteCount)
        }
        return columns(keys, detections, form, byteCount)
    }

    private func columns(
        _ keys: [[UInt8]], _ detections: [KeyDetection], _ form: RecordForm, _ byteCount: Double
    ) -> JSONLayout {
        var layout = JSONLayout(
            form: form, columns: [], keys: [], patterns: [], recordByteCount: byteCount)
        if let columns = options.columns {
            for column in columns {
                layout.columns.append(TableColumn(name: column.name, type: column.type))
                layout.keys!.append(Array(column.name.utf8))
                let position = keys.firstIndex(of: Array(column.name.utf8))
                layout.patterns.append(
                    column.type == .date ? position.flatMap { detections[$0].result.pattern } : nil)
            }
            return layout
        }
        var used: Set<String> = []
        for (key, detection) in zip(keys, detections) {
            let base = String(decoding: key, as: UTF8.self)
            var name = base
            var number = 1
            // Keys that differ in letter case only are columns of different names.
            while !used.insert(name.lowercased()).inserted {
                name = "\(base)_\(number)"
                number += 1
            }
            let wanted = options.types.first { $0.name.lowercased() == name.lowercased() }
            let found =
                options.detectsTypes || detection.result.type == .json
                ? detection.result : DetectedType(type: .string)
            let type = wanted?.type ?? found.type
            layout.columns.append(TableColumn(name: name, type: type))
            layout.keys!.append(key)
            layout.patterns.append(type == .date ? found.pattern : nil)
        }
        return layout
    }

    static func skipBetween(_ cursor: inout JSONCursor, _ form: RecordForm) {
        cursor.skipSpace()
        if form == .array, cursor.byte == UInt8(ascii: ",") {
            cursor.position += 1
            cursor.skipSpace()
        }
    }

    /// Finds how records lie in a text: lines, where each of the first ones is a value by itself.
    private static func form(of text: UnsafeRawBufferPointer, isWhole: Bool) -> RecordForm {
        var cursor = JSONCursor(text)
        var lineCount = 0
        while lineCount < 100 {
            cursor.skipSpace()
            let start = cursor.position
            guard start < text.count else { break }
            var end = start
            while end < text.count, text[end] != 10 { end += 1 }
            // The last line may be cut off.
            if end == text.count, !isWhole, lineCount > 0 { break }
            var line = JSONCursor(UnsafeRawBufferPointer(rebasing: text[..<end]), from: start)
            let isValue = (try? line.value()) != nil
            line.skipSpace()
            guard isValue, line.byte == nil else {
                cursor.position = 0
                cursor.skipSpace()
                return cursor.byte == UInt8(ascii: "[") ? .array : .sequence
            }
            lineCount += 1
            cursor.position = end
        }
        cursor.position = 0
        cursor.skipSpace()
        // One line that is an array of records.
        if lineCount == 1, cursor.byte == UInt8(ascii: "[") { return .array }
        return .lines
    }
}
