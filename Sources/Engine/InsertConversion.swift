// The conversion of a query's columns to those of a table. For each column whose type might not
// hold a value there is a second one, with the text of the values that it doesn't hold, NULL for
// all others: so the rows are made once, and what was lost is known.

import StarlingBinder
import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

/// Holds a query that gives the columns of a table and then those of misfits.
struct InsertConversion {
    /// Is a value that its column doesn't hold.
    struct Misfit {
        var row: Int
        var text: String
    }

    private(set) var bound: BoundQuery
    /// The table's columns that the columns of misfits are about, in their order.
    private(set) var checkedColumns: [Int] = []
    private let table: NativeTable
    let positions: [Int]
    /// Where the text says what columns become, where it says so by their names.
    var places: [Int: TextRange] = [:]
    /// Tells whether a second projection computes columns of the others.
    private var isGenerating = false

    /// `positions` says which of the table's columns the query's are; others take their default, or
    /// what is computed of the rest.
    init(
        _ source: BoundQuery, to table: NativeTable, positions: [Int], defaults: [Expression?],
        generated: [Expression?], at name: QualifiedName, runner: StatementRunner
    ) throws(StarlingError) {
        guard source.columns.count == positions.count else {
            throw StarlingError(
                .binding,
                "\(positions.count) columns are to be inserted, the query gives "
                    + "\(source.columns.count)", at: name.range)
        }
        bound = source
        self.table = table
        self.positions = positions
        var items: [ProjectItem] = []
        var misfits: [ProjectItem] = []
        var computed: [ProjectItem] = []
        for (position, column) in table.columns.enumerated() where generated[position] == nil {
            var value = BoundExpression.null(column.type)
            if let place = positions.firstIndex(of: position) {
                let column = source.columns[place]
                try Self.expectFit(column, table.columns[position], at: name)
                if column.type != .null { value = .column(column) }
            } else if position < defaults.count, let expression = defaults[position] {
                let bound = try runner.binder.bind(constant: expression)
                let column = runner.binderAllocator.makeColumn("default", bound.type)
                value = bound.isDeterministic ? bound : .column(column)
                if !bound.isDeterministic {
                    computed.append(ProjectItem(column: column, expression: bound))
                }
            }
            var stored =
                value.type.isSame(asStored: column.type) ? value : .cast(value, to: column.type)
            if let isLost = try Self.isLost(value, stored, column.type) {
                let text = BoundExpression.cast(value, to: .string)
                misfits.append(
                    ProjectItem(
                        column: runner.binderAllocator.makeColumn("misfit", .string),
                        expression: .conditional(
                            [ConditionalBranch(condition: isLost, result: text)],
                            otherwise: .null(.string), .string)))
                checkedColumns.append(position)
                // What the cast doesn't make NULL by itself becomes NULL here.
                if column.type.byteLimit != nil || column.type == .float {
                    stored = .conditional(
                        [ConditionalBranch(condition: isLost, result: .null(column.type))],
                        otherwise: stored, column.type)
                }
            }
            items.append(
                ProjectItem(
                    column: runner.binderAllocator.makeColumn(column.name, column.type),
                    expression: stored))
        }
        var input = source.plan
        if !computed.isEmpty {
            // What is stored and what is checked are one value.
            let all = input.outputColumns.map(ProjectItem.init(passing:)) + computed
            input = LogicalPlan(.project(ProjectNode(input: input, items: all)))
        }
        bound.plan = LogicalPlan(.project(ProjectNode(input: input, items: items + misfits)))
        bound.columns = (items + misfits).map(\.column)
        isGenerating = generated.contains { $0 != nil }
        if isGenerating {
            try generate(generated, from: items, runner)
        }
    }

