// What programs that read SQL from people ask of a session.

import StarlingErrors
import StarlingSyntax

extension Session {
    /// Says whether a text can be run as it is.
    public enum Completeness: Sendable {
        case empty
        case complete
        /// A quotation, a comment or the last statement is still open.
        case incomplete
    }

    /// Tells whether a text ends with a complete statement.
    public func completeness(of text: String) -> Completeness {
        switch StarlingSyntax.completeness(of: text, options: syntaxOptions) {
        case .empty: .empty
        case .complete: .complete
        case .incomplete: .incomplete
        }
    }
}
