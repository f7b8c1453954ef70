// A table as ALTER TABLE changes it: one change after the other, and at the end all at once.

import StarlingBinder
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

/// Holds what a table is to become.
struct TableDraft {
    private(set) var definition: CreateTable
    private(set) var columns: [TableColumn]
    private(set) var identities: [ColumnIdentity]
    private(set) var lastColumnNumber: UInt32
    /// What stored rows have in the place of columns that are to have another type, by the numbers
    /// of these.
    private(set) var conversions: [UInt32: Conversion] = [:]
    /// Tells whether a column is computed in another way than that of stored rows.
    private(set) var isComputedAnew = false
    /// The numbers of columns that have another name than stored rows know.
    private var renamed: Set<UInt32> = []

    /// Is a column as rows have it, and what it becomes.
    struct Conversion {
        var column: TableColumn
        var identity: ColumnIdentity
        /// Computes the new values; nil casts them.
        var expression: Expression?
    }

    init(_ table: NativeTable, _ definition: CreateTable) throws(StarlingError) {
        self.definition = try definition.typed(as: table.columns)
        columns = table.columns
        identities = table.identities
        lastColumnNumber = table.lastColumnNumber
    }

    mutating func comment(_ text: String) { definition.comment = text }

    /// Says no to a distribution by columns that are not there.
    func checkDistribution(_ distribution: Distribution) throws(StarlingError) {
        for name in distribution.hashColumns { _ = try find(name) }
    }

    mutating func distribute(_ distribution: Distribution) {
        definition.distribution = distribution
    }

    mutating func set(_ properties: [Property]) {
        for property in properties {
            definition.properties.removeAll { $0.key.lowercased() == property.key.lowercased() }
            definition.properties.append(property)
        }
    }

    /// The properties as they are to become.
    var properties: [Property] { definition.properties }

    // MARK: Columns

    /// Adds a column; rows that are there have `initialValue` in it, or are written anew with what
    /// is computed for them.
    mutating func add(
        _ new: ColumnDefinition, _ column: TableColumn, initialValue: Value,
        _ position: ColumnPosition?, filling expression: Expression? = nil
    ) throws(StarlingError) {
        try checkColumnName(column.name, at: new.name.range)
        guard place(ofColumn: column.name) == nil else {
            throw StarlingError(
                .binding, "there is a column '\(column.name)' already", at: new.name.range)
        }
        lastColumnNumber = try nextColumnNumber()
        let place = try target(of: position) ?? columns.count
        definition.columns.insert(new, at: place)
        columns.insert(column, at: place)
        let identity = ColumnIdentity(number: lastColumnNumber, initialValue: initialValue)
        identities.insert(identity, at: place)
        if let expression {
            let missing = TableColumn(name: column.name, type: column.type, isNullable: true)
            conversions[lastColumnNumber] = Conversion(
                column: missing, identity: identity, expression: expression)
        }
        if new.isKey { definition.key?.columns.append(new.name) }
    }

    mutating func drop(_ name: Identifier) throws(StarlingError) {
        let place = try find(name)
        if let clause = clause(naming: name.text) {
            throw StarlingError(
                .binding, "\(clause) needs column '\(columns[place].name)', so it stays",
                at: name.range)
        }
        guard columns.count > 1 else {
            throw StarlingError(
                .binding, "'\(columns[place].name)' is the only column; use DROP TABLE",
                at: name.range)
        }
        definition.renameFiltered(columns[place].name, to: nil)
        definition.properties.renameAnalyzed(columns[place].name, to: nil)
        remove(at: place)
    }

    mutating func rename(_ name: Identifier, to new: Identifier) throws(StarlingError) {
        try checkColumnName(new.text, at: new.range)
        let place = try find(name)
        if let other = self.place(ofColumn: new.text), other != place {
            throw StarlingError(
                .binding, "there is a column '\(new.text)' already", at: new.range)
        }
        guard conversions[identities[place].number] == nil else {
            throw changedTwice(place, name.range)
        }
        renamed.insert(identities[place].number)
        definition.rename(columns[place].name, to: new)
        columns[place].name = new.text
    }

    private func changedTwice(_ place: Int, _ range: TextRange) -> StarlingError {
        StarlingError(
            .unsupported,
            "column '\(columns[place].name)' gets another name or another type in an ALTER TABLE, "
                + "not both", at: range)
    }

