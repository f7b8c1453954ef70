// Results as a table that fits the terminal: columns as wide as their values, the widest ones cut
// first, those in the middle left out where there are too many; of many rows the first and the
// last.

import Starling
import StarlingTypes

package struct TableLayout {
    /// Bounds what is shown; nil shows all.
    package struct Shape {
        package var width: Int?
        package var rowCount: Int?

        package init(width: Int? = nil, rowCount: Int? = nil) {
            self.width = width
            self.rowCount = rowCount
        }
    }

    private static let widthMinimum = 8

    /// What stands for columns and rows that are left out.
    private static let gap = "…"

    private let names: [String]
    private let types: [String]
    private let isNumeric: [Bool]
    private let rows: [[String]]
    private let rowCount: Int
    private let headRowCount: Int
    private let width: Int?

    package init(_ result: Result, _ shape: Shape) {
        names = result.columns.map { Self.visible($0.name) }
        types = result.columns.map(\.typeName)
        isNumeric = result.columns.map(\.isNumeric)
        width = shape.width
        rowCount = result.rowCount
        let shown = shape.rowCount ?? rowCount
        // Leaving out a row or two would save nothing.
        let isCut = rowCount > shown + 2
        headRowCount = isCut ? (shown + 1) / 2 : rowCount
        let tailStart = isCut ? rowCount - shown / 2 : rowCount
        rows = Self.rows(result) { [headRowCount] in $0 < headRowCount || $0 >= tailStart }
    }

    private static func rows(_ result: Result, where isShown: (Int) -> Bool) -> [[String]] {
        var rows: [[String]] = []
        var number = 0
        for chunk in result.chunks {
            for row in 0..<chunk.count {
                defer { number += 1 }
                guard isShown(number) else { continue }
                rows.append(
                    result.columns.enumerated().map { position, column in
                        let value = chunk.columns[position].value(at: row)
                        return visible(ResultWriter.shown(value, column.type) ?? "NULL")
                    })
            }
        }
        return rows
    }

    /// Shows what would break the lines, or steer the terminal, as an escape.
    static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(isControl(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
    }

    // MARK: Columns

    /// A column as it is shown, or the gap that stands for some.
    private struct Column {
        var position: Int?
        var width: Int
        var isNumeric = false
    }

    private func columns() -> [Column] {
        let columns = names.indices.map { position in
            var width = max(displayWidth(names[position]), displayWidth(types[position]))
            for row in rows { width = max(width, displayWidth(row[position])) }
            return Column(
                position: position, width: max(1, width), isNumeric: isNumeric[position])
        }
        guard let width else { return columns }
        return fitted(withoutMiddle(columns, width), width)
    }

    /// Leaves out columns in the middle until the others fit when cut.
    private func withoutMiddle(_ columns: [Column], _ width: Int) -> [Column] {
        func needed(_ columns: [Column]) -> Int {
            columns.reduce(1) { $0 + min($1.width, Self.widthMinimum) + 3 }
        }
        guard needed(columns) > width else { return columns }
        var head = Array(columns[..<((columns.count + 1) / 2)])
        var tail = Array(columns[head.count...])
        let gap = Column(width: 1)
        while head.count + tail.count > 1, needed(head + [gap] + tail) > width {
            if tail.count >= head.count { tail.removeFirst() } else { head.removeLast() }
        }
        return head + [gap] + tail
    }

    /// Takes from the widest columns until the lines fit.
    private func fitted(_ columns: [Column], _ width: Int) -> [Column] {
        var columns = columns
        let available = width - 3 * columns.count - 1
        while true {
            let total = columns.reduce(0) { $0 + $1.width }
            guard total > available else { return columns }
            let widest = columns.map(\.width).max() ?? 0
            guard widest > Self.widthMinimum,
                let column = columns.firstIndex(where: { $0.width == widest })
            else { return columns }
            let next = columns.map(\.width).filter { $0 < widest }.max() ?? Self.widthMinimum
            columns[column].width = max(
                Self.widthMinimum, max(next - 1, widest - (total - available)))
        }
    }

    // MARK: Text

    package var text: String {
        let columns = columns()
        var text = border("┌", "┬", "┐", columns)
        text += line(names, columns)
        text += line(types, columns)
        text += border("├", "┼", "┤", columns)
        for (number, row) in rows.enumerated() {
            if number == headRowCount { text += gapLine(columns) }
            text += line(row, columns)
        }
        return text + border("└", "┴", "┘", columns)
    }

    /// What is to be said below the table about its size.
    package var summary: String {
        var text = rowCount == 1 ? "1 row" : "\(rowCount) rows"
        if rows.count < rowCount { text += " (\(rows.count) shown)" }
        let shown = columns().filter { $0.position != nil }.count
        if shown < names.count { text += ", \(names.count) columns (\(shown) shown)" }
        return text
    }

    private func gapLine(_ columns: [Column]) -> String {
        line(names.map { _ in Self.gap }, columns)
    }

    private func border(
        _ left: String, _ middle: String, _ right: String, _ columns: [Column]
    ) -> String {
        left
            + columns.map { String(repeating: "─", count: $0.width + 2) }
            .joined(separator: middle) + right + "\n"
    }

    private func line(_ cells: [String], _ columns: [Column]) -> String {
        var text = "│"
        for column in columns {
            let shown = column.position.map { shortened(cells[$0], to: column.width) } ?? Self.gap
            let padding = String(
                repeating: " ", count: max(0, column.width - displayWidth(shown)))
            text += column.isNumeric ? " \(padding)\(shown) │" : " \(shown)\(padding) │"
        }
        return text + "\n"
    }
}
