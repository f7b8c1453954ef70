// The names that can be used in a place of a query, innermost first. A column that is found in an
// outer scope is a correlation.

import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTypes

/// Holds a column that can be named.
struct ScopeColumn {
    var table: String?
    var database: String?
    var name: String
    var column: PlanColumn
    /// True for the copies of a column that USING has merged: only `t.c` finds them.
    var needsQualifier = false
    /// True for columns that `*` does not mean and that give way to others of their name.
    var isVirtual = false
}

/// Tells what a subquery may do in the clause it stands in.
struct SubqueryPlace {
    /// Takes aggregates over the columns of the clause's query; nil where the clause allows none.
    var calls: CallCollector?
    var isInsideAggregate: Bool
    var clause: String
}

/// Is what a subquery in an expression asks, as it is written.
enum SubqueryQuestion: Hashable {
    case exists(Query)
    case value(Query)
    case any(Expression, ComparisonOperator, Query)
}

/// Finds columns by name.
final class Scope {
    private(set) var columns: [ScopeColumn]
    private(set) var columnIDs: Set<ColumnID>
    /// The places of columns by their names in lower case, as far as they were asked for.
    private var places: [String: [Int]] = [:]
    private var placedCount = 0
    let parent: Scope?
    /// What the parameters of a function mean whose text is bound in this scope, by lower-case
    /// names; such a scope sees nothing of those around. Nil in others.
    let arguments: [String: BoundExpression]?
    /// The place of this scope's query in which a subquery is being bound.
    var place: SubqueryPlace?
    /// What the WHERE of this scope's query demands, and the plan that it stands on.
    var searched: (condition: BoundExpression, plan: LogicalPlan)?
    /// How well a row fits it, once that was asked.
    var score: BoundExpression?
    /// The subqueries of this scope: what is written alike is the same value.
    var subqueries: [SubqueryQuestion: BoundSubquery] = [:]
    /// The calls of users' functions in this scope, likewise.
    var functionCalls: [FunctionCall: BoundExpression] = [:]

    init(columns: [ScopeColumn] = [], parent: Scope?) {
        self.columns = columns
        columnIDs = Set(columns.map(\.column.id))
        self.parent = parent
        arguments = nil
    }

    /// Makes the scope of a function's text.
    init(arguments: [String: BoundExpression], parent: Scope?) {
        columns = []
        columnIDs = []
        self.parent = parent
        self.arguments = arguments
    }

    /// The scope of the query that an expression here belongs to: that of the call where this is a
    /// function's.
    var home: Scope { arguments == nil ? self : parent?.home ?? self }

    /// Finds the argument that a name means in a function's text, where no column is nearer.
    func argument(
        _ name: QualifiedName
    ) throws(StarlingError) -> (value: BoundExpression, used: Int)? {
        var scope: Scope? = self
        while let current = scope {
            if let arguments = current.arguments {
                return arguments[name.parts[0].text.lowercased()].map { ($0, 1) }
            }
            if try current.find(name) != nil { return nil }
            scope = current.parent
        }
        return nil
    }

    func add(_ new: [ScopeColumn]) {
        columns += new
        columnIDs.formUnion(new.map(\.column.id))
    }

    /// The columns of a name in lower case.
    private func columns(named name: String) -> [ScopeColumn] {
        while placedCount < columns.count {
            places[columns[placedCount].name.lowercased(), default: []].append(placedCount)
            placedCount += 1
        }
        return (places[name] ?? []).map { columns[$0] }
    }

    /// Finds the innermost scope that one of the columns belongs to.
    func owner(of ids: Set<ColumnID>) -> Scope? {
        var scope: Scope? = self
        while let current = scope {
            if !current.columnIDs.isDisjoint(with: ids) { return current }
            scope = current.parent
        }
        return nil
    }

    /// Finds the column that a name means, here or in the scopes around.
    ///
    /// - Returns: the column and how many leading parts of the name it took; the rest are fields.
    func resolve(_ name: QualifiedName) throws(StarlingError) -> (column: PlanColumn, used: Int) {
        var scope: Scope? = self
        while let current = scope {
            if let found = try current.find(name) { return found }
            if current.arguments != nil { break }
            scope = current.parent
        }
        throw unknown(name)
    }

