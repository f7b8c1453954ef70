// Draws frames on the terminal: goes back to the first row of the last frame, clears, writes anew.

struct ScreenPainter {
    private var cursorRow = 0
    private var rowCount = 1

    /// Returns what to write to show a frame in place of the last one.
    mutating func draw(_ frame: ScreenFrame) -> String {
        var text = toFirstRow + "\u{1B}[J"
        text += frame.rows.joined(separator: "\r\n")
        let below = frame.rows.count - 1 - frame.cursorRow
        if below > 0 { text += "\u{1B}[\(below)A" }
        text += "\r"
        if frame.cursorColumn > 0 { text += "\u{1B}[\(frame.cursorColumn)C" }
        cursorRow = frame.cursorRow
        rowCount = frame.rows.count
        return text
    }

    /// Returns what to write to leave the frame standing and begin below it.
    mutating func leave() -> String {
        let below = rowCount - 1 - cursorRow
        (cursorRow, rowCount) = (0, 1)
        return (below > 0 ? "\u{1B}[\(below)B" : "") + "\r\n"
    }

    /// Returns what to write to clear the whole screen.
    mutating func clear() -> String {
        (cursorRow, rowCount) = (0, 1)
        return "\u{1B}[H\u{1B}[2J"
    }

    private var toFirstRow: String { (cursorRow > 0 ? "\u{1B}[\(cursorRow)A" : "") + "\r" }
}
