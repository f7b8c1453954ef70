// Calls that read a place of the documents of a column, found in expressions.

import StarlingFunctions
import StarlingTables
import StarlingTypes

extension BoundExpression {
    /// The column that a call, or the cast of one, reads at a constant path, and what it makes of it.
    package func documentExtraction(
        _ session: SessionValues
    ) -> (column: PlanColumn, extraction: DocumentExtraction)? {
        switch self {
        case .call(let function, let signature, let arguments):
            guard arguments.count == 2, case .literal(.bytes(let path), _) = arguments[1] else {
                return nil
            }
            if case .column(let column) = arguments[0] {
                return DocumentExtraction(function, signature, path: path, session)
                    .map { (column, $0) }
            }
            guard let (column, inner) = arguments[0].documentExtraction(session) else {
                return nil
            }
            return DocumentExtraction(inner, in: function, signature, path: path, session)
                .map { (column, $0) }
        case .cast(let inner, let type):
            guard let (column, extraction) = inner.documentExtraction(session),
                let cast = DocumentExtraction(extraction, castTo: type)
            else { return nil }
            return (column, cast)
        default: return nil
        }
    }
}

extension PathColumn {
    /// Asks for what a call reads of the documents at a place in the table's columns.
    package init(_ extraction: DocumentExtraction, ofColumn position: Int, _ title: String) {
        let form: Form =
            switch extraction.meaning {
            case .value: .value
            case .text: .text
            case .whole: .whole
            case .floating: .floating
            case .truth: .truth
            case .day: .day
            case .moment: .moment
            case .elements: .elements
            case .other: .other
            }
        self.init(
            column: position, keys: extraction.keys, form: form, type: extraction.type,
            title: title, isNullWhereAbsent: extraction.isNullWhereAbsent,
            ofDocuments: extraction.ofDocuments, ofValues: extraction.ofValues)
        keysInElements = extraction.keysInElements
        elementsRead = extraction.elementsRead
        throughArrays = extraction.throughArrays.map {
            PathColumn($0, ofColumn: position, title)
        }
    }
}
