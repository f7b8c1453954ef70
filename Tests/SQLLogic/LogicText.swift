// Results as lines of text, and when two of them are the same.

import Starling

/// Names what a column of a result is: B boolean, I integer, N decimal, R floating point, T text,
/// D date or datetime, X anything else.
func typeLetter(of typeName: String) -> Character {
    let word = typeName.prefix { $0 != "(" && $0 != "<" }
    return switch word {
    case "boolean": "B"
    case "tinyint", "smallint", "int", "bigint", "largeint": "I"
    case "decimal": "N"
    case "float", "double": "R"
    case "char", "varchar", "string", "varbinary": "T"
    case "date", "datetime": "D"
    default: "X"
    }
}

/// Returns a value as it stands in a file.
private func fileText(_ text: String?) -> String {
    guard let text else { return "NULL" }
    if text.isEmpty { return "(empty)" }
    guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
        switch scalar {
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\r": result += "\\r"
        default: result.unicodeScalars.append(scalar)
        }
    }
}

/// Returns a result as a file shows it.
func fileLines(of result: Result, order: RowExpectation.Order) -> [String] {
    let columns = result.columns.indices.map { result.texts($0).map(fileText) }
    if order == .valuesort { return columns.flatMap(\.self).sorted() }
    let lines = (0..<result.rowCount).map { row in
        columns.map { $0[row] }.joined(separator: "\t")
    }
    return order == .rowsort ? lines.sorted() : lines
}

/// Tells whether two lines show the same row; floating-point numbers may differ in the last digits.
func isSameLine(_ actual: String, _ expected: String, types: [Character]) -> Bool {
    if actual == expected { return true }
    guard types.contains("R") else { return false }
    let left = actual.split(separator: "\t", omittingEmptySubsequences: false)
    let right = expected.split(separator: "\t", omittingEmptySubsequences: false)
    guard left.count == right.count, left.count == types.count else { return false }
    return types.indices.allSatisfy { column in
        if left[column] == right[column] { return true }
        guard types[column] == "R", let first = Double(left[column]),
            let second = Double(right[column])
        else { return false }
        return abs(first - second) <= 1e-9 * max(abs(first), abs(second))
    }
}
