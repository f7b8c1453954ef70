// Reads statements from a terminal that understands the control sequences of xterm: keys in,
// frames out, until a statement is ready.

/// Reads one statement after the other.
final class StatementReader {
    enum Line {
        case statement(String)
        /// The person dropped the text.
        case abandoned
        case ended
    }

    private static let pasteOn = "\u{1B}[?2004h"
    private static let pasteOff = "\u{1B}[?2004l"
    /// How long a lone escape waits for the rest of a sequence.
    private static let escapeMilliseconds: Int32 = 40

    private var editor: LineEditor
    private var painter = ScreenPainter()
    private var decoder = KeyDecoder()
    private let terminal: RawTerminal
    private let file: HistoryFile?

    init(terminal: RawTerminal, file: HistoryFile?, editor: LineEditor) {
        self.terminal = terminal
        self.file = file
        self.editor = editor
        self.editor.history = History(file?.load() ?? [])
    }

    func read() -> Line {
        terminal.enter()
        writeText(Self.pasteOn, to: standardOutput)
        defer {
            writeText(Self.pasteOff, to: standardOutput)
            terminal.leave()
        }
        paint()
        while true {
            guard let key = nextKey() else {
                leave()
                return .ended
            }
            let typed = editor.buffer.text
            switch editor.handle(key) {
            case .editing: if !terminal.hasInput { paint() }
            case .submitted(let text):
                leaveShowing(text)
                remember(text)
                return .statement(text)
            case .abandoned:
                leaveShowing(typed, mark: "^C")
                return .abandoned
            case .ended:
                leave()
                return .ended
            case .cleared:
                writeText(painter.clear(), to: standardOutput)
                paint()
            }
        }
    }

    /// Waits for a key; nil at the end of the input.
    private func nextKey() -> Key? {
        while true {
            let wait = decoder.awaitsSequence ? Self.escapeMilliseconds : -1
            switch terminal.read(waitMilliseconds: wait) {
            case .byte(let byte): if let key = decoder.feed(byte) { return key }
            case .timeout: if let key = decoder.timeOut() { return key }
            case .resized: paint()
            case .end: return nil
            }
        }
    }

    private func paint() {
        let prompt: String
        if let search = editor.search {
            prompt = (search.isFailing ? "failing search '" : "search '") + search.text + "': "
        } else {
            prompt = PromptTexts.first
        }
        draw(editor.buffer, prompt: prompt, notes: editor.notes)
    }

    private func draw(_ buffer: EditBuffer, prompt: String, notes: [String]) {
        let frame = ScreenFrame(
            buffer, prompts: (prompt, PromptTexts.next), notes: notes, size: terminal.size)
        writeText(painter.draw(frame), to: standardOutput)
    }

    /// Leaves a statement as it was typed, without notes, a mark behind it, and goes below it.
    private func leaveShowing(_ text: String, mark: String = "") {
        var buffer = EditBuffer()
        buffer.set(text)
        draw(buffer, prompt: PromptTexts.first, notes: [])
        leave(with: mark)
    }

    private func leave(with mark: String = "") {
        writeText(mark + painter.leave(), to: standardOutput)
    }

    private func remember(_ text: String) {
        var statement = text[...]
        while let last = statement.last, last.isWhitespace { statement.removeLast() }
        // As in other shells, what begins with a blank is not kept.
        guard !statement.isEmpty, statement.first != " " else { return }
        if editor.history.add(String(statement)) { file?.append(String(statement)) }
    }
}

/// Holds what stands before the lines that a person types.
enum PromptTexts {
    static let first = "starling> "
    static let next = "     ...> "
}
