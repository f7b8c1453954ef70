// Every aggregate's examples again, through stored states: over the rows of a group at once, and
// row by row. What the examples expect must come out.

import Starling
import StarlingFunctions
import StarlingTypes
import Testing

@Suite struct StateCombinatorTests {
    /// Replaces the call of `name` in the text; `build` makes a call of its arguments.
    private func rewriting(
        _ text: String, _ name: String, _ build: (String) -> String
    ) -> String? {
        let call = "\(name)("
        var start = text.startIndex
        while start < text.endIndex, !text[start...].hasPrefix(call) {
            start = text.index(after: start)
        }
        guard start < text.endIndex else { return nil }
        let first = text.index(start, offsetBy: call.count)
        var (end, depth) = (first, 1)
        while end < text.endIndex {
            if text[end] == "(" { depth += 1 }
            if text[end] == ")" { depth -= 1 }
            if depth == 0 { break }
            end = text.index(after: end)
        }
        guard end < text.endIndex else { return nil }
        let rest = text[text.index(after: end)...]
        return text[..<start] + build(String(text[first..<end])) + rest
    }

    private static var aggregates: [AggregateFunction] {
        FunctionRegistry.builtin.aggregates
    }

    @Test(arguments: Self.aggregates.map(\.name))
    func givesTheSameThroughStates(name: String) throws {
        let session = Database().makeSession()
        let function = try #require(Self.aggregates.first { $0.name == name })
        var tried = 0
        for example in function.examples {
            guard !example.expression.contains("(*)") else { continue }
            let combined = rewriting(example.expression, name) {
                "\(name)_state_merge(\(name)_state_union(\(name)_combine(\($0)), NULL))"
            }
            if let combined {
                let result = try session.execute("SELECT \(combined)")
                #expect(agree(text(of: result), example.result), "\(combined)")
                tried += 1
            }
            guard !example.expression.contains("ORDER BY"),
                !example.expression.contains("DISTINCT")
            else { continue }
            let merged = rewriting(example.expression, name) {
                "\(name)_state_merge(\(name)_union(\(name)_state(\($0))))"
            }
            if let merged {
                let result = try session.execute("SELECT \(merged)")
                #expect(agree(text(of: result), example.result), "\(merged)")
            }
        }
        #expect(tried > 0)
    }

    /// Tells whether two texts are the same, or numbers that differ in how they were added up.
    private func agree(_ given: String, _ expected: String) -> Bool {
        if given == expected { return true }
        guard let left = Double(given), let right = Double(expected) else { return false }
        return abs(left - right) <= 1e-9 * max(1, abs(right))
    }

    private func text(of result: Result) -> String {
        result.chunks[0].columns[0].value(at: 0).text(as: result.columns[0].type) ?? "NULL"
    }
}
