// The editor of one statement: keys in, a text out. It draws nothing and reads nothing, so that it
// can be driven by tests.

/// Edits a statement of one or more lines.
package struct LineEditor {
    package enum Outcome: Equatable {
        case editing
        case submitted(String)
        /// Ctrl-C: the text is dropped.
        case abandoned
        /// Ctrl-D on an empty line: the shell is to end.
        case ended
        /// Ctrl-L: the screen is to be cleared.
        case cleared
    }

    package private(set) var buffer = EditBuffer()
    package var history: History
    /// The text that Ctrl-R looks for, while it does.
    package var search: HistorySearch?
    /// What to show below the text: completions, a hint.
    package var notes: [String] = []
    private var killed = ""
    private let isReady: (String) -> Bool
    private let complete: (EditBuffer) -> Completion

    /// - Parameter isReady: tells whether Enter runs a text or begins a new line.
    package init(
        history: History = History(), isReady: @escaping (String) -> Bool,
        complete: @escaping (EditBuffer) -> Completion = { _ in .none }
    ) {
        self.history = history
        self.isReady = isReady
        self.complete = complete
    }

    package mutating func handle(_ key: Key) -> Outcome {
        notes = []
        if search != nil, let outcome = handleSearching(key) { return outcome }
        switch key {
        case .text(let text): buffer.insert(text)
        case .paste(let text): buffer.insert(Self.plain(text))
        case .enter: return handleEnter()
        case .newline: buffer.insert("\n")
        case .tab: handleTab()
        case .control(let letter): return handleControl(letter)
        case .escape, .backTab, .other: break
        default:
            if !handleMovement(key) { handleDeletion(key) }
        }
        return .editing
    }

    /// Replaces the text; for the search in the history.
    package mutating func show(_ text: String) { buffer.set(text) }

    private mutating func handleEnter() -> Outcome {
        let text = buffer.text
        guard isReady(text) else {
            notes = unfinishedNotes
            buffer.insert("\n")
            return .editing
        }
        buffer.set("")
        history.rewind()
        return .submitted(text)
    }

    /// What to say to whoever goes on to a new line.
    private var unfinishedNotes: [String] {
        if buffer.isAtEnd, buffer.cursor == buffer.lineStart {
            return ["a statement ends with ;  Ctrl-C drops it"]
        }
        guard buffer.lineStart > 0, buffer.characters[buffer.lineStart] == "." else { return [] }
        return ["a command stands alone; the statement above ends with ;  Ctrl-C drops it"]
    }

    private mutating func handleMovement(_ key: Key) -> Bool {
        switch key {
        case .left: buffer.move(to: buffer.cursor - 1)
        case .right: buffer.move(to: buffer.cursor + 1)
        case .home: buffer.move(to: buffer.lineStart)
        case .end: buffer.move(to: buffer.lineEnd)
        case .wordLeft: buffer.move(to: buffer.previousWordStart)
        case .wordRight: buffer.move(to: buffer.nextWordEnd)
        case .up: if !buffer.moveUp() { recall(history.older(than: buffer.text)) }
        case .down: if !buffer.moveDown() { recall(history.newer()) }
        case .pageUp: recall(history.older(than: buffer.text))
        case .pageDown: recall(history.newer())
        default: return false
        }
        return true
    }

    private mutating func recall(_ text: String?) {
        if let text { buffer.set(text) }
    }

    private mutating func handleDeletion(_ key: Key) {
        switch key {
        case .backspace: buffer.delete(to: buffer.cursor - 1)
        case .delete: buffer.delete(to: buffer.cursor + 1)
        case .deleteWordLeft: killed = buffer.delete(to: buffer.previousWordStart)
        case .deleteWordRight: killed = buffer.delete(to: buffer.nextWordEnd)
        default: break
        }
    }

    private mutating func handleControl(_ letter: Character) -> Outcome {
        switch letter {
        case "a": buffer.move(to: buffer.lineStart)
        case "e": buffer.move(to: buffer.lineEnd)
        case "b": return handle(.left)
        case "f": return handle(.right)
        case "p": return handle(.up)
        case "n": return handle(.down)
        case "w": killed = buffer.delete(to: buffer.previousBlankStart)
        case "u": killed = buffer.delete(to: buffer.lineStart)
        case "k":
            // At the end of a line the line break goes.
            killed = buffer.delete(to: max(buffer.lineEnd, buffer.cursor + 1 - lineRest))
        case "y": buffer.insert(killed)
        case "r": beginSearch()
        case "l": return .cleared
        case "c":
            buffer.set("")
            history.rewind()
            return .abandoned
        case "d":
            if buffer.isEmpty { return .ended }
            buffer.delete(to: buffer.cursor + 1)
        default: break
        }
        return .editing
    }

    /// 1 where something of the line stands behind the cursor.
    private var lineRest: Int { buffer.lineEnd > buffer.cursor ? 1 : 0 }

    private mutating func handleTab() {
        let isIndent = buffer.characters[buffer.lineStart..<buffer.cursor].allSatisfy(
            \.isWhitespace)
        if isIndent {
            buffer.insert("    ")
            return
        }
        let completion = complete(buffer)
        guard let first = completion.candidates.first else { return }
        let start = buffer.cursor - completion.replacedCount
        let typed = String(buffer.characters[start..<buffer.cursor])
        if completion.candidates.count == 1 {
            buffer.delete(to: start)
            buffer.insert(Completion.text(first.text, continuing: typed) + first.suffix)
            return
        }
        let shared = Completion.text(completion.sharedPrefix, continuing: typed)
        if shared.count > typed.count {
            buffer.delete(to: start)
            buffer.insert(shared)
        } else {
            notes = completion.candidates.map(\.text)
        }
    }

    /// Turns a pasted text into what can be typed: no tabs, no control characters.
    private static func plain(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\r\n", "\n", "\r": result += "\n"
            case "\t": result += "    "
            default:
                let scalar = character.unicodeScalars.first?.value ?? 0
                if scalar >= 0x20, scalar != 0x7F { result.append(character) }
            }
        }
        return result
    }
}
