// A column gets another name: whatever a table says of its columns calls it by that one, and what
// computes with it is written anew.

import StarlingErrors
import StarlingSyntax

extension CreateTable {
    /// Calls a column by another name wherever the table names it, and in what computes with it.
    mutating func rename(_ name: String, to new: Identifier) {
        for place in columns.indices {
            columns[place].generated = columns[place].generated?.renaming(name, to: new)
            guard columns[place].name.isSame(as: name) else { continue }
            columns[place].name = new
        }
        func renamed(_ columns: [Identifier]) -> [Identifier] {
            columns.map { $0.isSame(as: name) ? new : $0 }
        }
        func renamed(_ keys: [Expression]) -> [Expression] {
            keys.map { $0.renaming(name, to: new) }
        }
        if let columns = key?.columns { key?.columns = renamed(columns) }
        if let columns = distribution?.hashColumns { distribution?.hashColumns = renamed(columns) }
        sortKey = renamed(sortKey)
        for place in indexes.indices { indexes[place].columns = renamed(indexes[place].columns) }
        for place in rollups.indices { rollups[place].columns = renamed(rollups[place].columns) }
        switch partitioning {
        case .list(let columns, let partitions): partitioning = .list(renamed(columns), partitions)
        case .range(let keys, let partitions): partitioning = .range(renamed(keys), partitions)
        case .expressions(let keys, let partitions):
            partitioning = .expressions(renamed(keys), partitions)
        case nil: break
        }
        for place in properties.indices {
            properties[place].renameCondition(of: name, to: new)
        }
        renameFiltered(name, to: new.text)
        properties.renameAnalyzed(name, to: new.text)
    }

    /// What is computed of columns, each with the clause or the column that it is.
    var computations: [(clause: String, value: Expression)] {
        partitionComputations.map { ("PARTITION BY", $0) }
            + columns.compactMap { column in
                column.generated.map { ("column '\(column.name.text)'", $0) }
            }
    }

    /// The expressions of PARTITION BY that are more than a column.
    private var partitionComputations: [Expression] {
        partitionKeys.filter { key in
            if case .column = key.kind { false } else { true }
        }
    }
}

extension Property {
    /// The condition on columns that it may be.
    static let condition = "partition_retention_condition"

    fileprivate mutating func renameCondition(of name: String, to new: Identifier) {
        guard key.lowercased() == Self.condition, let condition = try? parseExpression(value),
            condition.mentions(name)
        else { return }
        value = condition.renaming(name, to: new).sql()
    }
}

extension Identifier {
    func isSame(as name: String) -> Bool { text.lowercased() == name.lowercased() }
}

extension Expression {
    /// Calls a column by another name wherever the name stands.
    fileprivate func renaming(_ name: String, to new: Identifier) -> Expression {
        guard mentions(name) else { return self }
        let text = Expression(.column(QualifiedName([new])), at: range).sql()
        let renamed = try? parseExpression(sql(replacing: [name.lowercased(): text]))
        return renamed ?? self
    }
}
