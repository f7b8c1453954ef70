// The prompt: reads statements from a terminal until they are complete, and runs them.

import Starling

struct Prompt {
    private let session: Session
    private let interpreter: ScriptInterpreter

    init(_ session: Session, _ interpreter: ScriptInterpreter) {
        self.session = session
        self.interpreter = interpreter
    }

    /// Returns the exit status.
    func run() -> Int32 {
        interpreter.showsTime = true
        interpreter.isInteractive = true
        watchInterrupts()
        writeText(
            "Starling \(starlingVersion). SQL ends with ;  .help lists commands, .quit ends.\n",
            to: standardOutput)
        let terminal = environmentValue("TERM") ?? "dumb"
        if terminal != "dumb", isTerminal(standardOutput), let raw = RawTerminal() {
            runEditing(raw)
        } else {
            runPlain()
        }
        return 0
    }

    private func runEditing(_ terminal: RawTerminal) {
        let completer = Completer(session)
        let editor = LineEditor(
            isReady: { interpreter.isReady($0) || Self.farewell($0) != nil },
            complete: { completer.complete($0) })
        let reader = StatementReader(
            terminal: terminal, file: HistoryFile(environment: environmentValue), editor: editor)
        while !interpreter.isFinished {
            switch reader.read() {
            case .statement(let text): execute(text)
            case .abandoned: continue
            case .ended: return
            }
        }
    }

    /// Reads lines as the terminal gives them.
    private func runPlain() {
        var text = ""
        while !interpreter.isFinished {
            writeText(text.isEmpty ? PromptTexts.first : PromptTexts.next, to: standardOutput)
            guard let line = readLine() else {
                writeText("\n", to: standardOutput)
                return
            }
            text += line + "\n"
            guard interpreter.isReady(text) || Self.farewell(text) != nil else { continue }
            execute(text)
            text = ""
        }
    }

    private func execute(_ text: String) {
        _ = interpreter.run(Self.farewell(text) ?? text)
    }

    /// Returns the command that a newcomer means who types a word of another shell.
    static func farewell(_ text: String) -> String? {
        let words = text.lowercased().split { $0.isWhitespace || $0 == ";" }
        guard words.count == 1, let word = words.first else { return nil }
        switch word {
        case "quit", "exit", "\\q", ".exit", ":q": return ".quit"
        case "help", "?", "\\?", "\\h": return ".help"
        default: return nil
        }
    }
}
