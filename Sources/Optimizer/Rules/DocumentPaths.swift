// Reads paths of documents instead of the documents, where the table stores them as columns: each call
// over a scanned column of JSON with a constant path becomes a column of the scan.
// Example: SELECT count(*) FROM t WHERE get_json_int(j, '$.a.b') > 1 reads the column j.a.b, whose
// bounds exclude segments, and nothing else.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTables
import StarlingTypes

struct DocumentPaths: Rule {
    static let name = "document_paths"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try DerivedColumnReading.apply(.path, to: plan, context, of: { $0.column.type == .json }) {
            expression, sources in
            guard let (column, extraction) = expression.documentExtraction(context.session),
                sources.contains(column.id)
            else { return nil }
            return DerivedColumnReading.Derivation(
                source: column,
                title: column.name + "." + extraction.title,
                type: extraction.type
            ) { source, title in
                .path(PathColumn(extraction, ofColumn: source.position, title))
            }
        }
    }
}
