// CAST where sql_mode asks for errors: a value that the cast made NULL is named and ends the query.
// The binder writes it around a cast; no one calls it by name.

import StarlingErrors
import StarlingTypes
import StarlingVectors

package enum CastCheck {
    /// Gives the second argument, which is a cast of the first.
    package static let function = ScalarFunction(
        "checked_cast", summary: "Ends the query where a cast has lost a value.",
        nullHandling: .handled,
        resolve: { arguments throws(StarlingError) in
            FunctionSignature(arguments.types, returns: arguments.types[1])
        },
        resultBounds: { _, bounds in bounds[1] },
        evaluate: { invocation throws(StarlingError) in
            let (source, result) = (invocation.arguments[0], invocation.arguments[1])
            if result.validity != nil {
                for row in 0..<invocation.count where source.isValid(row) && !result.isValid(row) {
                    throw lost(source.value(at: row), invocation.signature)
                }
            }
            return result.physicalType.isInteger
                ? result.withIntegerLayout(invocation.resultPhysicalType) : result
        })

    private static func lost(_ value: Value, _ signature: FunctionSignature) -> StarlingError {
        let text = value.text(as: signature.argumentTypes[0]) ?? ""
        let shown = text.count > 60 ? text.prefix(60) + "…" : text[...]
        return StarlingError(
            .data,
            "CAST: '\(shown)' is no value of \(signature.resultType), which sql_mode makes an "
                + "error; TRY_CAST gives NULL", at: signature.place)
    }
}
