// Values as the JSON of files, nested ones included: numbers of every type are numbers, whatever
// their digits, so that they come back as they were; a document stands as it is.

import StarlingTypes

extension Value {
    /// Appends the value as JSON from which it can be read again as `type`.
    func appendDocument(as type: LogicalType, to text: inout [UInt8]) {
        switch (self, type) {
        case (.bytes(let bytes), .json): text += bytes
        case (.integer, .decimal), (.integer, .largeint): appendText(as: type, to: &text)
        case (.floating(let number), _) where !number.isFinite:
            // JSON has no such numbers; in quotes they are not lost.
            text.append(UInt8(ascii: "\""))
            appendText(as: type, to: &text)
            text.append(UInt8(ascii: "\""))
        case (.list(let values), .array(let element)):
            text.append(UInt8(ascii: "["))
            for (position, value) in values.enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                value.appendDocument(as: element, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case (.list(let values), .map(let keyType, let valueType)):
            text.append(UInt8(ascii: "{"))
            for position in stride(from: 0, to: values.count - 1, by: 2) {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                values[position].appendKey(as: keyType, to: &text)
                values[position + 1].appendDocument(as: valueType, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        case (.list(let values), .structure(let fields)):
            text.append(UInt8(ascii: "{"))
            for (position, (field, value)) in zip(fields, values).enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                Value.text(field.name).appendKey(as: .string, to: &text)
                value.appendDocument(as: field.type, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        default: appendJSON(as: type, to: &text)
        }
    }

    /// Appends the value as a key with a colon behind: keys of objects are texts.
    private func appendKey(as type: LogicalType, to text: inout [UInt8]) {
        var key: [UInt8] = []
        if type == .boolean, let flag = integer {
            key = Array((flag == 0 ? "false" : "true").utf8)
        } else {
            appendText(as: type, to: &key)
        }
        appendJSONString(key, to: &text)
        text.append(UInt8(ascii: ":"))
    }
}
