// Finds the type that all values of a column are written in. What a type cannot hold without loss
// keeps it from being chosen: 007 is no number, 12/11/10 no date.

import StarlingTypes

/// Holds the type of a column and, for dates of another form than ISO's, their pattern.
package struct DetectedType: Sendable, Hashable {
    package var type: LogicalType
    package var pattern: String?
    /// True where all times are written with their distance from UTC.
    package var isInstant = false

    package init(type: LogicalType, pattern: String? = nil, isInstant: Bool = false) {
        self.type = type
        self.pattern = pattern
        self.isInstant = isInstant
    }
}

/// Is a form of dates or datetimes that the user names.
package struct NamedForm: Sendable {
    package let type: LogicalType
    package let pattern: String
    let form: TimeForm

    /// Reads a pattern; nil where it is none.
    package init?(_ type: LogicalType, _ pattern: String) {
        guard let form = TimeForm(pattern) else { return nil }
        self.type = type
        self.pattern = pattern
        self.form = form
    }
}

/// Sees the values of one column and keeps the types that all of them allow.
package struct TypeDetection {
    static let datePatterns = [
        "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y",
    ]

    private var isBoolean = true
    private var isInteger = true
    private var isBigint = true
    private var isNumber = true
    private var numbers = NumberDetection()
    private var isDate = true
    private var isDateTime = true
    private var isInstant = true
    private var patterns = datePatterns
    /// The forms that the user names and all values have.
    private var forms: [NamedForm]
    package private(set) var count = 0

    /// True where blanks around numbers and dates say nothing, as between the separators of CSV.
    private let ignoresBlanks: Bool

    /// - Parameter forms: those that the user names, which are preferred to everything else.
    package init(forms: [NamedForm] = [], ignoresBlanks: Bool = false) {
        self.forms = forms
        self.ignoresBlanks = ignoresBlanks
    }

    /// The types so far in the order in which they are preferred; the last resort is STRING.
    package var result: DetectedType {
        guard count > 0 else { return DetectedType(type: .string) }
        if let form = forms.first { return DetectedType(type: form.type, pattern: form.pattern) }
        if isBoolean { return DetectedType(type: .boolean) }
        if isInteger { return DetectedType(type: isBigint ? .bigint : .largeint) }
        if isNumber { return DetectedType(type: numbers.type ?? .string) }
        if isDate { return DetectedType(type: .date) }
        if isDateTime { return DetectedType(type: .datetime) }
        if isInstant { return DetectedType(type: .datetime, isInstant: true) }
        // Two patterns that both fit would be a guess.
        if patterns.count == 1 { return DetectedType(type: .date, pattern: patterns[0]) }
        return DetectedType(type: .string)
    }

    package mutating func add(_ bytes: [UInt8]) {
        count += 1
        bytes.withUnsafeBytes { add($0) }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        forms.removeAll { $0.form.moment(bytes) == nil }
        if isBoolean {
            isBoolean = equalsIgnoringCase(bytes, "true") || equalsIgnoringCase(bytes, "false")
        }
        addNumberOrMoment(ignoresBlanks ? trimmingSpace(bytes) : bytes)
        if !patterns.isEmpty {
            let text = Array(bytes)
            patterns.removeAll { !Self.matches(text, $0) }
        }
    }

    private mutating func addNumberOrMoment(_ bytes: UnsafeRawBufferPointer) {
        if isInteger { addInteger(bytes) }
        if isNumber {
            isNumber = Self.isNumber(bytes)
            if isNumber { numbers.add(bytes) }
        }
        if isDate { isDate = Self.isDate(bytes) }
        if isDateTime { isDateTime = Self.isDateTime(bytes) }
        if isInstant { isInstant = Self.isInstant(bytes) }
    }

    private mutating func addInteger(_ bytes: UnsafeRawBufferPointer) {
        var digits = bytes
        if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            digits = UnsafeRawBufferPointer(rebasing: bytes[1...])
        }
        let areDigits = !digits.isEmpty && digits.allSatisfy { isDigit($0) }
        guard areDigits, !(digits.count > 1 && digits[0] == UInt8(ascii: "0")),
            let number = parseInteger(bytes)
        else {
            isInteger = false
            return
        }
        if Int64(exactly: number) == nil { isBigint = false }
    }

    private static func isNumber(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            index = 1
        }
        // A leading zero before another digit is a code, not a number.
        if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "0"), isDigit(bytes[index + 1]) {
            return false
        }
        let first = index < bytes.count ? bytes[index] : 0
        // What begins so may be infinite, or none.
        let letters = Array("iInN".utf8)
        guard isDigit(first) || first == UInt8(ascii: ".") || letters.contains(first) else {
            return false
        }
        return parseDouble(bytes) != nil && !isSpace(bytes[bytes.count - 1])
    }

    /// Takes YYYY-MM-DD only: other forms are patterns.
    static func isDate(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count == 10 && bytes[4] == UInt8(ascii: "-") && bytes[7] == UInt8(ascii: "-")
            && parseDate(bytes) != nil
    }

    static func isDateTime(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if isDate(bytes) { return true }
        guard bytes.count >= 16, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":")
        else { return false }
        return keepsMicroseconds(bytes) && parseDateTime(bytes) != nil
    }

    static func isInstant(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count > 16 && isDate(UnsafeRawBufferPointer(rebasing: bytes[..<10]))
            && (bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"))
            && parseInstant(bytes) != nil
    }

    private static func matches(_ text: [UInt8], _ pattern: String) -> Bool {
        guard text.count >= 8, text.count <= 10 else { return false }
        return text.withUnsafeBytes { DateForm(pattern)?.days($0) } != nil
    }
}
