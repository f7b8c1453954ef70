// Reads rows field by field, in any dialect, and says where the rules of quoting are broken. The
// beginning of a file is read with it, and what the index of masks cannot read.

/// Locates a field in a text.
struct ScannedField {
    var start: Int
    var end: Int
    var isQuoted = false
    /// True where escapes or doubled quotes lie within.
    var hasEscapes = false
}

/// Walks over a text.
struct FieldScanner {
    enum Outcome {
        /// A row was read.
        case row
        /// The text ends within a row.
        case incomplete
        case end
    }

    let dialect: CSVDialect
    let text: UnsafeRawBufferPointer
    var position: Int
    /// The fields of the row that was read last, and where it begins.
    private(set) var fields: [ScannedField] = []
    private(set) var rowStart = 0
    /// What is wrong with the row that was read last.
    private(set) var fault: (field: Int, reason: String)?
    /// True where the row that was read last ended at a newline.
    private(set) var endedAtNewline = true

    init(_ dialect: CSVDialect, _ text: UnsafeRawBufferPointer, from position: Int = 0) {
        self.dialect = dialect
        self.text = text
        self.position = position
    }

    /// Reads the next row; blank lines are rows of one empty field. Where `isWhole` is false, a
    /// row that the text's end cuts off is not read.
    mutating func next(isWhole: Bool) -> Outcome {
        fields.removeAll(keepingCapacity: true)
        fault = nil
        while let comment = dialect.comment, position < text.count, text[position] == comment {
            skipLine()
        }
        rowStart = position
        guard position < text.count else { return .end }
        while true {
            let field = scanField()
            fields.append(field)
            if position >= text.count {
                endedAtNewline = false
                if isWhole { return .row }
                position = rowStart
                return .incomplete
            }
            if matches(dialect.separator) {
                position += dialect.separator.count
                // A separator as the last byte of the text begins an empty field.
                continue
            }
            position += newlineLength
            endedAtNewline = true
            return .row
        }
    }

    private mutating func skipLine() {
        while position < text.count, newlineLength == 0 { position += 1 }
        position += position < text.count ? newlineLength : 0
    }

    /// Counts the bytes of the newline at the position; 0 where there is none.
    private var newlineLength: Int {
        if matches(dialect.newline) { return dialect.newline.count }
        let isPair =
            dialect.newline == [10] && position + 1 < text.count && text[position] == 13
            && text[position + 1] == 10
        return isPair ? 2 : 0
    }

    private func matches(_ bytes: [UInt8]) -> Bool {
        guard position + bytes.count <= text.count, text[position] == bytes[0] else { return false }
        for index in 1..<max(1, bytes.count) where text[position + index] != bytes[index] {
            return false
        }
        return true
    }

    private var isAtEndOfField: Bool {
        position >= text.count || matches(dialect.separator) || newlineLength > 0
    }

    private mutating func skipSpaces() {
        while position < text.count, text[position] == 32 || text[position] == 9,
            !matches(dialect.separator)
        { position += 1 }
    }

    private mutating func scanField() -> ScannedField {
        if dialect.trimsSpace { skipSpaces() }
        if position < text.count, let quote = dialect.quote, text[position] == quote {
            return scanQuoted(quote)
        }
        var field = ScannedField(start: position, end: position)
        while !isAtEndOfField {
            if let escape = dialect.escape, text[position] == escape, position + 1 < text.count {
                field.hasEscapes = true
                position += 1
            }
            position += 1
        }
        field.end = min(position, text.count)
        if dialect.trimsSpace {
            while field.end > field.start,
                text[field.end - 1] == 32 || text[field.end - 1] == 9
            { field.end -= 1 }
        }
        return field
    }

    private mutating func scanQuoted(_ quote: UInt8) -> ScannedField {
        let opening = position
        position += 1
        var field = ScannedField(start: position, end: position, isQuoted: true)
        var isClosed = false
        while position < text.count {
            let byte = text[position]
            if let escape = dialect.escape, escape != quote, byte == escape,
                position + 1 < text.count
            {
                field.hasEscapes = true
                position += 2
            } else if byte == quote {
                if position + 1 < text.count, text[position + 1] == quote {
                    field.hasEscapes = true
                    position += 2
                } else {
                    isClosed = true
                    break
                }
            } else {
                position += 1
            }
        }
        field.end = min(position, text.count)
        guard isClosed else {
            if fault == nil { fault = (fields.count, "the quote is never closed") }
            position = text.count
            return field
        }
        position += 1
        if dialect.trimsSpace { skipSpaces() }
        if !isAtEndOfField {
            if fault == nil { fault = (fields.count, "text follows the closing quote") }
            while !isAtEndOfField { position += 1 }
            return ScannedField(start: opening, end: position)
        }
        return field
    }

    /// Returns a field's content without quotes and escapes.
    func content(_ field: ScannedField) -> [UInt8] {
        let raw = text[field.start..<field.end]
        guard field.hasEscapes else { return Array(raw) }
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var index = field.start
        while index < field.end {
            let isEscape =
                text[index] == dialect.escape
                || (field.isQuoted && text[index] == dialect.quote
                    && index + 1 < field.end && text[index + 1] == dialect.quote)
            if isEscape, index + 1 < field.end { index += 1 }
            result.append(text[index])
            index += 1
        }
        return result
    }
}
