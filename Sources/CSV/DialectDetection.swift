// Finds the dialect that a sample was most likely written in: every candidate reads the sample, and
// the one wins whose rows have the same number of fields, the more the better, with no broken quotes.
// Lines of a title before the table say nothing of the separator. Lines are comments where they begin
// with # and none of them has as many fields as the rows. Where every second field of all rows is
// empty, the separator is the same character twice.

/// Chooses among dialects by a sample of a file.
enum DialectDetection {
    private static let separators: [[UInt8]] = [",", "\t", ";", "|", "\u{1}", "~", "^"].map {
        Array(($0 as String).utf8)
    }
    private static let rowCountMax = 200

    /// How well a dialect reads the sample.
    private struct Score {
        var dialect: CSVDialect
        var fieldCount: Int
        var isConsistent: Bool
        var faultCount: Int
        /// Fields that are quoted, or that have quotes at both ends without being so.
        var quotedCount: Int
        var consistency: Double
        /// True where all rows have an empty field between any two others.
        var isHalfEmpty: Bool
        /// Lines that are no rows unless they are titles.
        var titleCount = 0

        /// An apostrophe beside them is text.
        var hasUsualQuotes: Bool { dialect.quote == UInt8(ascii: "\"") && quotedCount > 0 }
    }

    static func detect(
        _ text: UnsafeRawBufferPointer, isWhole: Bool, _ options: CSVOptions
    ) -> CSVDialect {
        var base = CSVDialect()
        base.comment = options.comment
        base.trimsSpace = options.trimsSpace
        base.newline = options.newline ?? newline(of: text)
        if base.newline == [13, 10] { base.newline = [10] }
        var candidates: [CSVDialect] = []
        let comments = options.comment == nil && hasMarkedLine(text) ? [nil, mark] : [base.comment]
        for comment in comments {
            for separator in options.separator.map({ [$0] }) ?? separators + doubled(text) {
                for (quote, escape) in quotings(text, options) {
                    var dialect = base
                    dialect.separator = separator
                    dialect.quote = quote
                    dialect.escape = escape == quote ? nil : escape
                    dialect.comment = comment
                    candidates.append(dialect)
                    if !base.trimsSpace, hasSpaceBesideQuotes(text, dialect) {
                        dialect.trimsSpace = true
                        candidates.append(dialect)
                    }
                }
            }
        }
        var best: Score?
        for dialect in candidates {
            guard let score = score(dialect, text, isWhole: isWhole, options) else { continue }
            if best.map({ isBetter(score, $0) }) ?? true { best = score }
        }
        if let best, best.fieldCount > 1 || options.separator != nil { return best.dialect }
        // One column: the usual dialect, with the quotes that were found.
        var single = best?.dialect ?? base
        single.comment = base.comment
        if options.separator == nil { single.separator = [UInt8(ascii: ",")] }
        return single
    }

    /// Tells whether blanks stand between quotes and separators.
    private static func hasSpaceBesideQuotes(
        _ text: UnsafeRawBufferPointer, _ dialect: CSVDialect
    ) -> Bool {
        guard let quote = dialect.quote, dialect.separator.count == 1 else { return false }
        let ends = [dialect.separator[0], 10, 13]
        // What stands before the blanks that lead here, and whether there are any.
        var before: UInt8 = 10
        var isBehindSpace = false
        for byte in text {
            if byte == UInt8(ascii: " ") {
                isBehindSpace = true
                continue
            }
            if isBehindSpace {
                if byte == quote, ends.contains(before) { return true }
                if before == quote, ends.contains(byte) { return true }
            }
            before = byte
            isBehindSpace = false
        }
        return false
    }

    /// Separators of two characters that occur in a text.
    private static func doubled(_ text: UnsafeRawBufferPointer) -> [[UInt8]] {
        separators.compactMap { separator in
            let isThere = zip(text, text.dropFirst()).contains {
                $0 == separator[0] && $1 == separator[0]
            }
            return isThere ? separator + separator : nil
        }
    }

    private static func quotings(
        _ text: UnsafeRawBufferPointer, _ options: CSVOptions
    ) -> [(quote: UInt8?, escape: UInt8?)] {
        let double = UInt8(ascii: "\"")
        let single = UInt8(ascii: "'")
        let backslash = UInt8(ascii: "\\")
        var quotes: [UInt8?] = [double]
        if let given = options.quote {
            quotes = [given]
        } else if text.contains(single) {
            quotes.append(single)
        }
        if let escape = options.escape { return quotes.map { ($0, escape) } }
        let plain = quotes.map { (quote: $0, escape: UInt8?.none) }
        guard text.contains(backslash) else { return plain }
        // Where quotes are escaped, the plain reading is at fault; else backslashes are text.
        return plain + quotes.map { ($0, backslash) }
    }

