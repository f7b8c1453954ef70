// Conditions in paths: `[?(@.price > 10 && @.name = 'a')]` keeps the elements for which they hold.

import StarlingTypes

/// Tells which elements a filter keeps.
package indirect enum DocumentCondition: Sendable {
    case comparison(DocumentPath, Operator, Constant)
    case exists(DocumentPath)
    case all([DocumentCondition])
    case any([DocumentCondition])

    package enum Operator: String, Sendable {
        case equal = "="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"

        func holds<Operand: Comparable>(_ left: Operand, _ right: Operand) -> Bool {
            switch self {
            case .equal: left == right
            case .notEqual: left != right
            case .less: left < right
            case .lessOrEqual: left <= right
            case .greater: left > right
            case .greaterOrEqual: left >= right
            }
        }
    }

    package enum Constant: Sendable {
        case number(Double)
        case text([UInt8])
        case boolean(Bool)
        case null
    }

    /// Values of another kind than the constant's meet no condition.
    func holds(for value: DocumentValue) -> Bool {
        switch self {
        case .all(let conditions): return conditions.allSatisfy { $0.holds(for: value) }
        case .any(let conditions): return conditions.contains { $0.holds(for: value) }
        case .exists(let path): return path.find(in: value) != nil
        case .comparison(let path, let op, let constant):
            guard let operand = path.find(in: value) else { return false }
            switch (constant, operand.kind) {
            case (.number(let number), .number):
                return parseDouble(operand.bytes).map { op.holds($0, number) } ?? false
            case (.text(let text), .string):
                var content: [UInt8] = []
                operand.appendContent(to: &content)
                return op.holds(
                    String(decoding: content, as: UTF8.self), String(decoding: text, as: UTF8.self))
            case (.boolean(let flag), .boolean):
                return op.holds(operand.isTrue ? 1 : 0, flag ? 1 : 0)
            case (.null, .null): return op == .equal
            default: return false
            }
        }
    }
}

/// Reads `(a && b || c)`, of which the first binds closer.
struct ConditionReader {
    var reader: PathReader
    private var depth = 0

    init(_ reader: PathReader) { self.reader = reader }

    mutating func read() -> DocumentCondition? {
        reader.skipSpace()
        guard reader.accept("(") else { return nil }
        depth += 1
        defer { depth -= 1 }
        guard depth < 64 else { return nil }
        var alternatives: [DocumentCondition] = []
        repeat {
            var conditions: [DocumentCondition] = []
            repeat {
                guard let condition = readOne() else { return nil }
                conditions.append(condition)
            } while acceptTwice("&")
            alternatives.append(conditions.count == 1 ? conditions[0] : .all(conditions))
        } while acceptTwice("|")
        guard reader.accept(")") else { return nil }
        return alternatives.count == 1 ? alternatives[0] : .any(alternatives)
    }

    private mutating func acceptTwice(_ character: Unicode.Scalar) -> Bool {
        reader.skipSpace()
        guard reader.accept(character), reader.accept(character) else { return false }
        reader.skipSpace()
        return true
    }

    private mutating func readOne() -> DocumentCondition? {
        reader.skipSpace()
        if reader.byte == UInt8(ascii: "(") { return read() }
        guard reader.accept("@") else { return nil }
        var path = DocumentPath()
        while reader.accept(".") {
            guard let key = readName() else { return nil }
            path.append(key: key)
        }
        reader.skipSpace()
        guard let op = readOperator() else { return .exists(path) }
        reader.skipSpace()
        return readConstant().map { .comparison(path, op, $0) }
    }

    private mutating func readName() -> [UInt8]? {
        if reader.byte == UInt8(ascii: "\"") { return reader.readQuoted() }
        var name: [UInt8] = []
        while let byte = reader.byte, !Array(" .=!<>&|()[]".utf8).contains(byte) {
            name.append(byte)
            reader.position += 1
        }
        return name.isEmpty ? nil : name
    }

    private mutating func readOperator() -> DocumentCondition.Operator? {
        for name in ["==", "=", "!=", "<=", ">=", "<", ">"] {
            let bytes = Array(name.utf8)
            guard reader.text[reader.position...].starts(with: bytes) else { continue }
            reader.position += bytes.count
            return DocumentCondition.Operator(rawValue: name == "==" ? "=" : name)
        }
        return nil
    }

    private mutating func readConstant() -> DocumentCondition.Constant? {
        if reader.byte == UInt8(ascii: "\"") || reader.byte == UInt8(ascii: "'") {
            return reader.readQuoted().map { .text($0) }
        }
        var word: [UInt8] = []
        while let byte = reader.byte, !Array(" )&|".utf8).contains(byte) {
            word.append(byte)
            reader.position += 1
        }
        switch String(decoding: word, as: UTF8.self) {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "null": return .null
        default: return word.withUnsafeBytes { parseDouble($0) }.map { .number($0) }
        }
    }
}
