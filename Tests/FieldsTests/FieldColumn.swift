// One column of fields, parsed: what is read, and what is no value of its type.

import StarlingFields
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds the fields of a column as a reader of CSV hands them over.
struct FieldColumn {
    var fields: [String]
    var type: LogicalType
    var nullTexts: [String] = []
    var checksNullsFirst = false
    var form: TimeForm?
    var quote: Character? = "\""
    /// The byte behind each field; rows that end in two characters have both.
    var rowEnd = "\n"
    /// Rows that lack the field.
    var missing: Set<Int> = []

    init(_ fields: [String], _ type: LogicalType) {
        self.fields = fields
        self.type = type
    }

    /// Parses the fields, or those of some rows.
    func parsed(rows: [Int]? = nil) -> (vector: Vector, faults: [FieldFault]) {
        // Bytes before and behind the text may be read and mean nothing.
        var text = [UInt8](repeating: UInt8(ascii: "9"), count: 64)
        var ends = [UInt32(text.count - 1)]
        for (row, field) in fields.enumerated() where !missing.contains(row) {
            text += Array((field + rowEnd).utf8)
            ends.append(UInt32(text.count - 1))
        }
        text += [UInt8](repeating: UInt8(ascii: "9"), count: 64)
        // A row lacks its field where the field would end before it begins.
        var bases: [UInt32] = []
        var next: UInt32 = 0
        for row in fields.indices {
            if missing.contains(row) {
                bases.append(UInt32(ends.count))
                ends += [ends[0], ends[0]]
            } else {
                bases.append(next)
                next += 1
            }
        }
        let buffer = Buffer(byteCount: text.count)
        for (place, byte) in text.enumerated() { buffer.pointer(to: UInt8.self)[place] = byte }
        let parser = ColumnParser(
            column: 0, isLast: true, type: type, layout: type.widestPhysicalType,
            nullTexts: nullTexts.map { Array($0.utf8) }, checksNullsFirst: checksNullsFirst,
            form: form)
        let selection = rows.map { rows in
            var selection = Selection()
            for (place, row) in rows.enumerated() { selection.rows[place] = UInt16(row) }
            selection.count = rows.count
            return selection
        }
        var faults: [FieldFault] = []
        let vector = ends.withUnsafeBufferPointer { ends in
            bases.withUnsafeBufferPointer { bases in
                let window = FieldWindow(
                    text: UnsafePointer(buffer.pointer(to: UInt8.self)), ends: ends.baseAddress!,
                    bases: bases.baseAddress!, count: fields.count, owner: buffer,
                    quote: quote?.asciiValue)
                return parser.read(window, selection, faults: &faults)
            }
        }
        return (vector, faults)
    }

    var values: [Value] { parsed().vector.allValues }

    /// The fields that are no values, as texts.
    var faults: [String] { parsed().faults.map { String(decoding: $0.text, as: UTF8.self) } }
}

/// Parses one field among others; nil where it is no value.
func parse(_ field: String, _ type: LogicalType) -> Value? {
    let column = FieldColumn(["12345678901234567890", field, "98765432109876543210"], type)
    let (vector, faults) = column.parsed()
    return faults.contains { $0.row == 1 } ? nil : vector.value(at: 1)
}
