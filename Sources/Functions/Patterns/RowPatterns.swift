// The regular expressions of rows.

import StarlingErrors
import StarlingPatterns
import StarlingVectors

/// Gives the pattern of each row: one for all, or those of a column, of which it keeps a few.
struct RowPatterns {
    private let function: String
    private let constant: RegularExpression?
    private let texts: DecodedVector
    private var recent: [[UInt8]: RegularExpression] = [:]

    /// Compiles a constant pattern; a NULL gives no pattern and no row asks for one.
    init(_ vector: Vector, function: String) throws(StarlingError) {
        self.function = function
        texts = DecodedVector(vector)
        constant =
            vector.isConstant && vector.isValid(0)
            ? try .compiled(vector.pointer(to: StringReference.self)[0].bytes, function: function)
            : nil
    }

    @inline(__always)
    mutating func pattern(_ row: Int) throws(StarlingError) -> RegularExpression {
        if let constant { return constant }
        return try varying(texts.text(row).bytes)
    }

    private mutating func varying(_ text: [UInt8]) throws(StarlingError) -> RegularExpression {
        if let found = recent[text] { return found }
        let made = try RegularExpression(text, function: function)
        if recent.count >= 64 { recent.removeAll() }
        recent[text] = made
        return made
    }
}
