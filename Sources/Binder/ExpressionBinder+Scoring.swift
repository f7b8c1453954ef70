// score(): how well the row of a query fits what its WHERE seeks in texts. It is the sum of text_score()
// over the MATCHes that stand there without NOT, with what is known of the whole tables.

import StarlingAnalyzers
import StarlingErrors
import StarlingPlans
import StarlingTables
import StarlingTypes

extension ExpressionBinder {
    func bindScore() throws(StarlingError) -> BoundExpression {
        if let known = scope.home.score { return known }
        guard let (condition, plan) = scope.home.searched else {
            if clause == "WHERE" {
                throw StarlingError(
                    .binding,
                    "score() tells how well the rows fit that WHERE has found, so it cannot stand "
                        + "in WHERE; filter it around the query: SELECT * FROM (SELECT *, score() "
                        + "AS s FROM … WHERE … MATCH …) AS found WHERE s > …")
            }
            throw StarlingError(
                .binding, "score() tells how well rows fit a MATCH in the WHERE of its query")
        }
        var parts: [BoundExpression] = []
        for match in condition.matches {
            guard case .call(let function, _, let arguments) = match, arguments.count == 3,
                let text = arguments[1].constantValue?.text,
                let name = arguments[2].constantValue?.text, let analyzer = Analyzer(name),
                let operation = MatchOperator(rawValue: function.name),
                let id = arguments[0].plainColumn ?? arguments[0].readColumn,
                let (table, position) = plan.source(of: id)
            else {
                throw StarlingError(
                    .unsupported,
                    "score() needs MATCHes of columns of tables with texts that are literals")
            }
            let query = try TextQuery(operation, Array(text.utf8), analyzer)
            let numbers = try environment.textStatistics(
                of: table, column: position,
                readBy: arguments[0].plainColumn == nil ? arguments[0] : nil, query.matchers,
                analyzer)
            let list = Value.list(numbers.map { .integer(Int128($0)) })
            parts.append(
                try call(
                    "text_score",
                    [
                        arguments[0], arguments[1], arguments[2],
                        .literal(list, .array(.bigint)), .literal(.text(function.name), .string),
                    ]))
        }
        guard var sum = parts.first else {
            throw StarlingError(
                .binding, "score() tells how well rows fit a MATCH in the WHERE of its query")
        }
        // A row that is found by one of them only has no score by a column that is NULL.
        for part in parts.dropFirst() {
            sum = try call("add", [try zeroIfNull(sum), try zeroIfNull(part)])
        }
        scope.home.score = sum
        return sum
    }

    private func zeroIfNull(_ value: BoundExpression) throws(StarlingError) -> BoundExpression {
        .conditional(
            [
                ConditionalBranch(
                    condition: .isNull(value), result: .literal(.floating(0), .double))
            ], otherwise: value, .double)
    }
}

extension BoundExpression {
    /// The calls of MATCH and its relatives that make it true.
    fileprivate var matches: [BoundExpression] {
        switch self {
        case .and(let parts), .or(let parts): parts.flatMap(\.matches)
        case .call(let function, _, _) where MatchOperator(rawValue: function.name) != nil: [self]
        default: []
        }
    }

    /// The column of documents that calls with constants read a text of.
    fileprivate var readColumn: ColumnID? {
        switch self {
        case .column(let column) where column.type == .json: column.id
        case .call(_, _, let arguments)
        where arguments.count == 2 && arguments[1].constantValue != nil:
            arguments[0].readColumn
        case .cast(let inner, _): inner.readColumn
        default: nil
        }
    }
}

extension LogicalPlan {
    /// Finds the column of a table that a column is.
    fileprivate func source(of id: ColumnID) -> (table: any Table, position: Int)? {
        switch node {
        case .scan(let scan):
            return scan.columns.first { $0.column.id == id && $0.path.isEmpty }
                .map { (scan.table, $0.position) }
        case .project(let project):
            guard let item = project.items.first(where: { $0.column.id == id }),
                let inner = item.expression.plainColumn
            else { return nil }
            return project.input.source(of: inner)
        default:
            for child in children {
                if let found = child.source(of: id) { return found }
            }
            return nil
        }
    }
}
