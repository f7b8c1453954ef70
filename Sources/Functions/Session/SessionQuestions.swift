// What a statement asks of the engine rather than of data: the type of an expression, the roles of
// the session, and to wait.

import StarlingErrors
import StarlingThreads
import StarlingTypes
import StarlingVectors

/// Tells whether a name is that of the one role there is.
private struct RoleQuestion: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> UInt8? {
        arguments.first.text(row).bytes == Array(SessionFunctionRow.role.utf8) ? 1 : 0
    }
}

enum SessionQuestions {
    static let rows: [ScalarFunction] = [
        ScalarFunction(
            "typeof", summary: "Names the type of an expression.",
            examples: [
                ("typeof(CAST(1 AS BIGINT))", "bigint"), ("typeof([1.5])", "array<decimal(2,1)>"),
            ], nullHandling: .handled, neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "typeof")
                return FunctionSignature(arguments.types, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                let name = invocation.signature.argumentTypes[0].description
                return Vector(constant: .text(name), .string, count: invocation.count)
            }),
        .measuring(
            "is_role_in_session", RoleQuestion(), [.string], 1...1, .boolean,
            "Tells whether a role is active; here `\(SessionFunctionRow.role)` is, and no other.",
            [("is_role_in_session('root')", "1"), ("is_role_in_session('r1')", "0")]),
        ScalarFunction(
            "sleep", summary: "Waits so many seconds, and gives true; the query can be cancelled.",
            examples: [("sleep(0)", "1"), ("sleep(NULL)", "NULL")], isDeterministic: false,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("sleep", [.int], 1...1, returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in
                let seconds = DecodedVector(invocation.arguments[0])
                let cancellation = invocation.session.cancellation ?? Cancellation()
                for row in 0..<invocation.count where seconds.isValid(row) {
                    let wait = UInt64(max(0, seconds.value(row, as: Int32.self))) * 1_000_000_000
                    try cancellation.wait(until: monotonicNanoseconds() + wait)
                }
                withExtendedLifetime(invocation) {}
                return Vector(
                    constant: .integer(1), invocation.resultPhysicalType, count: invocation.count)
            }),
    ]
}
