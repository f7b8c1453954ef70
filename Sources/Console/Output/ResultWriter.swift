// Results as text, in every format but the table.

import Starling
import StarlingTypes

package enum ResultWriter {
    package static func text(
        of result: Result, format: OutputFormat, shape: TableLayout.Shape = TableLayout.Shape()
    ) -> String {
        guard !result.columns.isEmpty else { return "" }
        switch format {
        case .table: return TableLayout(result, shape).text
        case .vertical: return vertical(result)
        case .csv: return separated(result, by: ",", quote: quotedForCSV)
        case .tsv: return separated(result, by: "\t", quote: escapedForTSV)
        case .json: return "[" + objects(result).joined(separator: ",\n ") + "]\n"
        case .jsonl: return objects(result).map { $0 + "\n" }.joined()
        case .markdown: return markdown(result)
        // Files are bytes; `ScriptInterpreter` writes them.
        case .parquet: return ""
        }
    }

    /// Makes the answer of the dialogue.
    package static func exchange(_ result: Result) -> String {
        let columns = result.columns.map {
            "{\"name\":\(JSONText.quoted($0.name)),\"type\":\(JSONText.quoted($0.typeName))}"
        }
        var text: [UInt8] = Array(
            "{\"columns\":[\(columns.joined(separator: ","))],\"rows\":[".utf8)
        var isFirst = true
        for chunk in result.chunks {
            for row in 0..<chunk.count {
                text += isFirst ? [UInt8(ascii: "[")] : Array(",[".utf8)
                isFirst = false
                for (position, column) in result.columns.enumerated() {
                    if position > 0 { text.append(UInt8(ascii: ",")) }
                    chunk.columns[position].value(at: row).appendJSON(as: column.type, to: &text)
                }
                text.append(UInt8(ascii: "]"))
            }
        }
        let elapsed = milliseconds(result.elapsedSeconds)
        text += Array(
            "],\"rows_affected\":\(result.affectedRowCount),\"elapsed_ms\":\(elapsed)}".utf8)
        return String(decoding: text, as: UTF8.self)
    }

    /// Gives milliseconds with three digits behind the point.
    package static func milliseconds(_ seconds: Double) -> String {
        let microseconds = Int((seconds * 1e6).rounded())
        let rest = String(microseconds % 1_000)
        return "\(microseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    private static func rows(_ result: Result) -> [[String?]] {
        result.chunks.flatMap { chunk in
            (0..<chunk.count).map { row in
                result.columns.enumerated().map { position, column in
                    shown(chunk.columns[position].value(at: row), column.type)
                }
            }
        }
    }

    /// Renders a value for people; bytes that are no text are hexadecimal, as MySQL's shell and
    /// ours in JSON show them. Nil is NULL.
    static func shown(_ value: Value, _ type: LogicalType) -> String? {
        guard type == .varbinary, !value.isNull else { return value.text(as: type) }
        var text: [UInt8] = []
        value.appendJSON(as: type, to: &text)
        return String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
    }

    private static func vertical(_ result: Result) -> String {
        let width = result.columns.map(\.name.count).max() ?? 0
        var text = ""
        for (number, row) in rows(result).enumerated() {
            text += "*** row \(number + 1) ***\n"
            for (column, value) in zip(result.columns, row) {
                let padding = String(repeating: " ", count: width - column.name.count)
                text += "\(padding)\(column.name): \(value ?? "NULL")\n"
            }
        }
        return text
    }

    private static func separated(
        _ result: Result, by separator: String, quote: (String?) -> String
    ) -> String {
        var text = result.columns.map { quote($0.name) }.joined(separator: separator) + "\n"
        for row in rows(result) {
            text += row.map(quote).joined(separator: separator) + "\n"
        }
        return text
    }

    /// NULL is nothing, an empty text is "".
    private static func quotedForCSV(_ value: String?) -> String {
        guard let value else { return "" }
        let needsQuotes =
            value.isEmpty
            || value.utf8.contains { byte in
                byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 10 || byte == 13
            }
        guard needsQuotes else { return value }
        return "\""
            + value.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    private static func escapedForTSV(_ value: String?) -> String {
        guard let value else { return "\\N" }
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\t": text += "\\t"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\\": text += "\\\\"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    private static func objects(_ result: Result) -> [String] {
        result.chunks.flatMap { chunk in
            (0..<chunk.count).map { row in
                var text: [UInt8] = [UInt8(ascii: "{")]
                for (position, column) in result.columns.enumerated() {
                    if position > 0 { text.append(UInt8(ascii: ",")) }
                    text += Array((JSONText.quoted(column.name) + ":").utf8)
                    chunk.columns[position].value(at: row).appendJSON(as: column.type, to: &text)
                }
                return String(decoding: text + [UInt8(ascii: "}")], as: UTF8.self)
            }
        }
    }

    private static func markdown(_ result: Result) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        var text = line(result.columns.map { escapedForMarkdown($0.name) })
        text += line(result.columns.map { $0.isNumeric ? "---:" : "---" })
        for row in rows(result) { text += line(row.map { escapedForMarkdown($0 ?? "NULL") }) }
        return text
    }

    private static func escapedForMarkdown(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "|": result += "\\|"
            case "\n": result += "<br>"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}

extension ResultColumn {
    var isNumeric: Bool { type.isNumeric && type != .boolean }
}
