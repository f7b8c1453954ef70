// What a materialized view must have to answer a block of a query with groups, in a form that does not depend
// on how the query was written: which tables are joined how, by what the rows are chosen and grouped, and
// which aggregates are computed of them, each as a text. So blocks can be compared, and what one view must
// have for several of them is the union of their parts (Harinarayan, Rajaraman, Ullman, "Implementing Data
// Cubes Efficiently", SIGMOD 1996, who choose among the views of such a lattice).

import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTypes

/// Describes the blocks of a query that group rows.
package struct ViewNeed: Sendable {
    /// Is a condition of the query and what has to be known of a row to decide it.
    package struct Filter: Sendable {
        package var text: String
        package var keys: Set<String>
    }

    /// Is the tables of a block and how they are joined.
    package struct Frame: Hashable, Sendable {
        /// As FROM lists them, in the order of their names.
        package var tables: [String] = []
        package var conditions: Set<String> = []
        /// Outer, semi and anti joins, in order.
        package var attachments: [String] = []
    }

    package private(set) var frame = Frame()
    package private(set) var filters: [Filter] = []
    package private(set) var keys: Set<String> = []
    package private(set) var aggregates: Set<String> = []
    /// The sets of other keys of which a key is computed.
    package private(set) var origins: [String: [Set<String>]] = [:]

    /// Lists the blocks of a plan whose subqueries are gone that a view could answer; `name` gives
    /// the parts of the name by which statements call a table.
    package static func all(
        in plan: LogicalPlan, naming name: (NativeTable) -> [String]?
    ) -> [ViewNeed] {
        if case .aggregate(let aggregate) = plan.node, let need = ViewNeed(aggregate, name) {
            return [need]
        }
        return plan.children.flatMap { all(in: $0, naming: name) }
    }

    private init?(_ aggregate: AggregateNode, _ name: (NativeTable) -> [String]?) {
        guard aggregate.groupingSets == nil, aggregate.groupingColumn == nil,
            let block = JoinBlock(aggregate.input), var names = BlockNames(block, name)
        else { return nil }
        frame.tables = names.tables
        for attachment in block.attachments {
            guard let text = names.text(of: attachment) else { return nil }
            frame.attachments.append(text)
        }
        for conjunct in block.conjuncts {
            if names.tableCount(of: conjunct) > 1 {
                frame.conditions.insert(names.text(of: conjunct))
            } else {
                filters.append(
                    Filter(text: names.text(of: conjunct), keys: names.subjects(of: conjunct)))
            }
        }
        for key in aggregate.keys {
            let expression = block.expanded(key.expression)
            guard expression.type.isComparable, !expression.isConstant else { return nil }
            keys.insert(names.key(expression))
        }
        for item in aggregate.aggregates {
            guard add(item, block, &names) else { return nil }
        }
        origins = names.origins
    }

    /// Notes the states that an aggregate is computed of; false where views keep none.
    private mutating func add(
        _ item: AggregateItem, _ block: JoinBlock, _ names: inout BlockNames
    ) -> Bool {
        guard item.ordering.isEmpty, item.arguments.count <= 1 else { return false }
        let argument = item.arguments.first.map { names.key(block.expanded($0)) }
        let condition =
            item.condition.map { " FILTER (WHERE \(names.text(of: block.expanded($0))))" } ?? ""
        switch (item.function.name, argument) {
        case ("count", nil): aggregates.insert("count(*)\(condition)")
        case ("avg", let argument?) where !item.isDistinct:
            aggregates.insert("sum(\(argument))\(condition)")
            aggregates.insert("count(\(argument))\(condition)")
        case ("count", let argument?) where !item.isDistinct,
            ("sum", let argument?) where !item.isDistinct, ("min", let argument?),
            ("max", let argument?):
            aggregates.insert("\(item.function.name)(\(argument))\(condition)")
        default:
            // Of a key repeated rows change nothing.
            guard item.isDistinct || item.function.ignoresDuplicates, item.condition == nil,
                let argument, item.arguments[0].type.isComparable
            else { return false }
            keys.insert(argument)
        }
        return true
    }
}

/// Calls the columns of a block by the names of their tables.
private struct BlockNames {
    private(set) var tables: [String] = []
    private var printer = ExpressionPrinter(showsIdentities: false)
    private var owners: [ColumnID: Int] = [:]
    private var attached: [String] = []
    /// What the tables are called, in small letters.
    private var aliases: Set<String> = []
    /// Of which others the expressions are computed that may be keys.
    private(set) var origins: [String: [Set<String>]] = [:]

    init?(_ block: JoinBlock, _ name: (NativeTable) -> [String]?) {
        printer.isExact = true
        var titles: [(place: Int, parts: [String])] = []
        for (place, leaf) in block.leaves.enumerated() {
            guard let parts = (leaf.table as? NativeTable).flatMap(name) else { return nil }
            titles.append((place, parts))
        }
        titles.sort { (Self.title($0.parts), $0.place) < (Self.title($1.parts), $1.place) }
        for (place, parts) in titles {
            tables.append(add(block.leaves[place], parts, owner: place))
        }
        for (number, attachment) in block.attachments.enumerated() {
            guard attachment.block.leaves.count == 1, attachment.block.attachments.isEmpty,
                let parts = (attachment.block.leaves[0].table as? NativeTable).flatMap(name)
            else { return nil }
            attached.append(
                add(attachment.block.leaves[0], parts, owner: block.leaves.count + number))
        }
    }

