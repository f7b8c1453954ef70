// The options of a statement that writes: names are checked against the rows of the format and of
// the statement, values when they are asked for.

import StarlingErrors

/// Describes an option.
package struct WriteOption: Sendable {
    package let name: String
    /// Other engines' names for it.
    package let aliases: [String]
    package let summary: String

    package init(_ name: String, aliases: [String] = [], _ summary: String) {
        self.name = name
        self.aliases = aliases
        self.summary = summary
    }
}

/// Holds options by name.
package struct WriteOptions: Sendable {
    private var values: [String: (given: String, value: String)] = [:]

    /// Makes options without any value.
    package init() {}

    /// Checks names against `known`; `format.name` is `name` where it is that format's option.
    package init(
        _ given: [(name: String, value: String)], known: [WriteOption], format: String
    ) throws(StarlingError) {
        for (name, value) in given {
            var key = name.lowercased()
            if key.hasPrefix(format + ".") { key = String(key.dropFirst(format.count + 1)) }
            guard let option = known.first(where: { $0.name == key || $0.aliases.contains(key) })
            else {
                let near = nearestName(to: key, among: known.flatMap { [$0.name] + $0.aliases })
                throw StarlingError(
                    .binding,
                    "there is no option '\(name)' for writing \(format)"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""), about: .name(name))
            }
            guard values.updateValue((name, value), forKey: option.name) == nil else {
                throw StarlingError(
                    .binding, "the option '\(option.name)' is given twice", about: .name(name))
            }
        }
    }

    package func text(_ name: String) -> String? { values[name]?.value }

    /// Names the value of an option as the statement does.
    package func part(_ name: String) -> PropertyPart {
        .value(of: values[name]?.given ?? name)
    }

    /// Makes an error about the value of an option.
    package func wrong(_ name: String, _ message: String) -> StarlingError {
        StarlingError(.binding, message, about: part(name))
    }

    package func flag(_ name: String) throws(StarlingError) -> Bool? {
        guard let value = text(name) else { return nil }
        switch value.lowercased() {
        case "true", "1", "on", "yes": return true
        case "false", "0", "off", "no": return false
        default: throw wrong(name, "'\(name)' is true or false, not '\(value)'")
        }
    }

    package func integer(
        _ name: String, in range: ClosedRange<Int>
    ) throws(StarlingError) -> Int? {
        guard let value = text(name) else { return nil }
        guard let number = Int(value), range.contains(number) else {
            throw wrong(
                name,
                "'\(name)' is a whole number from \(range.lowerBound) to \(range.upperBound), "
                    + "not '\(value)'")
        }
        return number
    }

    package func number(
        _ name: String, in range: ClosedRange<Double>
    ) throws(StarlingError) -> Double? {
        guard let value = text(name) else { return nil }
        guard let number = Double(value), range.contains(number) else {
            throw wrong(
                name,
                "'\(name)' is a number from \(range.lowerBound) to \(range.upperBound), "
                    + "not '\(value)'")
        }
        return number
    }

    /// Reads bytes: a number alone or with KB, MB or GB (KiB and its like mean the same).
    package func byteCount(_ name: String) throws(StarlingError) -> Int? {
        guard let value = text(name) else { return nil }
        let digits = value.prefix { $0.isNumber }
        let unit = value.dropFirst(digits.count).lowercased().filter { $0 != " " && $0 != "i" }
        let factors = ["": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40]
        if let number = Int(digits), number > 0, let factor = factors[unit] {
            let (product, overflows) = number.multipliedReportingOverflow(by: factor)
            if !overflows { return product }
        }
        throw wrong(name, "'\(name)' is a size such as 512MB, not '\(value)'")
    }

    /// Reads names of columns, separated by commas, and finds their places.
    package func columns(
        _ name: String, among columns: [String]
    ) throws(StarlingError) -> [Int] {
        guard let value = text(name) else { return [] }
        var positions: [Int] = []
        for part in value.split(separator: ",") {
            let wanted = Self.trimmed(part)
            let position = columns.firstIndex { $0.lowercased() == wanted.lowercased() }
            guard let position else {
                let near = nearestName(to: wanted, among: columns)
                throw wrong(
                    name,
                    "'\(name)' names the column '\(wanted)', which the rows don't have"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""))
            }
            if !positions.contains(position) { positions.append(position) }
        }
        return positions
    }

    /// Takes blanks and quotes of names away.
    private static func trimmed(_ text: Substring) -> String {
        let marks: Set<Character> = [" ", "`", "\"", "\n", "\t"]
        let start = text.drop { marks.contains($0) }
        return String(String(start.reversed().drop { marks.contains($0) }).reversed())
    }
}
