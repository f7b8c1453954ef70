// A world of stub tables in which texts are bound.

import StarlingAnalyzers
import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTables
import StarlingTypes

/// Answers the binder's questions from a catalog of its own; there are no files.
package final class StubEnvironment: BinderEnvironment {
    package let currentDatabase = Catalog.defaultDatabase
    package let catalog = Catalog()
    package let allocator = ColumnAllocator()
    package let outlivesFiles = false
    /// The values of parameters, from the first on.
    package var parameters: [(value: Value, type: LogicalType)] = []
    package var variables: [String: (value: Value, type: LogicalType)] = [:]

    /// Makes the world of some tables and views, by name.
    package init(
        _ tables: [(name: String, table: StubTable)], views: [(name: String, query: String)] = []
    ) throws(StarlingError) {
        try catalog.change { (contents) throws(StarlingError) in
            for (name, table) in tables {
                try contents.add(
                    CatalogEntry(name: name, content: .table(table)), to: Catalog.defaultDatabase,
                    replacing: false)
            }
            for (name, text) in views {
                let query = try parseQuery(text)
                try contents.add(
                    CatalogEntry(
                        name: name, content: .view(ViewDefinition(columns: [], query: query))),
                    to: Catalog.defaultDatabase, replacing: false)
            }
        }
    }

    /// Binds a query.
    package func bind(_ text: String) throws(StarlingError) -> BoundQuery {
        try QueryBinder(environment: self, allocator: allocator).bind(try parseQuery(text))
    }

    /// Binds an expression that reads no table.
    package func bind(constant text: String) throws(StarlingError) -> BoundExpression {
        try QueryBinder(environment: self, allocator: allocator)
            .bind(constant: try parseExpression(text))
    }

    // MARK: What the binder asks

    package func openFiles(
        _ path: String, options: [String: String]
    ) throws(StarlingError) -> any Table {
        throw StarlingError(.file, "'\(path)' is not there")
    }

    package func function(_ name: QualifiedName) throws(StarlingError) -> CreateFunction? { nil }

    package func textStatistics(
        of table: any Table, column: Int, readBy call: BoundExpression?, _ terms: [TermMatcher],
        _ analyzer: Analyzer
    ) throws(StarlingError) -> [Int] { [0, 0] + terms.map { _ in 0 } }

    package func textAnalyzer(named name: String) -> String? { nil }

    package var userFunctionNames: [String] { [] }

    package var modes: ExpressionModes { ExpressionModes() }

    package func entry(_ name: CatalogName) -> CatalogEntry? { catalog.entry(name) }

    package func entries(in database: String) -> [CatalogEntry] { catalog.entries(in: database) }

    package func makeTable(
        function: String, arguments: [(name: String?, value: Value)]
    ) throws(StarlingError) -> any Table {
        throw StarlingError(.unsupported, "\(function)() makes no table here")
    }

    package func snapshot(
        of table: any Table, _ time: TimeTravel, at place: TextRange
    ) throws(StarlingError) -> any Table {
        throw StarlingError(.binding, "a stub has no versions", at: place)
    }

    package func rows(
        of table: any Table, in selection: PartitionSelection, at place: TextRange
    ) throws(StarlingError) -> any Table {
        throw StarlingError(.binding, "a stub has no partitions", at: place)
    }

    package func makeChanges(_ function: TableFunction) throws(StarlingError) -> any Table {
        throw StarlingError(.binding, "a stub has no versions")
    }

    package func expression(of parameter: Parameter) -> BoundExpression? {
        switch parameter {
        case .positional(let number), .numbered(let number):
            guard number >= 1, number <= parameters.count else { return nil }
            return .literal(parameters[number - 1].value, parameters[number - 1].type)
        case .named: return nil
        }
    }

    package func expect(_ type: LogicalType, ofPlaceholder number: Int) {}

    package func value(ofUserVariable name: String) -> (value: Value, type: LogicalType)? {
        variables[name.lowercased()]
    }

    package func value(ofSetting name: String) -> (value: Value, type: LogicalType)? {
        name == "batch_size" ? (.integer(8_192), .int) : nil
    }

    package var settingNames: [String] { ["batch_size"] }

    package func value(of function: SessionFunction) -> (value: Value, type: LogicalType) {
        (function == .database ? .text(currentDatabase) : .null, .string)
    }
}
