// The name of a result column that has no alias.

import StarlingSyntax

extension Expression {
    var printed: String { "expression" }
}