    private static func newline(of text: UnsafeRawBufferPointer) -> [UInt8] {
        if text.contains(10) { return [10] }
        return text.contains(13) ? [13] : [10]
    }

    /// What comments begin with.
    private static let mark = UInt8(ascii: "#")

    private static func hasMarkedLine(_ text: UnsafeRawBufferPointer) -> Bool {
        text.first == mark || zip(text, text.dropFirst()).contains { $0 == 10 && $1 == mark }
    }

    /// Tells whether lines that would be comments have as many fields as the rows.
    private static func hasMarkedRow(
        _ dialect: CSVDialect, _ text: UnsafeRawBufferPointer, isWhole: Bool, fieldCount: Int
    ) -> Bool {
        var plain = dialect
        plain.comment = nil
        var scanner = FieldScanner(plain, text)
        var rowCount = 0
        while rowCount < rowCountMax, case .row = scanner.next(isWhole: isWhole) {
            rowCount += 1
            if text[scanner.rowStart] == mark, scanner.fields.count == fieldCount { return true }
        }
        return false
    }

    private static func score(
        _ dialect: CSVDialect, _ text: UnsafeRawBufferPointer, isWhole: Bool,
        _ options: CSVOptions
    ) -> Score? {
        var scanner = FieldScanner(dialect, text)
        for _ in 0..<(options.skip ?? 0) { _ = scanner.next(isWhole: isWhole) }
        var counts: [Int: Int] = [:]
        var score = Score(
            dialect: dialect, fieldCount: 0, isConsistent: false, faultCount: 0, quotedCount: 0,
            consistency: 0, isHalfEmpty: true)
        var rowCount = 0
        var titles = CSVTitles(options)
        while rowCount < rowCountMax, case .row = scanner.next(isWhole: isWhole) {
            let fields = scanner.fields
            if fields.count == 1, fields[0].start == fields[0].end { continue }
            if titles.take(fieldCount: fields.count, { scanner.content(fields[0]) }) { continue }
            rowCount += 1
            counts[fields.count, default: 0] += 1
            if scanner.fault != nil { score.faultCount += 1 }
            for field in fields {
                if field.isQuoted {
                    score.quotedCount += 1
                } else if dialect.escape == nil,
                    hasEscapedQuote(text[field.start..<field.end], dialect)
                {
                    score.faultCount += 1
                }
            }
            if score.isHalfEmpty { score.isHalfEmpty = isHalfEmpty(fields) }
        }
        if titles.areTitles(of: rowCount) {
            score.titleCount = titles.count
        } else {
            counts[1, default: 0] += titles.count
            rowCount += titles.count
        }
        guard let most = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else {
            return nil
        }
        if options.comment == nil, dialect.comment != nil,
            hasMarkedRow(dialect, text, isWhole: isWhole, fieldCount: most.key)
        {
            return nil
        }
        score.fieldCount = most.key
        score.consistency = Double(most.value) / Double(rowCount)
        score.isConsistent = score.consistency > 0.9
        return score
    }

    /// Tells whether a field without quotes has one behind a backslash: who doubles quotes within
    /// fields sets quotes around those.
    private static func hasEscapedQuote(
        _ field: Slice<UnsafeRawBufferPointer>, _ dialect: CSVDialect
    ) -> Bool {
        zip(field, field.dropFirst()).contains {
            $0 == UInt8(ascii: "\\") && $1 == dialect.quote
        }
    }

    private static func isHalfEmpty(_ fields: [ScannedField]) -> Bool {
        fields.count > 2 && fields.count % 2 == 1
            && fields.indices.allSatisfy { index in
                let field = fields[index]
                return index % 2 == 0 || (field.start == field.end && !field.isQuoted)
            }
    }

    private static func isBetter(_ one: Score, _ other: Score) -> Bool {
        let isOneUseful = one.fieldCount > 1 && one.isConsistent
        let isOtherUseful = other.fieldCount > 1 && other.isConsistent
        if isOneUseful != isOtherUseful { return isOneUseful }
        if one.isHalfEmpty != other.isHalfEmpty {
            let (half, whole) = one.isHalfEmpty ? (one, other) : (other, one)
            let isDouble =
                whole.dialect.separator == half.dialect.separator + half.dialect.separator
            if isOneUseful, isDouble { return other.isHalfEmpty }
        }
        if one.faultCount != other.faultCount { return one.faultCount < other.faultCount }
        if (one.consistency == 1) != (other.consistency == 1) { return one.consistency == 1 }
        if one.titleCount != other.titleCount { return one.titleCount < other.titleCount }
        if one.dialect.separator == other.dialect.separator {
            if one.hasUsualQuotes != other.hasUsualQuotes { return one.hasUsualQuotes }
            if one.quotedCount != other.quotedCount { return one.quotedCount > other.quotedCount }
        }
        if one.fieldCount != other.fieldCount { return one.fieldCount > other.fieldCount }
        return false
    }
}
