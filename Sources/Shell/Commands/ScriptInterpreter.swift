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
    private var outputDescriptor: Int32?

    init(_ session: Session, format: OutputFormat?) {
        self.session = session
        self.format = format ?? .table
    }

    /// Runs a text of statements and commands; false where one failed, and the rest was left out.
    func run(_ text: String) -> Bool {
        var sql = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isCommand = line.first == "." && session.completeness(of: sql) != .incomplete
            guard isCommand else {
                sql += line + "\n"
                continue
            }
            guard runSQL(sql), runCommand(String(line)) else { return false }
            sql = ""
            if isFinished { return true }
        }
        return runSQL(sql)
    }

    func runFile(_ path: String) -> Bool {
        guard let text = readFile(path) else { return fail("cannot read '\(path)'") }
        return run(text)
    }

    func runSQL(_ sql: String) -> Bool {
        do throws(DatabaseError) {
            try session.executeScript(sql) { show($0) }
            return true
        } catch {
            return fail(error.description)
        }
    }

    func runCommand(_ line: String) -> Bool {
        let words = line.dropFirst().split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == ";" })
            .map(String.init)
        guard let name = words.first?.lowercased() else {
            return fail("a command follows the dot; .help lists them")
        }
        let matches = DotCommand.all.filter { $0.name.hasPrefix(name) }
        guard let command = matches.first(where: { $0.name == name }) ?? matches.first,
            matches.count == 1 || command.name == name
        else {
            return fail("there is no command .\(name); .help lists them")
        }
        return command.run(self, Array(words.dropFirst()))
    }

    /// Prints a result.
    private func show(_ result: Result) {
        write(ResultWriter.text(of: result, format: format))
        if format == .table || format == .vertical {
            if !result.columns.isEmpty {
                let rows = result.rowCount == 1 ? "1 row" : "\(result.rowCount) rows"
                write(showsTime ? "\(rows) in \(duration(result))\n" : "\(rows)\n")
            } else if showsTime {
                write("done in \(duration(result))\n")
            }
        }
    }

    private func duration(_ result: Result) -> String {
        ResultWriter.milliseconds(result.elapsedSeconds) + " ms"
    }

    func showAllSchemas() -> Bool {
        do throws(DatabaseError) {
            let tables = try session.execute("SHOW TABLES")
            for name in tables.texts(0) {
                guard let name else { continue }
                write("\(name)\n")
                guard runSQL("DESC `\(name)`") else { return false }
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

    func write(_ text: String) { writeText(text, to: outputDescriptor ?? standardOutput) }

    func redirect(to path: String?) -> Bool {
        if let old = outputDescriptor { close(old) }
        outputDescriptor = nil
        guard let path else { return true }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { return fail("cannot write '\(path)'") }
        outputDescriptor = descriptor
        return true
    }

    /// Writes the sample files and makes views over them.
    func makeSample(folder: String) -> Bool {
        do throws(DatabaseError) {
            for table in try session.writeSample(folder: folder, scale: 0.1) {
                write("\(folder)/\(table).parquet\n")
            }
            write("8 views are there; try SELECT * FROM nation;\n")
            return true
        } catch {
            return fail(error.description)
        }
    }
}
