// What the editor shows: prompts, the text wrapped to the terminal, the cursor, notes below. Of a
// text higher than the terminal the rows around the cursor are shown.

/// Holds rows of a terminal and the place of the cursor among them.
package struct ScreenFrame: Equatable {
    package private(set) var rows: [String] = []
    package private(set) var cursorRow = 0
    package private(set) var cursorColumn = 0

    /// Lays a text out.
    ///
    /// - Parameters:
    ///   - prompts: what stands before the first line and before the others.
    ///   - size: columns and rows of the terminal.
    package init(
        _ buffer: EditBuffer, prompts: (first: String, next: String), notes: [String],
        size: (columns: Int, rows: Int)
    ) {
        // The last column stays free, so that the cursor always has a place behind the text.
        let width = max(2, size.columns - 1)
        var row = prompts.first
        var used = displayWidth(prompts.first)
        func endRow(_ next: String, _ rows: inout [String]) {
            rows.append(row)
            row = next
            used = displayWidth(next)
        }
        for (position, character) in buffer.characters.enumerated() {
            let own = character == "\n" ? 0 : character.displayWidth
            if used + own > width { endRow("", &rows) }
            if position == buffer.cursor { (cursorRow, cursorColumn) = (rows.count, used) }
            if character == "\n" {
                endRow(prompts.next, &rows)
            } else {
                row.append(character)
                used += own
            }
        }
        if buffer.isAtEnd { (cursorRow, cursorColumn) = (rows.count, used) }
        rows.append(row)
        rows += Self.columns(notes, width: width)
        clip(to: max(1, size.rows))
    }

    private mutating func clip(to height: Int) {
        guard rows.count > height else { return }
        let first = min(max(0, cursorRow - height / 2), rows.count - height)
        rows = Array(rows[first..<(first + height)])
        cursorRow -= first
    }

    /// Sets short texts in columns, at most eight rows of them.
    private static func columns(_ notes: [String], width: Int) -> [String] {
        guard notes.count > 1 else { return notes.map { shortened($0, to: width) } }
        let cell = min(width, (notes.map(displayWidth).max() ?? 0) + 2)
        let perRow = max(1, width / cell)
        let rowMaximum = 8
        let shown = notes.count > perRow * rowMaximum ? perRow * rowMaximum : notes.count
        var rows: [String] = []
        for start in stride(from: 0, to: shown, by: perRow) {
            var row = ""
            for note in notes[start..<min(start + perRow, shown)] {
                let text = shortened(note, to: cell)
                row += text + String(repeating: " ", count: max(0, cell - displayWidth(text)))
            }
            rows.append(row)
        }
        if shown < notes.count { rows.append("… and \(notes.count - shown) more") }
        return rows
    }
}
