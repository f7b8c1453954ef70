// Text of any dialect, brought into the form that column readers know: a byte between fields, quotes
// doubled within quotes. Slow, for what the masks cannot read: escapes, separators of several
// characters, and quotes that stand where none may stand.

import CPlatform
import StarlingMemory

/// Rewrites whole rows.
struct CanonicalText {
    /// Is a row that breaks the rules of quoting.
    struct BrokenRow {
        var row: Int
        var field: Int
        var reason: String
    }

    let block: TextBlock

    init(_ dialect: CSVDialect, _ text: UnsafeRawBufferPointer) {
        var scanner = FieldScanner(dialect, text)
        var bytes = [UInt8](repeating: 0, count: TextBlock.margin)
        bytes.reserveCapacity(text.count + text.count / 8 + 256)
        var ends = [UInt32(truncatingIfNeeded: bytes.count - 1)]
        var bases: [UInt32] = [0]
        var broken: [BrokenRow] = []
        var lines: [Int] = []
        var counted = 0
        var line = 0
        let quote = dialect.quote ?? UInt8(ascii: "\"")
        while case .row = scanner.next(isWhole: true) {
            while counted < scanner.rowStart {
                if text[counted] == dialect.newline[dialect.newline.count - 1] { line += 1 }
                counted += 1
            }
            lines.append(line)
            if let fault = scanner.fault {
                broken.append(
                    BrokenRow(row: bases.count - 1, field: fault.field, reason: fault.reason))
            }
            for field in scanner.fields {
                let content = scanner.content(field)
                // A carriage return at the end would be taken for half of a newline once more.
                if field.isQuoted || content.first == quote || content.last == 13 {
                    bytes.append(quote)
                    for byte in content {
                        if byte == quote { bytes.append(quote) }
                        bytes.append(byte)
                    }
                    bytes.append(quote)
                } else {
                    bytes += content
                }
                ends.append(UInt32(truncatingIfNeeded: bytes.count))
                // Not a carriage return, which the last column would take for half of a newline.
                bytes.append(10)
            }
            bases.append(UInt32(truncatingIfNeeded: ends.count - 1))
        }
        let buffer = Buffer(byteCount: bytes.count + TextBlock.margin)
        bytes.withUnsafeBytes {
            buffer.baseAddress.copyMemory(from: $0.baseAddress!, byteCount: $0.count)
        }
        var masks = starling_dialect()
        masks.quote = quote
        masks.has_quote = 1
        block = TextBlock(buffer, ends: ends, bases: bases, masks)
        block.broken = broken
        block.lines = lines
    }
}
