// INSERT … PARTITION (day = '2024-01-31'): the partition that rows with these values belong to,
// which comes to be where the table makes partitions as rows come.

import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTypes

extension StatementRunner {
    /// Finds the partition that values of its columns name, or makes it without any rows.
    func partition(
        of table: NativeTable, where values: [PartitionSelection.PartitionValue],
        at target: QualifiedName
    ) throws(StarlingError) -> TablePartition {
        guard let definition = storedEntry(try catalogName(target))?.definition,
            let set = table.partitions
        else {
            throw StarlingError(.binding, "'\(table.name)' has no partitions", at: target.range)
        }
        let key = try key(ofRowsWith: values, of: table, set, definition, at: target)
        if let known = set.partition(of: key) { return known }
        let naming = PartitionNaming(definition, set.keys.map(\.type))
        guard set.isAutomatic else {
            throw StarlingError(
                .binding,
                "no partition of '\(table.name)' takes these values; ALTER TABLE \(table.name) "
                    + "ADD PARTITION makes one", at: values.first?.column.range)
        }
        return TablePartition(
            number: table.takePartitionNumber(), name: naming.name(of: key), values: .list([key]))
    }

    /// Computes what PARTITION BY gives for rows with values in the columns that it names.
    private func key(
        ofRowsWith values: [PartitionSelection.PartitionValue], of table: NativeTable,
        _ set: PartitionSet, _ definition: CreateTable, at target: QualifiedName
    ) throws(StarlingError) -> [Value] {
        let keys = definition.partitionKeys
        let used = table.columns.filter { column in keys.contains { $0.mentions(column.name) } }
        let wanted = used.map { "\($0.name) = …" }.joined(separator: ", ")
        var left = used
        var texts: [String] = []
        for value in values {
            let place = left.firstIndex { $0.name.lowercased() == value.column.text.lowercased() }
            guard let place, let expression = value.value else {
                throw unnamed(table, wanted, at: value.column.range)
            }
            let column = left.remove(at: place)
            let known = PartitionSet.Key(column: nil, type: column.type, title: column.name)
            let stored = try self.value(of: expression, known)
            let text = stored.text(as: column.type).map { Literal.string($0) } ?? .null
            let typed = Expression(
                .cast(
                    Expression(.literal(text), at: expression.range),
                    try TypeName(naming: column.type), isTry: false), at: expression.range)
            texts.append("\(typed.sql()) AS \(quoted(column.name))")
        }
        guard left.isEmpty else {
            throw unnamed(table, wanted, at: values.first?.column.range ?? target.range)
        }
        let query = try parseQuery(
            "SELECT \(keys.map { $0.sql() }.joined(separator: ", ")) "
                + "FROM (SELECT \(texts.joined(separator: ", "))) AS t")
        let row = try runQuery(query)
        return set.keys.indices.map { row.value(0, $0) }
    }

    private func unnamed(
        _ table: NativeTable, _ wanted: String, at place: TextRange
    ) -> StarlingError {
        StarlingError(
            .binding,
            "a value of each column of PARTITION BY names a partition of '\(table.name)': PARTITION "
                + "(\(wanted))", at: place)
    }
}