    /// Gives a column another definition and place.
    mutating func modify(
        _ new: ColumnDefinition, _ column: TableColumn, _ position: ColumnPosition?,
        initialValue: () throws(StarlingError) -> Value
    ) throws(StarlingError) {
        let place = try find(new.name)
        let old = columns[place]
        if !old.type.canBecome(column.type) {
            guard old.type.isConvertible(to: column.type), !old.type.isOpaque,
                !column.type.isOpaque
            else {
                throw StarlingError(
                    .unsupported,
                    "\(old.type) becomes no \(column.type); add a column, fill it with UPDATE and "
                        + "drop the old one", at: new.name.range)
            }
            try convert(place, at: new.name.range)
            identities[place].initialValue = try initialValue()
        }
        var new = new
        // The name keeps the letters that it was given first.
        new.name = definition.columns[place].name
        var column = column
        column.name = old.name
        column = definition.withoutNulls(column)
        columns[place] = column
        definition.columns[place] = new
        try move(place, to: position)
    }

    /// Lets a column be computed in another way.
    mutating func compute(
        _ new: ColumnDefinition, _ column: TableColumn, _ position: ColumnPosition?
    ) throws(StarlingError) {
        let place = try find(new.name)
        if let clause = definition.clause(fixing: column.name) {
            throw StarlingError(
                .unsupported,
                "\(clause) needs column '\(column.name)' as it is, so it is computed as before",
                at: new.name.range)
        }
        var (new, column) = (new, column)
        new.name = definition.columns[place].name
        column.name = columns[place].name
        lastColumnNumber = try nextColumnNumber()
        columns[place] = column
        definition.columns[place] = new
        identities[place] = ColumnIdentity(number: lastColumnNumber, initialValue: .null)
        isComputedAnew = true
        try move(place, to: position)
    }

    private func nextColumnNumber() throws(StarlingError) -> UInt32 {
        guard lastColumnNumber < .max else {
            throw StarlingError(.resource, "no table has more than \(UInt32.max) columns in turn")
        }
        return lastColumnNumber + 1
    }

    /// Lets all rows have other values in a column, whose type changes.
    mutating func convert(
        _ place: Int, by expression: Expression? = nil, at range: TextRange
    ) throws(StarlingError) {
        let column = columns[place]
        guard conversions[identities[place].number] == nil else {
            throw StarlingError(
                .unsupported, "column '\(column.name)' changes once in an ALTER TABLE", at: range)
        }
        guard !renamed.contains(identities[place].number) else { throw changedTwice(place, range) }
        if let clause = definition.clause(fixing: column.name) {
            throw StarlingError(
                .unsupported,
                "\(clause) needs column '\(column.name)' as it is, so it keeps its type", at: range)
        }
        lastColumnNumber = try nextColumnNumber()
        conversions[lastColumnNumber] = Conversion(
            column: column, identity: identities[place], expression: expression)
        identities[place] = ColumnIdentity(number: lastColumnNumber, initialValue: .null)
    }

    /// Gives a column whose values are converted its new type.
    mutating func retype(_ place: Int, _ name: TypeName, _ type: LogicalType) {
        definition.columns[place].type = name
        columns[place].type = type
    }

    /// The columns that stored rows have, under the names and in the places that they are to have.
    var readColumns: ([TableColumn], [ColumnIdentity]) {
        var read = (columns, identities)
        for (place, identity) in identities.enumerated() {
            guard let conversion = conversions[identity.number] else { continue }
            read.0[place] = conversion.column
            read.0[place].name = columns[place].name
            read.1[place] = conversion.identity
        }
        return read
    }

    mutating func comment(column name: Identifier, _ text: String?) throws(StarlingError) {
        definition.columns[try find(name)].comment = text
    }

    /// Puts columns in another order; a part of them is what rows are to be sorted by.
    mutating func order(by key: TableSortKey) throws(StarlingError) {
        var order: [Int] = []
        for name in key.columns {
            let place = try find(name)
            guard !order.contains(place) else {
                throw StarlingError(
                    .binding, "column '\(name.text)' is named twice", at: name.range)
            }
            order.append(place)
        }
        guard order.count == columns.count, key.curve == nil else {
            definition.orderBy = key
            return
        }
        definition.columns = order.map { definition.columns[$0] }
        columns = order.map { columns[$0] }
        identities = order.map { identities[$0] }
    }

    /// Lets rows be sorted by a key, whatever it names.
    mutating func keepOrder(_ key: TableSortKey) throws(StarlingError) {
        for name in key.columns { _ = try find(name) }
        definition.orderBy = key
    }

