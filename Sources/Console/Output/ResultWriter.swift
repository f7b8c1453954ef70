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
        case .csv: return LineWriter(result).separated(.comma)
        case .tsv: return LineWriter(result).separated(.tab)
        case .json: return LineWriter(result).objects(in: ("[", ",\n ", "]\n"))
        case .jsonl:
            return LineWriter(result).objects(in: ("", "\n", result.rowCount == 0 ? "" : "\n"))
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
        if value.isNull { return nil }
        var text: [UInt8] = []
        appendShown(value, type, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    static func appendShown(_ value: Value, _ type: LogicalType, to text: inout [UInt8]) {
        guard type == .varbinary else { return value.appendText(as: type, to: &text) }
        var quoted: [UInt8] = []
        value.appendJSON(as: type, to: &quoted)
        text += quoted.dropFirst().dropLast()
    }

    private static func vertical(_ result: Result) -> String {
        let names = result.columns.map { TableLayout.visible($0.name) }
        let width = names.map(displayWidth).max() ?? 0
        var text = ""
        for (number, row) in rows(result).enumerated() {
            text += "*** row \(number + 1) ***\n"
            for (name, value) in zip(names, row) {
                let padding = String(repeating: " ", count: width - displayWidth(name))
                // Lines break as they do in the value; nothing else steers the terminal.
                let lines = (value ?? "NULL").split(
                    separator: "\n", omittingEmptySubsequences: false)
                let shown = lines.map { TableLayout.visible(String($0)) }.joined(separator: "\n")
                text += "\(padding)\(name): \(shown)\n"
            }
        }
        return text
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
            default: result += TableLayout.visible(String(character))
            }
        }
        return result
    }
}

extension ResultColumn {
    var isNumeric: Bool { type.isNumeric && type != .boolean }
}
