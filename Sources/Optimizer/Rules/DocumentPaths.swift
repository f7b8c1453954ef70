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
        var paths = DocumentPaths(context: context)
        paths.collectColumns(plan)
        guard !paths.sources.isEmpty else { return plan }
        paths.collectCalls(plan)
        guard !paths.columns.isEmpty else { return plan }
        let result = try plan.rewritten { (node) throws(StarlingError) in
            try paths.replaced(node)
        }
        guard result.outputColumnIDs != plan.outputColumnIDs else { return result }
        return LogicalPlan(
            .project(
                ProjectNode(
                    input: result, items: plan.outputColumns.map(ProjectItem.init(passing:)))))
    }

    private let context: PlanningContext
    /// The columns of documents that are scanned.
    private var sources: Set<ColumnID> = []
    /// The calls over them, with what is scanned instead.
    private var columns: [BoundExpression: PlanColumn] = [:]
    private var extractions: [ColumnID: [(column: PlanColumn, extraction: DocumentExtraction)]] =
        [:]

    private init(context: PlanningContext) { self.context = context }

    private mutating func collectColumns(_ plan: LogicalPlan) {
        var found: Set<ColumnID> = []
        plan.forEach { plan in
            guard case .scan(let scan) = plan.node else { return }
            let documents = scan.columns.filter { $0.column.type == .json && $0.path.isEmpty }
            guard !documents.isEmpty, scan.table.reading([]) != nil else { return }
            found.formUnion(documents.map(\.column.id))
        }
        sources = found
    }

    private mutating func collectCalls(_ plan: LogicalPlan) {
        var expressions: [BoundExpression] = []
        plan.forEach { expressions += $0.expressions }
        for expression in expressions { collectCalls(in: expression) }
    }

    /// Lists the calls over columns of documents, the outer one of those that lie in each other.
    private mutating func collectCalls(in expression: BoundExpression) {
        guard columns[expression] == nil else { return }
        guard let (column, extraction) = extraction(of: expression) else {
            for child in expression.children { collectCalls(in: child) }
            return
        }
        let title = column.name + "." + DocumentExtraction.title(of: extraction.keys)
        let own = context.allocator.makeColumn(title, extraction.type)
        columns[expression] = own
        extractions[column.id, default: []].append((own, extraction))
    }

    /// The column that a call, or the cast of one, reads at a constant path, and what it makes of it.
    private func extraction(
        of expression: BoundExpression
    ) -> (PlanColumn, DocumentExtraction)? {
        switch expression {
        case .call(let function, let signature, let arguments):
            guard arguments.count == 2, case .literal(.bytes(let path), _) = arguments[1] else {
                return nil
            }
            if case .column(let column) = arguments[0] {
                guard sources.contains(column.id) else { return nil }
                return DocumentExtraction(function, signature, path: path, context.session)
                    .map { (column, $0) }
            }
            guard let (column, inner) = extraction(of: arguments[0]) else { return nil }
            return DocumentExtraction(
                inner, in: function, signature, path: path, context.session
            ).map { (column, $0) }
        case .cast(let inner, let type):
            guard let (column, extraction) = extraction(of: inner),
                let cast = DocumentExtraction(extraction, castTo: type)
            else { return nil }
            return (column, cast)
        default: return nil
        }
    }

    // MARK: Replacing

    private func replaced(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        var result = plan
        switch plan.node {
        case .scan(var scan):
            add(to: &scan)
            result.node = .scan(scan)
        case .project(var node):
            node.items += passed(node)
            result.node = .project(node)
        default: break
        }
        var available = Set(result.children.flatMap(\.outputColumns).map(\.id))
        if case .scan(let scan) = result.node { available = Set(scan.columns.map(\.column.id)) }
        return try result.mapExpressions { (expression) throws(StarlingError) in
            try replaced(expression, available)
        }
    }

    private func replaced(
        _ expression: BoundExpression, _ available: Set<ColumnID>
    ) throws(StarlingError) -> BoundExpression {
        if let column = columns[expression], available.contains(column.id) {
            return .column(column)
        }
        return try expression.mapChildren { (child) throws(StarlingError) in
            try replaced(child, available)
        }
    }

    /// Lets the scan read what is asked of its columns of documents.
    private func add(to scan: inout ScanNode) {
        var paths: [PathColumn] = []
        var added: [ScanColumn] = []
        let first = scan.table.columns.count + scan.table.virtualColumns.count
        for source in scan.columns {
            for (column, extraction) in extractions[source.column.id] ?? [] {
                added.append(ScanColumn(column: column, position: first + paths.count))
                paths.append(PathColumn(extraction, of: source, column.name))
            }
        }
        guard !paths.isEmpty, let table = scan.table.reading(paths) else { return }
        scan.table = table
        scan.columns += added
    }

    /// The columns of paths that pass where their documents do.
    private func passed(_ node: ProjectNode) -> [ProjectItem] {
        let available = node.input.outputColumnIDs
        var items: [ProjectItem] = []
        for item in node.items {
            guard case .column(let column) = item.expression, column.id == item.column.id else {
                continue
            }
            for (column, _) in extractions[column.id] ?? [] where available.contains(column.id) {
                items.append(ProjectItem(passing: column))
            }
        }
        return items
    }
}

extension PathColumn {
    fileprivate init(
        _ extraction: DocumentExtraction, of source: ScanColumn, _ title: String
    ) {
        let form: Form =
            switch extraction.meaning {
            case .value: .value
            case .text: .text
            case .whole: .whole
            case .floating: .floating
            case .truth: .truth
            case .other: .other
            }
        self.init(
            column: source.position, keys: extraction.keys, form: form, type: extraction.type,
            title: title, isNullWhereAbsent: extraction.isNullWhereAbsent,
            ofDocuments: extraction.ofDocuments, ofValues: extraction.ofValues)
        throughArrays = extraction.throughArrays.map { PathColumn($0, of: source, title) }
    }
}
