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
    var columns: [TableColumn] = []
    /// What the values of each column become.
    var shapes: [ValueShape] = []
    /// The keys that the columns come from; nil where each record is one value.
    var keys: [[UInt8]]?
    /// The mean bytes of a record in the sample.
    var recordByteCount: Double
}

/// Reads the beginning of a file, and lines from elsewhere in it.
struct JSONSample {
    let text: UnsafeRawBufferPointer
    let isWhole: Bool
    let options: JSONOptions
    /// Whole lines, where the file is one of lines.
    var others: [[UInt8]] = []
    /// True where more of the file can be had.
    var mayGrow = true

    /// Finds the layout; nil where more of the text is needed: it ends in the first record, or has
    /// less records than the user wants.
    func layout() -> JSONLayout? {
        let form = Self.form(of: text, isWhole: isWhole)
        // Columns may be as many as they are.
        let found = ShapeDetection(levelCount: options.levelCount + 1, keyCountMax: .max)
        var cursor = JSONCursor(text, allowsNonFinite: true)
        cursor.skipSpace()
        if form == .array { cursor.position += 1 }
        let start = cursor.position
        var areObjects = true
        let (recordCount, isCut) = addRecords(&cursor, form, to: found, &areObjects)
        if !isWhole {
            if recordCount == 0, isCut { return nil }
            let wantsMore = recordCount < options.sampleRowCount ?? 0
            if mayGrow, wantsMore { return nil }
        }
        if form == .lines {
            for other in others {
                other.withUnsafeBytes { lines in
                    var cursor = JSONCursor(lines, allowsNonFinite: true)
                    _ = addRecords(&cursor, form, to: found, &areObjects)
                }
            }
        }
        let byteCount = Double(max(1, cursor.position - start)) / Double(max(1, recordCount))
        let hasNoColumns =
            options.columns == nil
            && (!areObjects || found.keys.isEmpty || options.levelCount == 0)
        if options.hasColumns == false || hasNoColumns {
            return JSONLayout(
                form: form, columns: [TableColumn(name: "json", type: .json)],
                shapes: [ValueShape(.json)], keys: nil, recordByteCount: byteCount)
        }
        var layout = JSONLayout(form: form, recordByteCount: byteCount)
        addColumns(found, to: &layout)
        return layout
    }

    /// Lets `found` see the records from the cursor on, and counts them; the cursor stops behind the
    /// last whole one. Tells whether the text's end cuts one off.
    private func addRecords(
        _ cursor: inout JSONCursor, _ form: RecordForm, to found: ShapeDetection,
        _ areObjects: inout Bool
    ) -> (count: Int, isCut: Bool) {
        var recordCount = 0
        while recordCount < options.sampleRowCount ?? .max {
            Self.skipBetween(&cursor, form)
            guard let first = cursor.byte, first != UInt8(ascii: "]") else { break }
            let begin = cursor
            do throws(JSONCursor.Fault) {
                if areObjects, first == UInt8(ascii: "{"), options.hasColumns != false {
                    var members: [(Range<Int>, JSONCursor.Kind, Range<Int>)] = []
                    try cursor.object { members.append(($0, $1, $2)) }
                    found.add(members, in: cursor.text)
                } else {
                    _ = try cursor.value()
                    if first != UInt8(ascii: "{") { areObjects = false }
                }
                recordCount += 1
            } catch {
                if error.isEnd {
                    cursor = begin
                    return (recordCount, true)
                }
                // The reader will say what is wrong, and where.
                while let byte = cursor.byte, byte != 10 { cursor.position += 1 }
            }
        }
        return (recordCount, false)
    }

    private func addColumns(_ found: ShapeDetection, to layout: inout JSONLayout) {
        func shape(of type: LogicalType, _ detected: ValueShape?) -> ValueShape {
            ValueShape(
                type, pattern: type == .date ? detected?.pattern : nil,
                isInstant: type == .datetime && detected?.isInstant == true)
        }
        let shapes = found.fields.map { $0.shape(detectsTypes: options.detectsTypes) }
        if let columns = options.columns {
            layout.keys = columns.map { Array($0.name.utf8) }
            layout.shapes = zip(columns, layout.keys!).map { column, key in
                shape(of: column.type, found.keys.firstIndex(of: key).map { shapes[$0] })
            }
            layout.columns = columns.map { TableColumn(name: $0.name, type: $0.type) }
            return
        }
        layout.keys = found.keys
        for (name, detected) in zip(ValueShape.names(of: found.keys), shapes) {
            let wanted = options.types.first { $0.name.lowercased() == name.lowercased() }
            let shape = wanted.map { shape(of: $0.type, detected) } ?? detected
            layout.columns.append(TableColumn(name: name, type: shape.type))
            layout.shapes.append(shape)
        }
    }

    static func skipBetween(_ cursor: inout JSONCursor, _ form: RecordForm) {
        cursor.skipSpace()
        if form == .array, cursor.byte == UInt8(ascii: ",") {
            cursor.position += 1
            cursor.skipSpace()
        }
    }

    /// Finds how records lie in a text: lines, where most of the first ones are a value by
    /// themselves, and none is the beginning of one.
    private static func form(of text: UnsafeRawBufferPointer, isWhole: Bool) -> RecordForm {
        var cursor = JSONCursor(text)
        var lineCount = 0
        var brokenCount = 0
        var startsValue = false
        while lineCount < 100, !startsValue {
            cursor.skipSpace()
            let start = cursor.position
            guard start < text.count else { break }
            var end = start
            while end < text.count, text[end] != 10 { end += 1 }
            // The last line may be cut off.
            if end == text.count, !isWhole, lineCount > 0 { break }
            var line = JSONCursor(
                UnsafeRawBufferPointer(rebasing: text[..<end]), from: start, allowsNonFinite: true)
            do throws(JSONCursor.Fault) {
                _ = try line.value()
                line.skipSpace()
                if line.byte != nil {
                    brokenCount += 1
                    if lineCount == 0 { startsValue = true }
                }
            } catch {
                brokenCount += 1
                startsValue = error.isEnd
            }
            lineCount += 1
            cursor.position = end
        }
        cursor.position = 0
        cursor.skipSpace()
        let isArray = cursor.byte == UInt8(ascii: "[")
        if startsValue || brokenCount * 2 > lineCount { return isArray ? .array : .sequence }
        // One line that is an array of records.
        return lineCount == 1 && isArray ? .array : .lines
    }
}