    /// Names a table and its columns; returns it as FROM has it.
    private mutating func add(
        _ leaf: ScanNode, _ parts: [String], owner: Int
    ) -> String {
        let own = parts[parts.count - 1]
        var name = own
        var number = 2
        while !aliases.insert(name.lowercased()).inserted {
            name = "\(own)_\(number)"
            number += 1
        }
        let alias = statementName(name)
        for column in leaf.columns {
            let table = leaf.table.columns
            guard column.position < table.count else { continue }
            let name = statementName(table[column.position].name)
            printer.names[column.column.id] = "\(alias).\(name)"
            owners[column.column.id] = owner
        }
        return Self.title(parts) + (name == own ? "" : " AS \(alias)")
    }

    private static func title(_ parts: [String]) -> String {
        parts.map(statementName).joined(separator: ".")
    }

    func text(of expression: BoundExpression) -> String {
        // Which side of an equality stands first says nothing.
        if case .comparison(.equal, let left, let right) = expression,
            printer.text(of: right) < printer.text(of: left), !right.isConstant
        {
            return printer.text(of: .comparison(.equal, right, left))
        }
        if case .or = expression { return "(\(printer.text(of: expression)))" }
        return printer.text(of: expression)
    }

    /// Writes an outer, semi or anti join; nil where the other side is more than one table.
    func text(of attachment: JoinBlock.Attachment) -> String? {
        let place = attachment.block.leaves[0].columns.first.flatMap { owners[$0.column.id] }
        guard let place else { return nil }
        let conditions = attachment.conditions + attachment.block.conjuncts
        let kind = attachment.kind == .left ? "LEFT JOIN" : "LEFT \(attachment.kind.word) JOIN"
        let first = (owners.values.max() ?? 0) - attached.count + 1
        guard attached.indices.contains(place - first) else { return nil }
        return "\(kind) \(attached[place - first]) ON "
            + conditions.map { text(of: $0) }.sorted().joined(separator: " AND ")
    }

    /// Writes what rows may be grouped by.
    mutating func key(_ expression: BoundExpression) -> String {
        let text = text(of: expression)
        let columns = Set(expression.referencedColumns.compactMap { printer.names[$0] })
        var all = columns == [text] ? [] : [columns]
        if let function = TimeFunction(expression) {
            // What is cut to a unit is computed of what is cut to a finer one.
            let cut = TimeCut(function.operand)
            for finer in CalendarUnit.allCases where finer.makesUp(function.unit) {
                let other = self.text(of: finer.cutting(cut.base))
                if other != text { all.append([other]) }
            }
        }
        origins[text] = all
        return text
    }

    /// Writes what rows may be grouped by so that bounds of days and moments don't part a group.
    private mutating func key(_ bound: TimeBound) -> String {
        guard let unit = bound.unit else { return key(bound.cut.base) }
        return key(unit.cutting(bound.cut.base))
    }

    func tableCount(of expression: BoundExpression) -> Int {
        Set(expression.referencedColumns.compactMap { owners[$0] }).count
    }

    /// What a condition compares with constants.
    mutating func subjects(of condition: BoundExpression) -> Set<String> {
        if let bound = TimeBound(condition) { return [key(bound)] }
        switch condition {
        case .and(let parts), .or(let parts): return subjects(of: parts)
        case .not(let inner), .isNull(let inner), .inList(let inner, _), .cast(let inner, _):
            return subjects(of: inner)
        case .like(let inner, let pattern, _): return subjects(of: [inner, pattern])
        case .comparison(_, let left, let right): return subjects(of: [left, right])
        case .call(let function, _, let arguments) where function.isDeterministic:
            let isKey =
                arguments.count { !$0.isConstant } == 1 && condition.type.isComparable
                && condition.type != .boolean
            return isKey ? [key(condition)] : subjects(of: arguments)
        case .column(let column): return [key(.column(column))]
        default:
            return Set(condition.referencedColumns.compactMap { printer.names[$0] })
        }
    }

    private mutating func subjects(of parts: [BoundExpression]) -> Set<String> {
        var all: Set<String> = []
        for part in parts { all.formUnion(subjects(of: part)) }
        return all
    }
}

extension CalendarUnit {
    /// Cuts days or moments to the unit.
    fileprivate func cutting(_ base: BoundExpression) -> BoundExpression {
        guard !makesUp(TimeCut(base).unit),
            let cut = try? Arithmetic.beginning(of: self, base)
        else { return base }
        return cut
    }
}

extension BoundExpression {
    fileprivate var isConstant: Bool { referencedColumns.isEmpty && !containsSubquery }
}

extension JoinNode.Kind {
    fileprivate var word: String { self == .semi ? "SEMI" : "ANTI" }
}
