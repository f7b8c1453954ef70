// Finds out which statement begins, by its first words.

import StarlingErrors

extension Parser {
    /// Parses one statement without the `;` behind it.
    mutating func statement() throws(StarlingError) -> Statement {
        try nested { parser throws(StarlingError) in
            let start = parser.current.start
            let kind = try parser.statementKind()
            return Statement(kind: kind, range: parser.range(from: start))
        }
    }

    private mutating func statementKind() throws(StarlingError) -> Statement.Kind {
        if atSymbol(.open) { return try queryStatement(after: nil) }
        switch current.keyword {
        case .select, .values, .from: return try queryStatement(after: nil)
        case .with: return try statementAfterWith()
        default: throw unknownStatement()
        }
    }

    /// Parses a query and INTO OUTFILE behind it.
    mutating func queryStatement(after with: WithClause?) throws(StarlingError)
        -> Statement.Kind
    {
        let query = try query(after: with)
        return .query(query, outfile: nil)
    }

    private mutating func statementAfterWith() throws(StarlingError) -> Statement.Kind {
        let with = try withClause()
        return try queryStatement(after: with)
    }

    private func unknownStatement() -> StarlingError {
        expected("a statement", nearest: [.select])
    }
}
