/// Returns a name as statements have it, whatever it is.
package func quoted(_ name: String) -> String {
    "`" + doubling("`", in: name) + "`"
}

/// Returns a text as statements have it, whatever it is.
package func quotedText(_ text: String) -> String {
    "'" + doubling("'", in: doubling("\\", in: text)) + "'"
}

/// Marks are bytes to whoever reads the statement, whatever joins them to one character.
private func doubling(_ mark: Unicode.Scalar, in text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        result.append(scalar)
        if scalar == mark { result.append(scalar) }
    }
    return String(result)
}
