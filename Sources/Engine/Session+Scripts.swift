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

    /// Runs the statements of a text one by one and hands over what became of each; goes on behind
    /// one that failed.
    package func runEachStatement(
        of sql: String, receive: (Swift.Result<Result, DatabaseError>) -> Void
    ) {
        var splitter = StatementSplitter(sql)
        // A statement may change how the next one is read.
        while let piece = splitter.next(options: syntaxOptions) {
            do throws(StarlingError) {
                let statement = try splitter.parse(piece, options: syntaxOptions)
                receive(.success(try run(statement, parameters: [])))
            } catch {
                receive(.failure(DatabaseError(error, in: sql)))
            }
        }
    }
}
