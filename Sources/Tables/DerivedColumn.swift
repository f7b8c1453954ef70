// A column that a table makes out of another one, with what it knows of that beside its values.

import StarlingTypes

/// Asks for a column behind all others.
package enum DerivedColumn: Sendable {
    case path(PathColumn)
    case score(ScoreColumn)

    /// Names what a table makes out of a column.
    package enum Kind: Sendable {
        case path, score
    }

    package var title: String {
        switch self {
        case .path(let path): path.title
        case .score(let score): score.title
        }
    }

    package var type: LogicalType {
        switch self {
        case .path(let path): path.type
        case .score: .double
        }
    }
}

/// Asks how well the texts of a column fit what is sought in them.
package struct ScoreColumn: Sendable, Hashable {
    /// The position of the texts in the table's columns, or among those behind them.
    package var column: Int
    /// The layout of the texts, or of the lists that they stand in.
    package var layout: PhysicalType
    /// The function that seeks, what it seeks, and the analyzer's description.
    package var function: String
    package var query: [UInt8]
    package var analyzer: String
    /// How many texts there are, how many terms they have, and how many texts have each term.
    package var numbers: [Double]
    package var title: String

    package init(
        column: Int, layout: PhysicalType, function: String, query: [UInt8], analyzer: String,
        numbers: [Double],
        title: String
    ) {
        self.column = column
        self.layout = layout
        self.function = function
        self.query = query
        self.analyzer = analyzer
        self.numbers = numbers
        self.title = title
    }
}