    // MARK: Indexes

    /// Adds an index, whose name is new.
    mutating func add(_ index: IndexDefinition) throws(StarlingError) {
        guard place(ofIndex: index.name) == nil else {
            throw StarlingError(
                .binding, "there is an index '\(index.name.text)' already", at: index.name.range)
        }
        definition.indexes.append(index)
        definition.properties.leaveAnalyzer(to: index)
    }

    mutating func dropIndex(_ name: Identifier, ifExists: Bool) throws(StarlingError) {
        guard let place = place(ofIndex: name) else {
            if ifExists { return }
            let near = nearestName(to: name.text, among: definition.indexes.map(\.name.text))
            throw StarlingError(
                .binding,
                "there is no index '\(name.text)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
                at: name.range)
        }
        definition.properties.keepAnalyzer(of: definition.indexes.remove(at: place))
    }

    private func place(ofIndex name: Identifier) -> Int? {
        definition.indexes.firstIndex { $0.name.text.lowercased() == name.text.lowercased() }
    }

    // MARK: Places

    private mutating func move(_ place: Int, to position: ColumnPosition?) throws(StarlingError) {
        guard let position else { return }
        if case .after(let name) = position, try find(name) == place { return }
        let (described, column, identity) = (
            definition.columns[place], columns[place], identities[place]
        )
        remove(at: place)
        let target = try target(of: position) ?? columns.count
        definition.columns.insert(described, at: target)
        columns.insert(column, at: target)
        identities.insert(identity, at: target)
    }

    private mutating func remove(at place: Int) {
        definition.columns.remove(at: place)
        columns.remove(at: place)
        identities.remove(at: place)
    }

    private func place(ofColumn name: String) -> Int? {
        columns.firstIndex { $0.name.lowercased() == name.lowercased() }
    }

    private func target(of position: ColumnPosition?) throws(StarlingError) -> Int? {
        switch position {
        case .first: 0
        case .after(let name): try find(name) + 1
        case nil: nil
        }
    }

    func has(_ name: Identifier) -> Bool { place(ofColumn: name.text) != nil }

    /// Lets a column have another DEFAULT or comment.
    mutating func describe(_ place: Int, as new: ColumnDefinition) {
        definition.columns[place] = new
    }

    /// Finds a column or says that there is none.
    func find(_ name: Identifier) throws(StarlingError) -> Int {
        if let place = place(ofColumn: name.text) { return place }
        let near = nearestName(to: name.text, among: columns.map(\.name))
        throw StarlingError(
            .binding,
            "there is no column '\(name.text)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
            at: name.range)
    }

    private func clause(naming name: String) -> String? {
        definition.namedColumns.first { $0.column.text.lowercased() == name.lowercased() }?.clause
            ?? definition.expressionClause(naming: name)
    }
}

extension CreateTable {
    /// The clause that would not hold any more if a column had other values.
    fileprivate func clause(fixing name: String) -> String? {
        let isFree = ["DISTRIBUTED BY HASH", "ORDER BY", TableKey.Kind.duplicate.rawValue]
        return namedColumns.first {
            $0.column.text.lowercased() == name.lowercased() && !isFree.contains($0.clause)
        }?.clause ?? expressionClause(naming: name)
    }

    /// The clause that computes something of a column.
    fileprivate func expressionClause(naming name: String) -> String? {
        computations.first { $0.value.mentions(name) }?.clause
    }
}

extension LogicalType {
    /// Tells whether stored values of this type are values of the other one as they are.
    fileprivate func canBecome(_ other: LogicalType) -> Bool {
        switch (self, other) {
        case (_, self): true
        case (.float, .double): true
        case (.char(let length), .char(let new)), (.char(let length), .varchar(let new?)),
            (.varchar(let length?), .varchar(let new?)):
            length <= new
        case (.char, .varchar(nil)), (.varchar, .varchar(nil)): true
        case (.decimal(_, let scale), .decimal(_, let new)): scale == new && fits(other)
        case (.decimal(_, 0), _) where other.isInteger: fits(other)
        case (_, .decimal(_, 0)) where isInteger: fits(other)
        default: (isInteger || self == .boolean) && other.isInteger && fits(other)
        }
    }

    private func fits(_ other: LogicalType) -> Bool {
        guard let bounds, let wider = other.bounds else { return false }
        return wider.contains(bounds)
    }
}
