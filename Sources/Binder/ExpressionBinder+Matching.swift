// MATCH and its relatives: calls of functions that are given the analyzer of the column.

import StarlingAnalyzers
import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTables
import StarlingTypes

extension ExpressionBinder {
    /// Asks whether a text has terms. What cuts it into terms is the column's, wherever the text comes
    /// from a column as it is, and that of all texts elsewhere.
    func match(
        _ operation: MatchOperator, _ value: BoundExpression, _ query: BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        let texts = coerce(value, to: value.type.typeOfTexts)
        let analyzer = texts.analyzer ?? Analyzer.standard.description
        return try call(
            operation.rawValue, [texts, query, .literal(.text(analyzer), .string)])
    }
}

extension ExpressionBinder {
    /// Puts what an analyzer is in the place of a name that CREATE TEXT ANALYZER has made, where a
    /// function takes one, and that of the column where it takes one and is given none.
    func namingAnalyzers(_ arguments: [BoundExpression], of function: String) -> [BoundExpression] {
        let position: Int
        switch function {
        case "tokenize", "tokenize_detail": position = 0
        case "highlight", "snippet", "text_score": position = 2
        case _ where MatchOperator(rawValue: function) != nil: position = 2
        default: return arguments
        }
        var arguments = arguments
        if position == 2, arguments.count == 2, let analyzer = arguments[0].analyzer {
            arguments.append(.literal(.text(analyzer), .string))
        }
        guard position < arguments.count, let name = arguments[position].constantValue?.text,
            Analyzer(name) == nil, let known = environment.textAnalyzer(named: name)
        else { return arguments }
        arguments[position] = .literal(.text(known), .string)
        return arguments
    }
}

extension BoundExpression {
    /// What cuts the text that this is.
    var analyzer: String? { analyzers?.own }

    /// The analyzers of the column that this is, or of the path that it is read at.
    var analyzers: ColumnAnalyzers? {
        switch self {
        case .column(let column): return column.analyzers
        case .cast(let inner, let type) where inner.type.isText(like: type):
            return inner.analyzers
        default:
            guard let (column, keys) = documentPath, let known = column.analyzers,
                let own = known.paths[keys]
            else { return nil }
            return ColumnAnalyzers(own: own)
        }
    }

    /// The column of documents that this is read from, and the keys that lead to what is read.
    private var documentPath: (column: PlanColumn, keys: [[UInt8]])? {
        switch self {
        case .column(let column): return column.type == .json ? (column, []) : nil
        case .cast(let inner, let type) where inner.type == .json && type.holdsTexts:
            return inner.documentPath
        case .call(let function, _, let arguments):
            guard arguments.count == 2, case .bytes(let path)? = arguments[1].constantValue,
                let (column, keys) = arguments[0].documentPath,
                let own = DocumentExtraction.keys(to: path, in: function)
            else { return nil }
            return (column, keys + own)
        default: return nil
        }
    }
}
