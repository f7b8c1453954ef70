// What defines a table as an earlier version of it was. Of that only the columns are known; the clauses
// are those of today, as far as they are about columns that the version has, under the names of then.

import StarlingBinder
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    /// Returns what CREATE TABLE says of a version of a table, given what it says of it today.
    func definition(
        _ newest: CreateTable, of table: NativeTable, as version: NativeTable,
        at place: QualifiedName
    ) throws(StarlingError) -> CreateTable {
        var definition = try newest.typed(as: table.columns)
        // Names may have been exchanged, so all of them make room first.
        for (column, identity) in zip(table.columns, table.identities) {
            let passing = "\u{1F}\(identity.number)"
            definition.rename(
                column.name, to: Identifier(passing, isQuoted: true, range: place.range))
        }
        let kept = definition.columns
        var columns: [ColumnDefinition] = []
        for (column, identity) in zip(version.columns, version.identities) {
            let name = Identifier(column.name, isQuoted: true, range: place.range)
            let today = table.identities.firstIndex { $0.number == identity.number }
            var described = today.map { kept[$0] } ?? ColumnDefinition(named: name)
            described.name = name
            columns.append(try self.described(described, as: column))
            definition.rename("\u{1F}\(identity.number)", to: name)
        }
        for place in columns.indices where columns[place].generated != nil {
            let renamed = definition.columns.first { $0.name == columns[place].name }
            columns[place].generated = renamed?.generated
        }
        let unknown = definition.columns.map(\.name.text).filter { $0.hasPrefix("\u{1F}") }
        definition.columns = columns
        definition.drop(names: unknown)
        if definition.key?.kind == .aggregate {
            try definition.checkCombined(at: place, of: table)
        }
        _ = try self.columns(of: definition)
        return definition
    }

    /// Describes a column as a version had it; a DEFAULT that does not fit it came later.
    private func described(
        _ newest: ColumnDefinition, as column: TableColumn
    ) throws(StarlingError) -> ColumnDefinition {
        var described = newest
        described.isNullable = column.isNullable
        let today = try described.storedType.map { (name) throws(StarlingError) in
            try LogicalType(name)
        }
        if today != column.type {
            described.type = try TypeName(naming: column.type)
        }
        guard described.generated == nil, (try? self.column(of: described)) == nil else {
            return described
        }
        described.defaultValue = nil
        return described
    }
}

extension CreateTable {
    /// Takes columns that the table does not have out of its clauses.
    fileprivate mutating func drop(names unknown: [String]) {
        func isKnown(_ name: Identifier) -> Bool { !unknown.contains(name.text) }
        if let columns = key?.columns { key?.columns = columns.filter(isKnown) }
        if let columns = distribution?.hashColumns, !columns.allSatisfy(isKnown) {
            distribution = nil
        }
        if !sortKey.allSatisfy(isKnown) { orderBy = nil }
        indexes.removeAll { !$0.columns.allSatisfy(isKnown) }
        for name in unknown {
            renameFiltered(name, to: nil)
            properties.renameAnalyzed(name, to: nil)
        }
    }

    /// Says no where nobody knows any more how a column's values were combined.
    fileprivate func checkCombined(
        at place: QualifiedName, of table: NativeTable
    ) throws(StarlingError) {
        let keys = Set(key?.columns.map { $0.text.lowercased() } ?? [])
        let lost = columns.first {
            $0.aggregation == nil && !keys.contains($0.name.text.lowercased())
        }
        guard let lost else { return }
        throw StarlingError(
            .unsupported,
            "'\(table.name)' had a column '\(lost.name.text)' then, of which nobody knows any more how "
                + "its values are combined; CREATE TABLE … AS SELECT … FROM \(table.name) FOR VERSION "
                + "AS OF … keeps the rows", at: place.range)
    }
}