    /// Says no to values that the column's type has no cast for, and to states of other arguments
    /// than those that the column's states have seen.
    private static func expectFit(
        _ source: PlanColumn, _ target: TableColumn, at name: QualifiedName
    ) throws(StarlingError) {
        guard source.type.isConvertible(to: target.type) else {
            throw StarlingError(
                .binding,
                "column '\(target.name)' holds \(target.type), the query gives \(source.type)",
                at: name.range)
        }
        guard case .aggregateState = source.type, case .aggregateState = target.type,
            !source.type.isSame(butForLengthsOf: target.type)
        else { return }
        throw StarlingError(
            .binding,
            "column '\(target.name)' holds states of \(target.type), the query gives states of "
                + "\(source.type); cast what they are made of", at: name.range)
    }

    /// Computes columns of the stored values of the others.
    private mutating func generate(
        _ generated: [Expression?], from items: [ProjectItem], _ runner: StatementRunner
    ) throws(StarlingError) {
        var stored = items.map(\.column)
        let misfits = bound.columns.dropFirst(stored.count).map(ProjectItem.init(passing:))
        let known = stored
        var all: [ProjectItem] = []
        for (column, expression) in zip(table.columns, generated) {
            guard let expression else {
                all.append(ProjectItem(passing: stored.removeFirst()))
                continue
            }
            let value = try runner.binder.bind(expression, over: known)
            all.append(
                ProjectItem(
                    column: runner.binderAllocator.makeColumn(column.name, column.type),
                    expression: value.type == column.type
                        ? value : .cast(value, to: column.type)))
        }
        bound.plan = LogicalPlan(
            .project(ProjectNode(input: bound.plan, items: all + misfits)))
        bound.columns = (all + misfits).map(\.column)
    }

    /// Lets a column of the query through behind the others.
    mutating func pass(_ column: PlanColumn) {
        bound.plan = Self.passing(column, bound.plan, isGenerating ? 2 : 1)
        bound.columns.append(column)
    }

    private static func passing(
        _ column: PlanColumn, _ plan: LogicalPlan, _ depth: Int
    ) -> LogicalPlan {
        guard depth > 0, case .project(var node) = plan.node else { return plan }
        node.input = passing(column, node.input, depth - 1)
        node.items.append(ProjectItem(passing: column))
        return LogicalPlan(.project(node))
    }

    /// Makes the condition that holds for values that are lost; nil where none can be.
    private static func isLost(
        _ value: BoundExpression, _ stored: BoundExpression, _ type: LogicalType
    ) throws(StarlingError) -> BoundExpression? {
        if let limit = type.byteLimit {
            if value.type == type || value.type == .null { return nil }
            if let known = value.type.byteLimit, known <= limit { return nil }
            guard !value.type.isNested,
                let length = FunctionRegistry.builtin.scalar("length")
            else { return nil }
            let text = BoundExpression.cast(value, to: .string)
            let signature = try length.resolve(ArgumentList(types: [.string], constants: [nil]))
            return .comparison(
                .greater, .call(length, signature, [text]),
                .literal(.integer(Int128(limit)), signature.resultType))
        }
        guard value.type != type, value.type != .null else { return nil }
        if type.isNested, value.type.isNested {
            guard type.mayLoseInside(valuesOf: value.type) else { return nil }
            return .comparison(.less, try count(of: stored), try count(of: value))
        }
        if type == .float, value.type == .double || value.type.isString {
            return try isLostInFloat(value, stored)
        }
        guard type.mayLose(valuesOf: value.type) else { return nil }
        return .and([.not(.isNull(value)), .isNull(stored)])
    }

    /// Counts the values inside of nested ones.
    private static func count(of value: BoundExpression) throws(StarlingError) -> BoundExpression {
        try call("value_count", value)
    }

    /// Finds numbers that are beyond all of FLOAT, and texts that are no numbers.
    private static func isLostInFloat(
        _ value: BoundExpression, _ stored: BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        let number = value.type == .double ? value : .cast(value, to: .double)
        let size = try call("abs", number)
        let limit = Double(Float.greatestFiniteMagnitude)
        let isBeyond = BoundExpression.and([
            .comparison(.greater, size, .literal(.floating(limit), .double)),
            .comparison(.less, size, .literal(.floating(.infinity), .double)),
        ])
        return .or([.and([.not(.isNull(value)), .isNull(stored)]), isBeyond])
    }

