// Formats with a line a row, for programs: every value is written once, behind those before it.

import Starling
import StarlingTypes

/// Writes a result as fields between separators, or as JSON objects.
struct LineWriter {
    enum Separator: UInt8 {
        case comma = 0x2C
        case tab = 0x09
    }

    private let result: Result
    private var text: [UInt8] = []

    init(_ result: Result) { self.result = result }

    /// Writes a line of names and one a row. In CSV NULL is nothing and an empty text is `""`; in
    /// TSV NULL is `\N`.
    func separated(_ separator: Separator) -> String {
        var writer = self
        writer.forEachField(separator: separator.rawValue, last: newline)
        return String(decoding: writer.text, as: UTF8.self)
    }

    private mutating func forEachField(separator: UInt8, last: UInt8) {
        let isTab = separator == Separator.tab.rawValue
        let end = result.columns.count - 1
        for (position, column) in result.columns.enumerated() {
            let start = text.count
            text += Array(column.name.utf8)
            isTab ? escape(from: start) : quote(from: start)
            text.append(position == end ? last : separator)
        }
        for chunk in result.chunks {
            for row in 0..<chunk.count {
                for (position, column) in result.columns.enumerated() {
                    let value = chunk.columns[position].value(at: row)
                    if !value.isNull {
                        let start = text.count
                        ResultWriter.appendShown(value, column.type, to: &text)
                        isTab ? escape(from: start) : quote(from: start)
                    } else if isTab {
                        text += Array("\\N".utf8)
                    }
                    text.append(position == end ? last : separator)
                }
            }
        }
    }

    private mutating func quote(from start: Int) {
        let needsQuotes =
            start == text.count
            || text[start...].contains { byte in
                byte == Separator.comma.rawValue || byte == doubleQuote || byte == newline
                    || byte == carriageReturn
            }
        guard needsQuotes else { return }
        let plain = Array(text[start...])
        text.removeSubrange(start...)
        text.append(doubleQuote)
        for byte in plain {
            if byte == doubleQuote { text.append(byte) }
            text.append(byte)
        }
        text.append(doubleQuote)
    }

    private mutating func escape(from start: Int) {
        guard text[start...].contains(where: { escapeLetter($0) != nil }) else { return }
        let plain = Array(text[start...])
        text.removeSubrange(start...)
        for byte in plain {
            if let letter = escapeLetter(byte) {
                text += [backslash, letter]
            } else {
                text.append(byte)
            }
        }
    }

    // MARK: JSON

    /// Writes an object a row; `frame` is what stands before, between and behind them.
    func objects(in frame: (before: String, between: String, behind: String)) -> String {
        let names = result.columns.map { Array((JSONText.quoted($0.name) + ":").utf8) }
        let between = Array(frame.between.utf8)
        var text = Array(frame.before.utf8)
        var isFirst = true
        for chunk in result.chunks {
            for row in 0..<chunk.count {
                if !isFirst { text += between }
                isFirst = false
                text.append(UInt8(ascii: "{"))
                for (position, column) in result.columns.enumerated() {
                    if position > 0 { text.append(Separator.comma.rawValue) }
                    text += names[position]
                    chunk.columns[position].value(at: row).appendJSON(as: column.type, to: &text)
                }
                text.append(UInt8(ascii: "}"))
            }
        }
        text += Array(frame.behind.utf8)
        return String(decoding: text, as: UTF8.self)
    }
}

private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
private let doubleQuote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")

/// What stands behind the backslash for a byte that TSV cannot hold as it is.
private func escapeLetter(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\t"): UInt8(ascii: "t")
    case newline: UInt8(ascii: "n")
    case carriageReturn: UInt8(ascii: "r")
    case backslash: backslash
    default: nil
    }
}
