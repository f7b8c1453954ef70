// Decides what the shell does: answers a program, runs given SQL, reads a script or prompts.

import Starling

/// Runs the shell as the command line says and returns the exit status.
package func runShell(_ arguments: some Sequence<String>) -> Int32 {
    switch CommandLineOptions.parse(arguments) {
    case .help:
        writeText(CommandLineOptions.usage + "\n", to: standardOutput)
        return 0
    case .version:
        writeText("starling \(starlingVersion)\n", to: standardOutput)
        return 0
    case .invalid(let message):
        writeError("starling: \(message)\n\(CommandLineOptions.usage)")
        return 1
    case .run(let options):
        do throws(DatabaseError) {
            return options.repairsLog
                ? try repairLog(options) : try ShellRunner(options).run()
        } catch {
            writeError("starling: \(error)")
            return 1
        }
    }
}

/// Brings back what can be read of a damaged log, says what is lost, and opens the database to see
/// that it opens.
private func repairLog(_ options: CommandLineOptions) throws(DatabaseError) -> Int32 {
    guard let path = options.databasePath else {
        writeError("starling: --repair needs a DATABASE")
        return 1
    }
    let result = try Database.repairLog(path: path)
    let text = ResultWriter.text(of: result, format: options.format ?? .table)
    writeText(text.hasSuffix("\n") ? text : text + "\n", to: standardOutput)
    _ = try Database(path: path)
    return 0
}

struct ShellRunner {
    let options: CommandLineOptions
    private let session: Session

    init(_ options: CommandLineOptions) throws(DatabaseError) {
        self.options = options
        var configuration = Configuration(
            threadCount: options.threadCount, memoryLimit: options.memoryLimit)
        configuration.isReadOnly = options.isReadOnly
        let database =
            if let path = options.databasePath {
                try Database(path: path, configuration: configuration)
            } else {
                Database(configuration: configuration)
            }
        session = database.makeSession()
    }

    /// Returns the exit status.
    func run() -> Int32 {
        if options.isExchange {
            return runExchange()
        }
        let interpreter = ScriptInterpreter(session, format: options.format)
        let isPrompt = options.scripts.isEmpty && isTerminal(standardInput)
        var scripts = options.scripts
        if scripts.isEmpty, !isPrompt {
            guard let script = readAll(standardInput) else {
                writeError("starling: standard input cannot be read: \(lastSystemError())")
                return 1
            }
            scripts = [.text(script)]
        }
        watchInterrupts()
        let status = runScripts(scripts, interpreter)
        guard status == 0, isPrompt, !interpreter.isFinished else { return status }
        return Prompt(session, interpreter).run()
    }

    /// Runs what was given; 130 is what shells return where Ctrl-C ended a command.
    private func runScripts(
        _ scripts: [CommandLineOptions.Script], _ interpreter: ScriptInterpreter
    ) -> Int32 {
        var isDone = !options.makesSample || interpreter.run(".sample")
        for script in scripts where isDone && !wasInterrupted && !interpreter.isFinished {
            switch script {
            case .text(let text): isDone = interpreter.run(text)
            case .file(let path): isDone = interpreter.runFile(path)
            }
        }
        return wasInterrupted ? 130 : isDone ? 0 : 1
    }

    private func runExchange() -> Int32 {
        var failure: String?
        let loop = ExchangeLoop(session) { reply in
            failure = failure ?? writeText(reply + "\n", to: standardOutput)
        }
        while failure == nil, let line = readLine() { loop.answer(line) }
        guard let failure else { return 0 }
        writeError("starling: a reply could not be written: \(failure)")
        return 1
    }
}
