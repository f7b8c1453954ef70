// Runs the examples of the rows that are a call with literals. The others need SQL and run with
// the tests of the engine.

import Testing

import StarlingErrors
import StarlingFunctions
import StarlingTypes

struct ExampleTests {
    @Test func examplesGiveTheirResults() throws {
        var count = 0
        for function in FunctionRegistry.builtin.scalars where function.isDeterministic {
            for example in function.examples {
                guard let columns = Self.arguments(example.expression, of: function) else {
                    continue
                }
                for isNarrow in [false, true] {
                    var call = FunctionCall(function.name)
                    call.isNarrow = isNarrow
                    let result = try call.results(columns)[0] ?? "NULL"
                    #expect(result == example.result, "\(example.expression)")
                }
                count += 1
            }
        }
        #expect(count >= 100)
    }

    /// Reads `name(literal, …)`; nil for anything else.
    private static func arguments(_ expression: String, of function: ScalarFunction) -> [Column]? {
        let prefix = function.name + "("
        guard expression.hasPrefix(prefix), expression.hasSuffix(")") else { return nil }
        // Escapes and nested values are for the parser of SQL.
        guard !expression.contains("\\"), !expression.contains("[") else { return nil }
        var rest = expression.dropFirst(prefix.count).dropLast()
        var columns: [Column] = []
        while !rest.isEmpty {
            while rest.first == " " { rest.removeFirst() }
            if rest.first == "'" {
                rest.removeFirst()
                guard let end = rest.firstIndex(of: "'") else { return nil }
                columns.append(Column("varchar", [String(rest[..<end])]))
                rest = rest[end...].dropFirst()
            } else {
                let end = rest.firstIndex(of: ",") ?? rest.endIndex
                guard let column = number(String(rest[..<end])) else { return nil }
                columns.append(column)
                rest = rest[end...]
            }
            guard rest.isEmpty || rest.first == "," else { return nil }
            rest = rest.dropFirst()
        }
        return columns
    }

    private static func number(_ text: String) -> Column? {
        if text == "NULL" { return Column("null_type", [nil]) }
        if Int32(text) != nil { return Column("int", [text]) }
        if Int(text) != nil { return Column("bigint", [text]) }
        guard Double(text) != nil, let point = text.firstIndex(of: ".") else { return nil }
        let digits = text.filter(\.isNumber).count
        let scale = text[point...].count - 1
        return Column("decimal(\(digits),\(scale))", [text])
    }
}
