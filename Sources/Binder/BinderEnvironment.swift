// What the binder needs of the world around a statement.

import StarlingAnalyzers
import StarlingCatalog
import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTables
import StarlingTypes

/// Says what settings change in what expressions mean.
package struct ExpressionModes: Sendable {
    /// Names the casts that end the query where they lose a value.
    package enum CheckedCasts: Sendable {
        case none
        /// Those of numbers to numbers, where the value is out of range.
        case numbers
        case all
    }

    package var checkedCasts = CheckedCasts.none
    /// The characters that group_concat() gives at most; nil for all.
    package var concatenationLimit: Int?

    package init() {}
}

/// Answers the binder's questions about names, files, parameters and settings.
package protocol BinderEnvironment: AnyObject {
    var currentDatabase: String { get }
    var catalog: Catalog { get }

    /// Opens the files that a path or pattern names.
    func openFiles(
        _ path: String, options: [String: String]
    ) throws(StarlingError) -> any Table

    /// Finds the function that CREATE FUNCTION has made under a name.
    func function(_ name: QualifiedName) throws(StarlingError) -> CreateFunction?

    /// Counts the texts of a column, or those that a call reads of its documents, all their terms
    /// together, and the texts that have each of some terms.
    func textStatistics(
        of table: any Table, column: Int, readBy call: BoundExpression?, _ terms: [TermMatcher],
        _ analyzer: Analyzer
    ) throws(StarlingError) -> [Int]

    /// What a name means that CREATE TEXT ANALYZER has made.
    func textAnalyzer(named name: String) -> String?

    /// The names of functions that CREATE FUNCTION has made, for suggestions.
    var userFunctionNames: [String] { get }

    /// Finds a table or view.
    func entry(_ name: CatalogName) -> CatalogEntry?

    /// Lists the tables and views of a database, for suggestions.
    func entries(in database: String) -> [CatalogEntry]

    /// Makes the table of a function that takes constants.
    func makeTable(
        function: String, arguments: [(name: String?, value: Value)]
    ) throws(StarlingError) -> any Table

    /// Finds the state of a table that time travel names.
    func snapshot(
        of table: any Table, _ time: TimeTravel, at place: TextRange
    ) throws(StarlingError) -> any Table

    /// Finds the rows of some partitions of a table.
    func rows(
        of table: any Table, in selection: PartitionSelection, at place: TextRange
    ) throws(StarlingError) -> any Table

    /// Makes the table of what changed between two versions: `CHANGES(t, 3, 5)`.
    func makeChanges(_ function: TableFunction) throws(StarlingError) -> any Table

    /// The value of a parameter that the statement was given, or a placeholder while it is
    /// prepared.
    func expression(of parameter: Parameter) -> BoundExpression?

    /// Notes the type of a placeholder that stands where only that type can.
    func expect(_ type: LogicalType, ofPlaceholder number: Int)

    func value(ofUserVariable name: String) -> (value: Value, type: LogicalType)?
    func value(ofSetting name: String) -> (value: Value, type: LogicalType)?

    /// What settings change in the meaning of the statement's expressions.
    var modes: ExpressionModes { get }

    /// Tells whether the plan is kept for other files than a path leads to now.
    var outlivesFiles: Bool { get }

    /// The names of settings, for suggestions.
    var settingNames: [String] { get }

    /// The value of a function without arguments that tells of the session, such as database().
    func value(of function: SessionFunction) -> (value: Value, type: LogicalType)
}
