// Commands of the shell itself: a row each. To add one, add a row.

import Starling
import StarlingErrors

/// Describes a command that begins with a dot.
struct DotCommand: Sendable {
    /// Says what the first argument is, for completion.
    enum Argument: Sendable {
        case none
        case table
        case path
        case choice([String])
    }

    let name: String
    let arguments: String
    let summary: String
    var takes = Argument.none
    /// Returns false where the command failed and a script should stop.
    let run: @Sendable (ScriptInterpreter, [CommandLine.Word]) -> Bool

    static let all: [DotCommand] = [
        DotCommand(name: "help", arguments: "", summary: "Lists these commands.") { shell, _ in
            let width = all.map { $0.usage.count }.max() ?? 0
            for command in all {
                let padding = String(repeating: " ", count: width - command.usage.count + 2)
                shell.write("\(command.usage)\(padding)\(command.summary)\n")
            }
            shell.write("An argument with blanks goes into quotes: '…', \"…\" or `…`.\n")
            shell.write("Everything else is SQL and ends with ;\n")
            return true
        },
        DotCommand(
            name: "tables", arguments: "[PATTERN]", summary: "Lists tables and views.",
            takes: .table
        ) { shell, arguments in
            let pattern = arguments.first.map { " LIKE \(quotedText($0.text))" } ?? ""
            return shell.runOwnSQL("SHOW FULL TABLES\(pattern)")
        },
        DotCommand(
            name: "schema", arguments: "[TABLE]", summary: "Shows columns and types.",
            takes: .table
        ) { shell, arguments in
            guard let table = arguments.first else { return shell.showAllSchemas() }
            return shell.runOwnSQL("DESC \(table.sqlTable)")
        },
        DotCommand(
            name: "read", arguments: "FILE", summary: "Runs the statements of a file.", takes: .path
        ) { shell, arguments in
            guard let file = arguments.first else { return shell.fail(".read needs a file") }
            return shell.runFile(file.text)
        },
        DotCommand(
            name: "sample", arguments: "[FOLDER]",
            summary: "Writes TPC-H at scale 0.1 into a folder and makes views over it.",
            takes: .path
        ) { shell, arguments in
            shell.makeSample(folder: arguments.first?.text ?? "sample")
        },
        DotCommand(
            name: "timer", arguments: "on|off", summary: "Prints how long queries take.",
            takes: .choice(["on", "off"])
        ) { shell, arguments in
            switch arguments.first?.text {
            case "on": shell.showsTime = true
            case "off": shell.showsTime = false
            case nil: shell.write("timer is \(shell.showsTime ? "on" : "off")\n")
            default: return shell.fail(".timer takes on or off")
            }
            return true
        },
        DotCommand(
            name: "mode", arguments: "[FORMAT]", summary: "Sets how results are printed.",
            takes: .choice(OutputFormat.names)
        ) { shell, arguments in
            guard let name = arguments.first?.text else {
                let names = OutputFormat.names.joined(separator: ", ")
                shell.write("mode is \(shell.format.rawValue); there are \(names)\n")
                return true
            }
            guard let format = OutputFormat(rawValue: name) else {
                return shell.fail(OutputFormat.refusal(of: name, by: ".mode"))
            }
            shell.format = format
            return true
        },
        DotCommand(
            name: "rows", arguments: "[N|all]", summary: "Sets how many rows a table shows.",
            takes: .choice(["all"])
        ) { shell, arguments in
            switch arguments.first?.text {
            case nil: shell.write("\(shell.shownRowCount.map(String.init) ?? "all") rows\n")
            case "all": shell.shownRowCount = nil
            case let text?:
                guard let count = Int(text), count > 0 else {
                    return shell.fail(".rows takes a number or all")
                }
                shell.shownRowCount = count
            }
            return true
        },
        DotCommand(
            name: "output", arguments: "[FILE]",
            summary: "Prints results into a file; without one to the terminal again.", takes: .path
        ) { shell, arguments in
            shell.redirect(to: arguments.first?.text)
        },
        DotCommand(name: "quit", arguments: "", summary: "Ends the shell.") { shell, _ in
            shell.isFinished = true
            return true
        },
    ]

    /// Is what a name means, which may be shortened as long as it is clear.
    enum Meaning {
        case command(DotCommand)
        case several([DotCommand])
        case nothing(nearest: String?)
    }

    static func meaning(of name: String) -> Meaning {
        let name = name.lowercased()
        let matches = all.filter { $0.name.hasPrefix(name) }
        if let command = matches.first(where: { $0.name == name }) { return .command(command) }
        switch matches.count {
        case 0: return .nothing(nearest: nearestName(to: name, among: all.map(\.name)))
        case 1: return .command(matches[0])
        default: return .several(matches)
        }
    }

    var usage: String { arguments.isEmpty ? ".\(name)" : ".\(name) \(arguments)" }
}
