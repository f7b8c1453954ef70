// Commands of the shell itself: a row each. To add one, add a row.

import Starling

/// Describes a command that begins with a dot.
struct DotCommand: Sendable {
    let name: String
    let arguments: String
    let summary: String
    /// Returns false where the command failed and a script should stop.
    let run: @Sendable (ScriptInterpreter, [String]) -> Bool

    static let all: [DotCommand] = [
        DotCommand(name: "help", arguments: "", summary: "Lists these commands.") { shell, _ in
            let width = all.map { $0.usage.count }.max() ?? 0
            for command in all {
                let padding = String(repeating: " ", count: width - command.usage.count + 2)
                shell.write("\(command.usage)\(padding)\(command.summary)\n")
            }
            shell.write("Everything else is SQL and ends with ;\n")
            return true
        },
        DotCommand(name: "tables", arguments: "[PATTERN]", summary: "Lists tables and views.") {
            shell, arguments in
            let pattern = arguments.first.map { " LIKE '\($0)'" } ?? ""
            return shell.runOwnSQL("SHOW FULL TABLES\(pattern)")
        },
        DotCommand(name: "schema", arguments: "[TABLE]", summary: "Shows columns and types.") {
            shell, arguments in
            guard let table = arguments.first else { return shell.showAllSchemas() }
            return shell.runOwnSQL("DESC \(table)")
        },
        DotCommand(name: "read", arguments: "FILE", summary: "Runs the statements of a file.") {
            shell, arguments in
            guard let file = arguments.first else { return shell.fail(".read needs a file") }
            return shell.runFile(file)
        },
        DotCommand(
            name: "sample", arguments: "[FOLDER]",
            summary: "Writes TPC-H at scale 0.1 into a folder and makes views over it."
        ) { shell, arguments in
            shell.makeSample(folder: arguments.first ?? "sample")
        },
        DotCommand(name: "timer", arguments: "on|off", summary: "Prints how long queries take.") {
            shell, arguments in
            switch arguments.first {
            case "on": shell.showsTime = true
            case "off": shell.showsTime = false
            case nil: shell.write("timer is \(shell.showsTime ? "on" : "off")\n")
            default: return shell.fail(".timer takes on or off")
            }
            return true
        },
        DotCommand(name: "mode", arguments: "[FORMAT]", summary: "Sets how results are printed.") {
            shell, arguments in
            let names = OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")
            guard let name = arguments.first else {
                shell.write("mode is \(shell.format.rawValue); there are \(names)\n")
                return true
            }
            guard let format = OutputFormat(rawValue: name) else {
                return shell.fail(".mode takes one of \(names)")
            }
            shell.format = format
            return true
        },
        DotCommand(
            name: "rows", arguments: "[N|all]", summary: "Sets how many rows a table shows."
        ) { shell, arguments in
            switch arguments.first {
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
            summary: "Prints results into a file; without one to the terminal again."
        ) { shell, arguments in
            shell.redirect(to: arguments.first)
        },
        DotCommand(name: "quit", arguments: "", summary: "Ends the shell.") { shell, _ in
            shell.isFinished = true
            return true
        },
    ]

    var usage: String { arguments.isEmpty ? ".\(name)" : ".\(name) \(arguments)" }
}
