// RECOMMEND MATERIALIZED VIEWS: which views the queries of the log, or some given ones, are worth.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTypes
import StarlingViews

extension StatementRunner {
    func recommendViews(
        for queries: [Query], applies: Bool
    ) throws(StarlingError) -> Result {
        session.database.saveFilters()
        let columns: [(name: String, type: LogicalType)] = [
            ("Materialized view", .string), ("Queries", .double), ("Saved", .double),
            ("Rows", .bigint), ("Bytes", .bigint), ("Changes", .double), ("Why", .string),
        ]
        let entries =
            queries.isEmpty
            ? session.database.queries.entries
            : queries.map {
                QueryLog.Entry(database: session.currentDatabase, query: $0, count: 1)
            }
        for query in queries {
            _ = try bind(query)
            guard !hasReadVariables else {
                throw StarlingError(
                    .binding,
                    "a query that reads a variable is another one each time; write its value instead",
                    at: query.range)
            }
        }
        let runner = makeViewRunner(session.currentDatabase, contents)
        var advisor = try ViewAdvisor(entries, runner)
        guard !advisor.isEmpty else {
            session.warnings.append(
                "no materialized view is recommended: no query has grouped rows of tables yet")
            return Result(columns, rows: [])
        }
        let advice = try advisor.advice()
        if advice.isEmpty {
            let reasons = ["none would let the queries read much less"] + advisor.refusals.prefix(3)
            session.warnings.append(
                "no materialized view is recommended: " + reasons.joined(separator: "; "))
        }
        var rows: [[Value]] = []
        var names = Set(
            contents.entries(in: session.currentDatabase).map { $0.name.lowercased() })
        for advice in advice {
            var view = advice.view
            view.name = unusedName(view.name, &names)
            rows.append([
                .text(Statement.Kind.createMaterializedView(view).sql),
                Self.rounded(advice.share), Self.rounded(advice.saved),
                .integer(Int128(advice.rowCount)),
                .integer(Int128(advice.byteCount)), Self.rounded(advice.changedRowCount),
                .text(Self.reason(advice)),
            ])
            if applies { _ = try createMaterializedView(view) }
        }
        return Result(columns, rows: rows)
    }

    private func unusedName(
        _ name: QualifiedName, _ used: inout Set<String>
    ) -> QualifiedName {
        var title = name.last.text
        var number = 2
        while !used.insert(title.lowercased()).inserted {
            title = "\(name.last.text)_\(number)"
            number += 1
        }
        return QualifiedName([Identifier(title, range: name.range)])
    }

    /// Estimates have no more digits that mean something.
    private static func rounded(_ number: Double) -> Value {
        .floating((number * 10_000).rounded() / 10_000)
    }

    private static func reason(_ advice: ViewAdvisor.Advice) -> String {
        "\(whole(100 * advice.share)) % of the queries read it, each "
            + "\(whole(advice.rowsAfter)) rows instead of \(whole(advice.rowsBefore))"
    }

    private static func whole(_ number: Double) -> Int { Int(exactly: number.rounded()) ?? .max }

    /// The parts of the name by which statements call a table; nil for one that is not in the catalog.
    func nameParts(of table: NativeTable) -> [String]? {
        for name in [session.currentDatabase] + contents.databaseNames {
            for entry in contents.entries(in: name) where entry.materialized == nil {
                guard case .table(let known as NativeTable) = entry.content, known === table else {
                    continue
                }
                let isHere = name.lowercased() == session.currentDatabase.lowercased()
                return (isHere ? [] : [name]) + [entry.name]
            }
        }
        return nil
    }
}
