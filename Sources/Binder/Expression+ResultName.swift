import StarlingSyntax

extension Expression {
    var printed: String { "expression" }
}