    private func find(
        _ name: QualifiedName
    ) throws(StarlingError) -> (column: PlanColumn, used: Int)? {
        let parts = name.parts.map { $0.text.lowercased() }
        // The longest qualification first: db.t.c, then t.c, then c with fields behind it.
        for used in stride(from: min(3, parts.count), through: 1, by: -1) {
            var matches = columns(named: parts[used - 1]).filter {
                Self.matches($0, Array(parts[0..<used]))
            }
            if matches.contains(where: { !$0.isVirtual }) { matches.removeAll(where: \.isVirtual) }
            if matches.count > 1, Set(matches.map(\.column.id)).count > 1 {
                throw ambiguous(name, matches)
            }
            // A column without fields does not hide tables further out that bear its name.
            if let match = matches.first,
                used == parts.count || Self.hasFields(match.column.type)
                    || parent == nil && !hasTable(parts[used - 1])
            {
                return (match.column, used)
            }
        }
        return nil
    }

    private func hasTable(_ name: String) -> Bool {
        columns.contains { $0.table?.lowercased() == name }
    }

    private static func hasFields(_ type: LogicalType) -> Bool {
        switch type {
        case .structure, .json, .null: true
        case .array(let element): hasFields(element)
        case .map(_, let value): hasFields(value)
        default: false
        }
    }

    /// Tells whether a column of the right name is the one that is qualified so.
    private static func matches(_ column: ScopeColumn, _ parts: [String]) -> Bool {
        if parts.count == 1 { return !column.needsQualifier }
        guard column.table?.lowercased() == parts[parts.count - 2] else { return false }
        return parts.count == 2 || column.database?.lowercased() == parts[0]
    }

    /// The columns that `t.*` means, or nil where there is no such table here.
    func columns(ofTable name: QualifiedName) -> [ScopeColumn]? {
        let table = name.last.text.lowercased()
        let found = columns.filter {
            $0.table?.lowercased() == table && !$0.isVirtual
                && (name.parts.count < 2
                    || $0.database?.lowercased()
                        == name.parts[name.parts.count - 2].text.lowercased())
        }
        return found.isEmpty ? nil : found
    }

    var tableNames: [String] {
        var names: [String] = []
        for column in columns {
            if let table = column.table, !names.contains(table) { names.append(table) }
        }
        return names
    }

    private func ambiguous(_ name: QualifiedName, _ matches: [ScopeColumn]) -> StarlingError {
        let owners = matches.map { "\($0.table ?? "?").\($0.name)" }.joined(separator: ", ")
        return StarlingError(
            .binding, "column '\(name.last.text)' is ambiguous: \(owners)", at: name.range)
    }

    private func unknown(_ name: QualifiedName) -> StarlingError {
        var known: [ScopeColumn] = []
        var parameters: [String] = []
        var scope: Scope? = self
        while let current = scope {
            known += current.columns
            if let arguments = current.arguments {
                parameters = arguments.keys.sorted()
                break
            }
            scope = current.parent
        }
        let text = name.parts.map(\.text).joined(separator: ".")
        if name.parts.count > 1 {
            let table = name.parts[name.parts.count - 2].text
            let tables = Set(known.compactMap(\.table))
            if !tables.contains(where: { $0.lowercased() == table.lowercased() }) {
                let hint = suggestion(nearestName(to: table, among: tables.sorted()))
                return StarlingError(
                    .binding, "there is no table '\(table)' in this query\(hint)", at: name.range)
            }
            known = known.filter { $0.table?.lowercased() == table.lowercased() }
        }
        let hint =
            ForeignNames.note(onColumn: name.last.text)
            ?? suggestion(nearestName(to: name.last.text, among: known.map(\.name) + parameters))
        return StarlingError(.binding, "there is no column '\(text)'\(hint)", at: name.range)
    }
}

/// Turns a near name into the end of a message.
func suggestion(_ name: String?) -> String {
    name.map { "; did you mean '\($0)'?" } ?? ""
}
