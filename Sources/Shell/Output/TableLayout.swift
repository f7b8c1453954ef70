// Results as a table that fits the terminal: columns as wide as their values, the widest ones cut
// first, and of very many rows the first and the last.

import Starling
import StarlingTypes

struct TableLayout {
    private static let rowCountMaximum = 1_000

    private let names: [String]
    private let types: [String]
    private let rows: [[String]]
    private let isNumeric: [Bool]
    private let hiddenRowCount: Int
    private let headRowCount: Int
    private let width: Int?

    init(_ result: Result, width: Int?) {
        names = result.columns.map { Self.visible($0.name) }
        types = result.columns.map(\.typeName)
        isNumeric = result.columns.map(\.isNumeric)
        self.width = width
        hiddenRowCount = max(0, result.rowCount - Self.rowCountMaximum)
        headRowCount = hiddenRowCount > 0 ? Self.rowCountMaximum / 2 : result.rowCount
        var rows: [[String]] = []
        var number = 0
        for chunk in result.chunks {
            for row in 0..<chunk.count {
                let isShown =
                    number < headRowCount
                    || number >= result.rowCount - (Self.rowCountMaximum - headRowCount)
                number += 1
                guard isShown || hiddenRowCount == 0 else { continue }
                rows.append(
                    result.columns.enumerated().map { position, column in
                        let value = chunk.columns[position].value(at: row)
                        return Self.visible(value.text(as: column.type) ?? "NULL")
                    })
            }
        }
        self.rows = rows
    }

    /// Shows what would break the lines as an escape.
    private static func visible(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                result.unicodeScalars.append(character.value < 0x20 ? "\u{FFFD}" : character)
            }
        }
        return result
    }

    var text: String {
        let widths = fitted(columnWidths())
        var text = border("┌", "┬", "┐", widths)
        text += line(names, widths, header: true)
        text += line(types, widths, header: true)
        text += border("├", "┼", "┤", widths)
        for (number, row) in rows.enumerated() {
            if hiddenRowCount > 0, number == headRowCount {
                text += "│ … \(hiddenRowCount) more rows …\n"
            }
            text += line(row, widths, header: false)
        }
        return text + border("└", "┴", "┘", widths)
    }

    private func columnWidths() -> [Int] {
        names.indices.map { column in
            var width = max(displayWidth(names[column]), displayWidth(types[column]))
            for row in rows { width = max(width, displayWidth(row[column])) }
            return max(1, width)
        }
    }

    /// Takes from the widest columns until the lines fit.
    private func fitted(_ widths: [Int]) -> [Int] {
        guard let width else { return widths }
        var widths = widths
        let available = width - 3 * widths.count - 1
        while widths.reduce(0, +) > available {
            let widest = widths.max() ?? 0
            guard widest > 8, let column = widths.firstIndex(of: widest) else { break }
            let next = widths.filter { $0 < widest }.max() ?? 8
            let excess = widths.reduce(0, +) - available
            widths[column] = max(8, max(next - 1, widest - excess))
        }
        return widths
    }

    private func border(_ left: String, _ middle: String, _ right: String, _ widths: [Int])
        -> String
    {
        left + widths.map { String(repeating: "─", count: $0 + 2) }.joined(separator: middle)
            + right + "\n"
    }

    private func line(_ cells: [String], _ widths: [Int], header: Bool) -> String {
        var text = "│"
        for (column, cell) in cells.enumerated() {
            let shown = truncated(cell, widths[column])
            let padding = String(
                repeating: " ", count: max(0, widths[column] - displayWidth(shown)))
            text += isNumeric[column] ? " \(padding)\(shown) │" : " \(shown)\(padding) │"
        }
        return text + "\n"
    }

    private func truncated(_ text: String, _ width: Int) -> String {
        guard displayWidth(text) > width else { return text }
        var result = ""
        var used = 0
        for character in text {
            let own = displayWidth(String(character))
            if used + own > width - 1 { break }
            result.append(character)
            used += own
        }
        return result + "…"
    }
}

/// Counts the columns of a terminal that a text takes: wide characters of East Asia take two.
func displayWidth(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { sum, character in
        guard let scalar = character.unicodeScalars.first else { return sum }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return sum + 2
        default: return sum + (scalar.properties.generalCategory == .nonspacingMark ? 0 : 1)
        }
    }
}
