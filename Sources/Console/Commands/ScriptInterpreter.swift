// Runs what is typed or read: statements of SQL and the shell's own commands.

import Starling

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

final class ScriptInterpreter {
    let session: Session
    var format: OutputFormat
    var showsTime = false
    var isFinished = false
    /// A person waits: Ctrl-C cancels a statement and not the shell.
    var isInteractive = false
    /// How many rows a table shows on a terminal; nil shows all.
    var shownRowCount: Int? = 40
    private var outputDescriptor: Int32?
    /// Why output was lost, until it is reported.
    private var outputFailure: String?
    /// The files that are being read, each by a command of the one before.
    private var files: [String] = []
    private static let fileDepthMax = 50
    /// The output is one file of a format that holds one result, and has it.
    private var hasWrittenFile = false

    init(_ session: Session, format: OutputFormat?) {
        self.session = session
        self.format = format ?? .table
    }

    /// Runs a text of statements and commands; false where one failed, and the rest was left out.
    func run(_ text: String) -> Bool {
        var sql = ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let isCommand = line.first == "." && session.completeness(of: sql) != .incomplete
            guard isCommand else {
                sql += line + "\n"
                continue
            }
            guard runSQL(sql), runCommand(String(line)), isWritten() else { return false }
            // Lines in front keep the numbers of those that follow, for messages.
            sql = String(repeating: "\n", count: number + 1)
            if isFinished { return true }
        }
        return runSQL(sql) && isWritten()
    }

    /// Tells whether a typed text can be run: nothing of it is open.
    func isReady(_ text: String) -> Bool {
        var sql = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isCommand = line.first == "." && session.completeness(of: sql) != .incomplete
            sql = isCommand ? "" : sql + line + "\n"
        }
        return session.completeness(of: sql) != .incomplete
    }

    func runFile(_ path: String) -> Bool {
        guard let text = readFile(path) else {
            return fail("cannot read '\(path)': \(lastSystemError())")
        }
        guard files.count < Self.fileDepthMax else {
            return fail("'\(path)' is not read: \(files.count) files read each other")
        }
        files.append(path)
        defer { files.removeLast() }
        return run(text)
    }

    func runSQL(_ sql: String) -> Bool {
        do throws(DatabaseError) { return try execute(sql) } catch {
            return fail((files.last.map { "in '\($0)': " } ?? "") + error.description)
        }
    }

    /// Runs SQL that a command made: nobody typed it, so an error doesn't show it.
    func runOwnSQL(_ sql: String) -> Bool {
        do throws(DatabaseError) { return try execute(sql) } catch {
            return fail("\(error.kind.rawValue) error: \(error.message)")
        }
    }

    /// Runs statements and prints their results; false where one can't be printed.
    private func execute(_ sql: String) throws(DatabaseError) -> Bool {
        let watch = makeWatch()
        defer { watch.end() }
        var isShown = true
        try session.executeScript(sql) { result in
            watch.statementEnded()
            isShown = show(result) && isShown
            for warning in result.warnings { writeError("warning: \(warning)") }
        }
        return isShown
    }

    func runCommand(_ line: String) -> Bool {
        let read = CommandLine(line.dropFirst())
        guard let name = read.words.first?.text else {
            return fail("a command follows the dot; .help lists them")
        }
        if let mark = read.openMark {
            return fail("a quotation lacks the \(mark) at its end: \(line)")
        }
        switch DotCommand.meaning(of: name) {
        case .command(let command): return command.run(self, Array(read.words.dropFirst()))
        case .several(let commands):
            let names = commands.map { ".\($0.name)" }.joined(separator: " or ")
            return fail(".\(name) is short for \(names)")
        case .nothing(let nearest):
            let hint = nearest.map { "did you mean .\($0)? .help lists all" } ?? ".help lists them"
            return fail("there is no command .\(name); \(hint)")
        }
    }

    /// Prints a result; false where it can't be printed in the format.
    private func show(_ result: Result) -> Bool {
        let time = showsTime ? " in \(Self.duration(result.elapsedSeconds))" : ""
        guard !result.columns.isEmpty else {
            guard showsTime, format.isForPeople else { return true }
            let count = result.affectedRowCount
            let rows = count == 0 ? "" : count == 1 ? ", 1 row" : ", \(count) rows"
            write("done\(rows)\(time)\n")
            return true
        }
        let isOnTerminal = outputDescriptor == nil && isTerminal(standardOutput)
        let shape = TableLayout.Shape(
            width: isOnTerminal ? terminalWidth() : nil,
            rowCount: isOnTerminal ? shownRowCount : nil)
        switch format {
        case .table where result.columns.count == 1 && result.columns[0].name == "Explain String":
            // A plan is a text; a frame would only cut it.
            write(result.texts(0).map { ($0 ?? "") + "\n" }.joined())
            if showsTime { write("done\(time)\n") }
        case .table where result.rowCount == 1 && Self.hasLines(result):
            write(ResultWriter.text(of: result, format: .vertical) + "1 row\(time)\n")
        case .table:
            let layout = TableLayout(result, shape)
            write(layout.text + layout.summary + time + "\n")
        case .vertical:
            let rows = result.rowCount == 1 ? "1 row" : "\(result.rowCount) rows"
            write(ResultWriter.text(of: result, format: format) + rows + time + "\n")
        case .parquet: return writeFile(result)
        default: write(ResultWriter.text(of: result, format: format))
        }
        return true
    }

    /// Tells whether a value has several lines, as a statement does that makes a table.
    private static func hasLines(_ result: Result) -> Bool {
        result.columns.indices.contains { column in
            result.texts(column).contains { $0?.contains("\n") == true }
        }
    }

    /// Writes a result as a file into the output.
    private func writeFile(_ result: Result) -> Bool {
        let descriptor = outputDescriptor ?? standardOutput
        guard !isTerminal(descriptor) else {
            return fail("\(format.rawValue) is no text; name a file with .output FILE or > FILE")
        }
        guard !hasWrittenFile else {
            return fail("a \(format.rawValue) file holds one result; name another .output FILE")
        }
        hasWrittenFile = true
        do throws(DatabaseError) {
            outputFailure = writeBytes(
                try result.fileBytes(format: format.rawValue), to: descriptor)
            return true
        } catch {
            return fail(error.description)
        }
    }

    static func duration(_ seconds: Double) -> String {
        guard seconds >= 1 else { return ResultWriter.milliseconds(seconds) + " ms" }
        return ResultWriter.milliseconds(seconds / 1_000) + " s"
    }

    /// Lets Ctrl-C and the progress bar look at what runs.
    private func makeWatch() -> StatementWatch {
        // Of a script Ctrl-C ends all that follows; a person at the prompt goes on.
        if isInteractive { forgetInterrupts() }
        return StatementWatch(session, showsProgress: isTerminal(standardError))
    }

    func showAllSchemas() -> Bool {
        do throws(DatabaseError) {
            let tables = try session.execute("SHOW TABLES")
            for name in tables.texts(0) {
                guard let name else { continue }
                write("\(name)\n")
                guard runOwnSQL("DESC \(quoted(name))") else { return false }
            }
            return true
        } catch {
            return fail(error.description)
        }
    }

    /// Reports a failure; always false.
    func fail(_ message: String) -> Bool {
        writeError(message)
        return false
    }

    func write(_ text: String) {
        guard outputFailure == nil else { return }
        outputFailure = writeText(text, to: outputDescriptor ?? standardOutput)
    }

    /// Reports output that was lost.
    private func isWritten() -> Bool {
        guard let reason = outputFailure else { return true }
        outputFailure = nil
        return fail("the output could not be written: \(reason)")
    }

    func redirect(to path: String?) -> Bool {
        if let old = outputDescriptor { close(old) }
        outputDescriptor = nil
        hasWrittenFile = false
        guard let path else { return true }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { return fail("cannot write '\(path)': \(lastSystemError())") }
        outputDescriptor = descriptor
        return true
    }

    /// Writes the sample files and makes views over them.
    func makeSample(folder: String) -> Bool {
        let watch = makeWatch()
        defer { watch.end() }
        do throws(DatabaseError) {
            let tables = try session.writeSample(
                folder: absolutePath(folder), scale: 0.1)
            watch.statementEnded()
            for table in tables {
                write("\(folder)/\(table).parquet\n")
            }
            write("8 views are there; try SELECT * FROM nation;\n")
            return true
        } catch {
            watch.end()
            return fail(error.description)
        }
    }
}

/// Gives the path that means the same from any working folder, as what a database keeps has to.
private func absolutePath(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return "\(String(cString: folder))/\(path)"
}
