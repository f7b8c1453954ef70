// What the command line says.

import Starling
import StarlingErrors

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
    package var isReadOnly = false
    package var repairsLog = false
    package var makesSample = false
    package var threadCount: Int?
    package var memoryLimit: Int?

    package static let usage = """
        usage: starling [DATABASE] [-c SQL | -f FILE] [options]
          DATABASE            a folder; without it the database is in memory
          -c SQL              runs SQL and exits
          -f FILE             runs the statements of a file and exits
          --format FORMAT     \(OutputFormat.names.joined(separator: ", "))
          --threads N         threads that queries run on
          --memory-limit SIZE what all queries together may hold: bytes, or 512MB, 2GiB
          --sample            writes TPC-H at scale 0.1 into ./sample and makes views over it
          --read-only         opens DATABASE as it is now, beside the process that writes it
          --repair            goes back to before the damage of a damaged log of DATABASE, keeps that
                              log beside it, and says what is lost
          --exchange          JSON lines in, JSON lines out, for programs; the position of an error
                              counts bytes of the SQL in UTF-8
          --version, --help
        """

    package static func parse(_ arguments: some Sequence<String>) -> Outcome {
        var options = CommandLineOptions()
        var iterator = arguments.makeIterator()
        while let given = iterator.next() {
            // `--name=value` is `--name value`.
            var inline: String?
            var argument = given
            if given.hasPrefix("--"), let sign = given.firstIndex(of: "=") {
                argument = String(given[..<sign])
                inline = String(given[given.index(after: sign)...])
                guard optionsWithValue.contains(argument) || !names.contains(argument) else {
                    return .invalid("\(argument) takes no value")
                }
            }
            func value() -> String? { inline ?? iterator.next() }
            switch argument {
            case "-h", "--help": return .help
            case "-V", "--version": return .version
            case "--exchange": options.isExchange = true
            case "--read-only": options.isReadOnly = true
            case "--repair": options.repairsLog = true
            case "--sample": options.makesSample = true
            case "-c":
                guard let sql = value() else { return .invalid("-c needs SQL") }
                options.scripts.append(.text(sql))
            case "-f":
                guard let file = value() else { return .invalid("-f needs a file") }
                options.scripts.append(.file(file))
            case "--format":
                guard let name = value() else {
                    return .invalid(
                        "--format takes one of \(OutputFormat.names.joined(separator: ", "))")
                }
                guard let format = OutputFormat(rawValue: name) else {
                    return .invalid(OutputFormat.refusal(of: name, by: "--format"))
                }
                options.format = format
            case "--threads":
                let most = Configuration.threadCountMax
                guard let text = value(), let count = Int(text), (1...most).contains(count) else {
                    return .invalid("--threads takes a number from 1 to \(most)")
                }
                options.threadCount = count
            case "--memory-limit":
                guard let text = value(), let count = byteCount(text), count > 0 else {
                    return .invalid("--memory-limit takes bytes or a size such as 512MB or 2GiB")
                }
                options.memoryLimit = count
            default:
                if argument.hasPrefix("-"), argument != "-" {
                    let near = nearestName(to: argument, among: names)
                    return .invalid(
                        "there is no option \(argument)"
                            + (near.map { "; did you mean \($0)?" } ?? ""))
                }
                if isStatement(argument) {
                    return .invalid("'\(argument)' names no database; -c runs SQL")
                }
                guard options.databasePath == nil else {
                    return .invalid("two databases are named: \(argument) is the second")
                }
                options.databasePath = argument
            }
        }
        return .run(options)
    }

    /// Tells whether SQL was given where a folder is named, which would be made.
    private static func isStatement(_ argument: String) -> Bool {
        let words = argument.split(whereSeparator: \.isWhitespace)
        return words.count > 1 && Session.beginsStatement(words[0])
    }

    private static let optionsWithValue: Set<String> = ["--format", "--threads", "--memory-limit"]
    private static let names =
        optionsWithValue.sorted() + [
            "--exchange", "--help", "--read-only", "--repair", "--sample", "--version",
        ]

    /// Reads a size: bytes, or a number with KB, MB, GB, TB (powers of 1,000) or KiB .. TiB (powers
    /// of 1,024) behind it; K, M, G and T alone are the latter.
    private static func byteCount(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.uppercased()
        if unit.isEmpty || unit == "B" { return number }
        guard let power = Array("KMGT").firstIndex(of: unit.first!) else { return nil }
        let base: Int
        switch unit.dropFirst() {
        case "B": base = 1_000
        case "", "IB": base = 1_024
        default: return nil
        }
        var result = number
        for _ in 0...power {
            let (product, overflow) = result.multipliedReportingOverflow(by: base)
            if overflow { return nil }
            result = product
        }
        return result
    }
}
