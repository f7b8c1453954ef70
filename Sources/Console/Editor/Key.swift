/// Names what a person pressed, whatever bytes the terminal sends for it.
package enum Key: Equatable, Sendable {
    case text(String)
    /// What the terminal says was pasted and not typed.
    case paste(String)
    case enter, newline, tab, backTab, backspace, delete, escape
    case up, down, left, right, home, end, pageUp, pageDown
    case wordLeft, wordRight, deleteWordLeft, deleteWordRight
    /// A letter pressed with Ctrl, in lower case.
    case control(Character)
    /// What the editor has no use for.
    case other
}
