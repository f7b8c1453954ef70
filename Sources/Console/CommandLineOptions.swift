// What the command line says.

import Starling

package struct CommandLineOptions {
    package enum Outcome {
        case run(CommandLineOptions)
        case help
        case version
        case invalid(String)
    }

    package var databasePath: String?
    /// What `-c` and `-f` give, in their order.
    package enum Script: Equatable {
        case text(String)
        case file(String)
    }

    package var scripts: [Script] = []
    package var format: OutputFormat?
    package var isExchange = false
    package var makesSample = false
    package var threadCount: Int?
    package var memoryLimit: Int?

    package static let usage = """
        usage: starling [DATABASE] [-c SQL | -f FILE] [options]
          DATABASE            a folder; without it the database is in memory
          -c SQL              runs SQL and exits
          -f FILE             runs the statements of a file and exits
          --format FORMAT     \(OutputFormat.allCases.map(\.rawValue).joined(separator: ", "))
          --threads N         threads that queries run on
          --memory-limit N    bytes that all queries together may hold
          --sample            writes TPC-H at scale 0.1 into ./sample and makes views over it
          --exchange          JSON lines in, JSON lines out, for programs
          --version, --help
        """

    package static func parse(_ arguments: some Sequence<String>) -> Outcome {
        var options = CommandLineOptions()
        var iterator = arguments.makeIterator()
        while let argument = iterator.next() {
            func value() -> String? { iterator.next() }
            switch argument {
            case "-h", "--help": return .help
            case "-V", "--version": return .version
            case "--exchange": options.isExchange = true
            case "--sample": options.makesSample = true
            case "-c":
                guard let sql = value() else { return .invalid("-c needs SQL") }
                options.scripts.append(.text(sql))
            case "-f":
                guard let file = value() else { return .invalid("-f needs a file") }
                options.scripts.append(.file(file))
            case "--format":
                guard let name = value(), let format = OutputFormat(rawValue: name) else {
                    return .invalid(
                        "--format takes one of "
                            + OutputFormat.allCases.map(\.rawValue).joined(separator: ", "))
                }
                options.format = format
            case "--threads":
                let most = Configuration.threadCountMax
                guard let text = value(), let count = Int(text), (1...most).contains(count) else {
                    return .invalid("--threads takes a number from 1 to \(most)")
                }
                options.threadCount = count
            case "--memory-limit":
                guard let text = value(), let count = Int(text), count > 0 else {
                    return .invalid("--memory-limit needs a number of bytes")
                }
                options.memoryLimit = count
            default:
                if argument.hasPrefix("-"), argument != "-" {
                    return .invalid("there is no option \(argument)")
                }
                guard options.databasePath == nil else {
                    return .invalid("two databases are named: \(argument) is the second")
                }
                options.databasePath = argument
            }
        }
        return .run(options)
    }
}
