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
        writeText("Starling \(starlingVersion); .help lists commands, .quit ends\n", to: 1)
        var text = ""
        while !interpreter.isFinished {
            writeText(text.isEmpty ? "starling> " : "     ...> ", to: standardOutput)
            guard let line = readLine() else { break }
            if text.isEmpty, line.hasPrefix(".") {
                _ = interpreter.runCommand(line)
                continue
            }
            text += line + "\n"
            if session.completeness(of: text) != .incomplete {
                _ = interpreter.runSQL(text)
                text = ""
            }
        }
        return 0
    }
}
