// All functions by name. A file that implements functions lists their rows; this list names the
// files' rows, and nothing else needs to know.

import StarlingErrors

/// Finds functions by name.
package struct FunctionRegistry: Sendable {
    /// The functions that Starling has.
    package static let builtin = FunctionRegistry(
        scalars: Self.scalarRows, aggregates: Self.aggregateRows, windows: WindowFunction.rows)

    private static let aggregateRows: [AggregateFunction] = [
        Count.rows, Sum.rows, Average.rows, Extremes.rows, Variance.rows, BooleanAggregates.rows,
        GroupConcat.rows, ApproximateCount.rows, ArrayAggregates.rows, ExtremeRows.rows,
        DistinctElementsRows.rows, DistinctValuesRows.rows, MapAggregates.rows, MapSumRows.rows,
        FrequentItemsRows.rows,
        Funnels.rows, BitmapAggregates.rows, BitmapIntersections.rows, DistinctUnions.rows,
        PercentileUnions.rows, ThetaSketches.aggregates, ExtremeLists.rows, RankTests.rows,
        Histograms.rows,
        Covariance.rows, Moments.rows, Percentiles.rows, ApproximatePercentiles.rows,
    ].flatMap { $0 }

    package let scalars: [ScalarFunction]
    package let aggregates: [AggregateFunction]
    package let windows: [WindowFunction]
    private let scalarsByName: [String: ScalarFunction]
    private let aggregatesByName: [String: AggregateFunction]
    private let windowsByName: [String: WindowFunction]

    package init(
        scalars: [ScalarFunction], aggregates: [AggregateFunction], windows: [WindowFunction]
    ) {
        self.scalars = scalars
        self.aggregates = aggregates
        self.windows = windows
        // A function of its own comes before a combinator of the same name.
        scalarsByName = Self.index(
            scalars.flatMap { row in
                ([row.name] + row.aliases).map { ($0, row) }
            }
        ).merging(aggregates.flatMap(\.combiningScalars)) { own, _ in own }
        aggregatesByName = Self.index(
            aggregates.flatMap { row in
                ([row.name] + row.aliases).map { ($0, row) }
            }
        ).merging(aggregates.flatMap(\.combiningAggregates)) { own, _ in own }
        windowsByName = Self.index(windows.map { ($0.name, $0) })
    }

    private static func index<Row>(_ named: [(String, Row)]) -> [String: Row] {
        Dictionary(named) { _, _ in preconditionFailure("two functions have the same name") }
    }

    // Names are found in any case.

    package func scalar(_ name: String) -> ScalarFunction? { scalarsByName[name.lowercased()] }

    package func aggregate(_ name: String) -> AggregateFunction? {
        aggregatesByName[name.lowercased()]
    }

    /// Finds the aggregate whose states a call of that name makes: f_state() or f_combine().
    package func stateFunction(of name: String) -> AggregateFunction? {
        for suffix in ["_state", "_combine"] where name.lowercased().hasSuffix(suffix) {
            if let function = aggregate(String(name.dropLast(suffix.count))) { return function }
        }
        return nil
    }

    package func window(_ name: String) -> WindowFunction? { windowsByName[name.lowercased()] }

    /// Tells whether a name is taken, by a function or by what is written like one.
    package func contains(_ name: String) -> Bool {
        let name = name.lowercased()
        return scalarsByName[name] != nil || aggregatesByName[name] != nil
            || windowsByName[name] != nil || WrittenForm.contains(name)
            || SessionFunction(named: name) != nil || TableFunctionRow.named(name) != nil
    }

    /// Makes the error for a name that no function has, with the nearest one that exists.
    package func unknownFunction(_ name: String, others: [String] = []) -> StarlingError {
        if let form = WrittenForm.named(name) {
            return StarlingError(.binding, "\(name)() is written \(form.call)")
        }
        let rows =
            scalars.flatMap { [$0.name] + $0.aliases }
            + aggregates.flatMap { [$0.name] + $0.aliases }
        let written =
            WrittenForm.all.flatMap { [$0.name] + $0.aliases }
            + SessionFunctionRow.all.flatMap { [$0.name] + $0.aliases }
        let names = [rows, Array(windowsByName.keys), written, others].joined()
        let near = nearestName(to: name, among: names)
        return StarlingError(
            .binding, "no function '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
}
