// Shows a place of a text to a person: line, column, the line itself, carets below it. Tabs become
// blanks, wide characters count twice, and of a long line only the part around the place is shown.
//
//     line 2, column 6
//     FROM lineitm
//          ^^^^^^^

import StarlingErrors

/// Holds the line of a text that a range begins in, ready to be shown.
package struct SourceExcerpt: Sendable, Equatable {
    /// Counted from 1.
    package var line: Int
    /// Counted from 1, in characters.
    package var column: Int
    /// The line, or the part of it around the place.
    package var lineText: String
    /// How many cells stand in front of the first caret.
    package var indent: Int
    /// How many cells are marked, at least one.
    package var caretCount: Int

    /// Makes the excerpt for a range of UTF-8 offsets; `width` bounds the line's cells.
    package init(of text: String, at range: TextRange, width: Int = 100) {
        let bytes = Array(text.utf8)
        let start = min(max(range.start, 0), bytes.count)
        var lineStart = start
        while lineStart > 0, bytes[lineStart - 1] != UInt8(ascii: "\n") { lineStart -= 1 }
        var lineEnd = start
        while lineEnd < bytes.count, bytes[lineEnd] != UInt8(ascii: "\n") { lineEnd += 1 }
        if lineEnd > lineStart, bytes[lineEnd - 1] == UInt8(ascii: "\r") { lineEnd -= 1 }
        let end = min(max(range.end, start), max(lineEnd, start))
        line = 1 + bytes[..<lineStart].count { $0 == UInt8(ascii: "\n") }

        let before = Self.cells(bytes[lineStart..<max(lineStart, min(start, lineEnd))])
        let marked = Self.cells(bytes[min(start, lineEnd)..<min(end, lineEnd)])
        let after = Self.cells(bytes[min(end, lineEnd)..<lineEnd])
        column = before.count + 1
        (lineText, indent, caretCount) = Self.window(before, marked, after, max(width, 16))
    }

    /// Gives three lines: the place, the text, the carets.
    package var rendered: String {
        let blanks = String(repeating: " ", count: indent)
        let carets = String(repeating: "^", count: caretCount)
        return "line \(line), column \(column)\n\(lineText)\n\(blanks)\(carets)"
    }

    /// Holds a character as it is shown.
    private struct Cell {
        var text: String
        var width: Int
    }

    private static func cells(_ bytes: ArraySlice<UInt8>) -> [Cell] {
        String(decoding: bytes, as: UTF8.self).map { character in
            if character == "\t" { return Cell(text: "    ", width: 4) }
            let scalar = character.unicodeScalars.first!
            if scalar.value < 0x20 || scalar.value == 0x7F { return Cell(text: "·", width: 1) }
            return Cell(text: String(character), width: isWide(scalar.value) ? 2 : 1)
        }
    }

    private static func width(_ cells: some Sequence<Cell>) -> Int {
        cells.reduce(0) { $0 + $1.width }
    }

    /// Cuts the line to `width` cells such that the beginning of the place stays visible.
    private static func window(_ before: [Cell], _ marked: [Cell], _ after: [Cell], _ width: Int)
        -> (text: String, indent: Int, carets: Int)
    {
        let total = self.width(before) + self.width(marked) + self.width(after)
        var lead = before[...]
        var isCutLeft = false
        if total > width {
            let room = max(width / 2, width - self.width(marked) - self.width(after) - 2)
            var excess = self.width(before) - room
            while excess > 0, let first = lead.popFirst() {
                excess -= first.width
                isCutLeft = true
            }
        }
        var text = isCutLeft ? "…" : ""
        let indent = self.width(lead) + (isCutLeft ? 1 : 0)
        text += lead.map(\.text).joined()
        var used = indent
        var carets = 0
        for (index, cell) in (marked + after).enumerated() {
            guard used + cell.width < width || total <= width else {
                text += "…"
                break
            }
            text += cell.text
            used += cell.width
            if index < marked.count { carets += cell.width }
        }
        return (text, indent, max(carets, 1))
    }

    /// Tells whether a terminal shows the character in two cells.
    private static func isWide(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

extension StarlingError {
    /// Describes the error for a person, with an excerpt of the text where there is a place.
    package func rendered(in text: String, width: Int = 100) -> String {
        guard let range else { return description }
        let excerpt = SourceExcerpt(of: text, at: range, width: width)
        return "\(description)\n\(excerpt.rendered)"
    }
}
