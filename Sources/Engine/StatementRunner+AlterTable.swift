// ALTER TABLE. Columns are changed without touching rows: segments know columns by numbers, and what
// a segment was written without has the value that the column began with.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    func alterTable(_ alter: AlterTable) throws(StarlingError) -> Result {
        let name = try catalogName(alter.name)
        let table = try nativeTable(alter.name)
        if let first = alter.actions.first {
            switch first {
            case .rename(let new):
                try checkAlone(alter)
                return try rename(name, to: new, alter)
            case .swap(let other):
                try checkAlone(alter)
                return try swap(name, with: other, alter)
            case .compact(_, let partitions):
                try checkAlone(alter)
                return try runOptimize(Optimize(packing: alter.name, partitions))
            default: break
            }
        }
        if let result = try alterPartitions(alter) { return result }
        guard let definition = entry(name)?.definition else {
            throw StarlingError(.internal, "table '\(name.name)' has no definition")
        }
        if let result = try alterRollups(alter, definition) { return result }
        var draft = try TableDraft(table, definition)
        for action in alter.actions { try apply(action, to: &draft, of: table) }
        let properties = alter.actions.flatMap(\.properties)
        if !properties.isEmpty {
            draft.set(properties)
            try checkUpkeep(draft.definition, table)
            checkProperties(properties, of: draft.definition)
            try checkShredding(properties, of: draft.definition)
        }
        if alter.addsComputed || draft.isComputedAnew || !draft.conversions.isEmpty {
            try fill(table, name, draft, at: alter.name)
        } else {
            try self.alter(table, name, to: draft)
        }
        if alter.actions.contains(where: { if case .addIndex = $0 { true } else { false } }) {
            try makeIndexes(of: alter.name, name)
        }
        return .none
    }

    /// Lets a table become what a draft says.
    func alter(
        _ table: NativeTable, _ name: CatalogName, to draft: TableDraft
    ) throws(StarlingError) {
        _ = try retention(of: draft.definition)
        try draft.definition.checkKeys(draft.columns)
        let home = home(of: name)
        let changes = self.definition(of: draft, name, in: home, numbering: table.lastNumber)
        try commit(to: home, changes) {
            (contents) throws(StarlingError) in
            let newest = try newestSnapshot(of: table, name, contents)
            let altered = try rekeyed(
                newest.having(
                    columns: draft.columns, draft.identities,
                    lastColumnNumber: draft.lastColumnNumber), draft.definition)
            try checkNotNull(altered.segments, altered) { column in
                "; UPDATE \(table.name) SET \(column) = … WHERE \(column) IS NULL first, or DELETE "
                    + "these rows"
            }
            contents.replaceTable(name, with: altered, definition: draft.definition)
        }
    }

    private func checkAlone(_ alter: AlterTable) throws(StarlingError) {
        guard alter.actions.count == 1 else {
            throw StarlingError(
                .unsupported, "RENAME, SWAP WITH and COMPACT stand alone in an ALTER TABLE",
                at: alter.name.range)
        }
    }

    private func apply(
        _ action: AlterTableAction, to draft: inout TableDraft, of table: NativeTable
    ) throws(StarlingError) {
        switch action {
        case .addColumns(let definitions, let position, rollup: nil, properties: _):
            for var definition in definitions {
                if definition.ifNotExists, draft.has(definition.name) { continue }
                definition.ifNotExists = false
                try add(definition, position, to: &draft, of: table)
            }
        case .dropColumn(let name, let ifExists, rollup: nil, properties: _):
            if !ifExists || draft.has(name) { try draft.drop(name) }
        case .setDefault(let name, let value):
            try setDefault(of: name, value, in: &draft)
        case .renameColumn(let name, let new): try rename(name, to: new, in: &draft)
        case .modifyColumn(let definition, let position, rollup: nil, properties: _):
            try modify(definition, position, in: &draft)
        case .addField(let path, let type, let position):
            try draft.addField(path, type, position)
        case .dropField(let path): try draft.dropField(path)
        case .orderBy(let key, rollup: nil, properties: _): try draft.order(by: key)
        case .addIndex(let index):
            warnOfProperties(of: index)
            warnOfAnalyzer(of: index, in: draft.definition)
            try draft.add(index)
        case .dropIndex(let name, let ifExists): try draft.dropIndex(name, ifExists: ifExists)
        case .comment(let text): draft.comment(text)
        case .setProperties: break
        case .distributedBy(let distribution, partitions: let names) where !names.isEmpty:
            do throws(StarlingError) {
                _ = try table.partitions(named: names.map(\.text), isTemporary: false)
            } catch { throw error.located(at: names[0].range) }
            try draft.checkDistribution(distribution)
            session.warnings.append(
                "one machine has no buckets, so those of single partitions do nothing")
        case .distributedBy(let distribution, partitions: _),
            .modifyDistribution(let distribution):
            try draft.checkDistribution(distribution)
            draft.distribute(distribution)
        case .autoIncrement(let number):
            guard let next = Int64(number), next > 0, next < .max else {
                throw StarlingError(.binding, "AUTO_INCREMENT = \(number) is no number of a row")
            }
            table.noteNumber(next - 1)
        default:
            throw StarlingError(
                .unsupported,
                "ALTER TABLE … \(action.title) is parsed but not executed by this version"
                    + (action.substitute.map { "; \($0)" } ?? ""))
        }
    }

    private func modify(
        _ new: ColumnDefinition, _ position: ColumnPosition?, in draft: inout TableDraft
    ) throws(StarlingError) {
        guard new.storedType != nil else {
            _ = try draft.find(new.name)
            return try draft.comment(column: new.name, new.comment)
        }
        let old = draft.definition.columns[try draft.find(new.name)]
        var definition = new
        if definition.aggregation == nil { definition.aggregation = old.aggregation }
        guard (definition.generated == nil) == (old.generated == nil),
            definition.isAutoIncrement == old.isAutoIncrement,
            definition.aggregation?.function.text.lowercased()
                == old.aggregation?.function.text.lowercased()
        else {
            throw StarlingError(
                .unsupported, "MODIFY COLUMN changes nothing of how a column is computed",
                at: definition.name.range)
        }
        let column = try column(
            of: definition, among: draft.definition.columns, key: draft.definition.key)
        if definition.generated == old.generated {
            try draft.modify(definition, column, position) { () throws(StarlingError) in
                let value = try initialValue(of: definition)
                if case .list = value { return .null }
                return value
            }
        } else {
            try draft.compute(definition, column, position)
        }
    }

    /// Lets a column have another DEFAULT, or none.
    private func setDefault(
        of name: Identifier, _ value: Expression?, in draft: inout TableDraft
    ) throws(StarlingError) {
        let place = try draft.find(name)
        var definition = draft.definition.columns[place]
        guard definition.generated == nil, !definition.isAutoIncrement else {
            throw StarlingError(
                .binding,
                "column '\(name.text)' takes no values that are given, so it has no DEFAULT",
                at: name.range)
        }
        definition.defaultValue = value
        _ = try column(
            of: definition, among: draft.definition.columns, key: draft.definition.key)
        draft.describe(place, as: definition)
    }

    private func add(
        _ definition: ColumnDefinition, _ position: ColumnPosition?, to draft: inout TableDraft,
        of table: NativeTable
    ) throws(StarlingError) {
        guard !definition.isAutoIncrement else {
            throw StarlingError(
                .unsupported,
                "rows stay as they are written, so a column that is numbered comes with CREATE TABLE "
                    + "only", at: definition.name.range)
        }
        let column = try column(
            of: definition, among: draft.definition.columns, key: draft.definition.key)
        if definition.generated != nil {
            return try draft.add(definition, column, initialValue: .null, position)
        }
        try checkKey(of: definition, draft.definition.key)
        let initialValue = try initialValue(of: definition)
        if case .list = initialValue {
            // Segments know single values only of columns that they were written without.
            let value = definition.storedDefault(at: definition.name.range)
            return try draft.add(definition, column, initialValue: .null, position, filling: value)
        }
        guard column.isNullable || !initialValue.isNull || table.statistics.rowCount == 0 else {
            throw StarlingError(
                .binding,
                "column '\(column.name)' takes no NULL, so it needs a DEFAULT for the rows that "
                    + "are there", at: definition.name.range)
        }
        try draft.add(definition, column, initialValue: initialValue, position)
    }

    /// What a column has in rows of a time before it was there: its DEFAULT.
    private func initialValue(of definition: ColumnDefinition) throws(StarlingError) -> Value {
        guard let source = definition.storedDefault(at: definition.name.range) else {
            return .null
        }
        return try evaluate(source).value
    }

    /// Says no to a new column that its table cannot have in its key, or beside it.
    private func checkKey(
        of column: ColumnDefinition, _ key: TableKey?
    ) throws(StarlingError) {
        if column.isKey, key?.kind == .primary {
            throw StarlingError(
                .unsupported,
                "the columns of a PRIMARY KEY stay as they are; CREATE TABLE another with the key "
                    + "that is wanted, INSERT INTO it, and SWAP the two", at: column.name.range)
        }
        guard key?.kind == .aggregate, column.aggregation == nil, !column.isKey else { return }
        throw StarlingError(
            .unsupported,
            "column '\(column.name.text)' of an AGGREGATE KEY table needs an aggregate, or KEY",
            at: column.name.range)
    }

    // MARK: Names

    private func rename(
        _ name: CatalogName, to new: Identifier, _ alter: AlterTable
    ) throws(StarlingError) -> Result {
        try checkNamed(QualifiedName([new]), "table")
        let target = CatalogName(database: name.database, name: new.text)
        let home = home(of: name)
        try located(QualifiedName([new])) { () throws(StarlingError) in
            try commit(to: home, [change(.alterTable(alter))]) {
                (contents) throws(StarlingError) in
                guard let entry = contents.entry(name), case .table = entry.content
                else { throw missing(name) }
                _ = contents.remove(name)
                try contents.add(
                    entry.named(new.text), to: target.database, replacing: false)
            }
        }
        return .none
    }

    private func swap(
        _ name: CatalogName, with other: Identifier, _ alter: AlterTable
    ) throws(StarlingError) -> Result {
        let second = CatalogName(database: name.database, name: other.text)
        _ = try nativeTable(QualifiedName(Array(alter.name.parts.dropLast()) + [other]))
        let home = home(of: name)
        guard home === self.home(of: second) else {
            throw StarlingError(
                .unsupported, "a temporary table is exchanged with temporary ones only",
                at: other.range)
        }
        try commit(to: home, [change(.alterTable(alter))]) { (contents) throws(StarlingError) in
            guard let left = contents.entry(name), let right = contents.entry(second) else {
                throw missing(name)
            }
            try contents.put(right, under: left, in: name.database)
            try contents.put(left, under: right, in: name.database)
        }
        return .none
    }

    private func missing(_ name: CatalogName) -> StarlingError {
        StarlingError(.binding, "there is no table '\(name.name)' any more")
    }
}

extension AlterTableAction {
    /// The properties that an action gives the table.
    fileprivate var properties: [Property] {
        switch self {
        case .setProperties(let properties), .addColumns(_, _, _, let properties),
            .dropColumn(_, _, _, let properties), .modifyColumn(_, _, _, let properties),
            .orderBy(_, _, let properties):
            properties
        default: []
        }
    }
}

extension AlterTable {
    /// Tells whether a column is added that is computed of others.
    fileprivate var addsComputed: Bool {
        actions.contains { action in
            guard case .addColumns(let columns, _, _, _) = action else { return false }
            return columns.contains { $0.generated != nil }
        }
    }
}

extension CatalogContents {
    /// Lets a table take the name of another one.
    fileprivate mutating func put(
        _ entry: CatalogEntry, under other: CatalogEntry, in database: String
    ) throws(StarlingError) {
        guard case .table(let table as NativeTable) = entry.content else {
            throw StarlingError(.binding, "'\(entry.name)' is no table any more")
        }
        var entry = entry
        entry.content = .table(table.named(other.name))
        if let name = other.definition?.name { entry.definition?.name = name }
        entry.name = other.name
        try add(entry, to: database, replacing: true)
    }
}