    private static func call(
        _ name: String, _ argument: BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        guard let function = FunctionRegistry.builtin.scalar(name) else {
            throw StarlingError(.internal, "\(name)() is missing")
        }
        let signature = try function.resolve(
            ArgumentList(types: [argument.type], constants: [nil]))
        return .call(function, signature, [argument])
    }

    /// Finds what the text says of the value of a column in a row.
    func place(
        of column: Int, inRow row: Int, _ values: [[Expression]], _ query: Query
    ) -> TextRange? {
        guard let place = positions.firstIndex(of: column) else { return nil }
        if row < values.count { return place < values[row].count ? values[row][place].range : nil }
        if case .select(let select) = query.body, select.items.count == positions.count,
            case .expression(let expression, _) = select.items[place]
        {
            return expression.range
        }
        return places[column]
    }

    /// Makes the error for the first value that is lost.
    ///
    /// `values` are the rows of VALUES, `query` is any other one.
    func error(
        _ misfit: Misfit, _ column: Int, _ values: [[Expression]], _ query: Query
    ) -> StarlingError {
        let name = table.columns[column].name
        let type = table.columns[column].type
        let isLong = type.byteLimit.map { misfit.text.utf8.count > $0 } ?? false
        let range = place(of: column, inRow: misfit.row, values, query)
        let shown = misfit.text.count > 60 ? misfit.text.prefix(60) + "…" : misfit.text[...]
        let row = values.isEmpty ? "" : "row \(misfit.row + 1): "
        return StarlingError(
            .data,
            "\(row)'\(shown)' is \(isLong ? "too long for" : "no value of") column '\(name)', "
                + "which is \(type); after SET enable_insert_strict = false it becomes NULL",
            at: range)
    }
}

extension LogicalType {
    /// Tells whether a cast to this nested type can turn a value inside of one of the other into
    /// NULL.
    fileprivate func mayLoseInside(valuesOf source: LogicalType) -> Bool {
        switch (self, source) {
        case (.array(let element), .array(let other)):
            return element.mayLoseInside(valuesOf: other)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            return key.mayLoseInside(valuesOf: otherKey)
                || value.mayLoseInside(valuesOf: otherValue)
        case (.structure(let fields), .structure(let others)):
            return zip(fields, others).contains { $0.type.mayLoseInside(valuesOf: $1.type) }
        default: return self != source && mayLose(valuesOf: source)
        }
    }

    /// Tells whether a cast to this type can turn a value of the other into NULL.
    fileprivate func mayLose(valuesOf source: LogicalType) -> Bool {
        if source == .null || isNested || source.isNested { return false }
        switch self {
        case .varchar, .varbinary, .char: return false
        case .boolean, .float, .double: return source.isString || source.isTemporal
        case .date, .datetime, .time: return !(source.isTemporal && isTemporal)
        default: break
        }
        guard let own = bounds, let other = source.bounds,
            source.isInteger || source.isDecimal || source == .boolean
        else { return true }
        // Both are whole numbers of units of their scale.
        let digits = scale - source.scale
        guard digits > 0 else {
            // Rounding may add one to the whole part.
            let unit = powerOfTen(-digits)
            return !own.contains(
                Bounds(
                    low: other.low / unit - (digits < 0 ? 1 : 0),
                    high: other.high / unit + (digits < 0 ? 1 : 0)))
        }
        guard let scaled = other.multiplying(Bounds(powerOfTen(digits))) else { return true }
        return !own.contains(scaled)
    }
}

extension LogicalType {
    /// True where a value needs no cast to be stored as the other type: states keep their bytes.
    fileprivate func isSame(asStored other: LogicalType) -> Bool {
        if case .aggregateState = self { return isSame(butForLengthsOf: other) }
        return self == other
    }
}
