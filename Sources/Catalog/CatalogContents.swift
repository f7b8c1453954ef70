// What a catalog holds at one moment: a value, so that a change is made to a copy and takes effect
// whole or not at all.

import StarlingErrors
import StarlingSyntax
import StarlingTables

/// Maps names to tables, views and functions.
package struct CatalogContents: Sendable {
    /// By lower-case names of database and entry.
    private var databases: [String: [String: CatalogEntry]] = [Catalog.defaultDatabase: [:]]
    /// By lower-case names of database, '' for GLOBAL ones, and function.
    private var functions: [String: [String: CreateFunction]] = [:]
    /// By lower-case names.
    private var textAnalyzers: [String: TextAnalyzer] = [:]

    /// What INSERTs bore that happen once, and when they did, by lower-case names of databases.
    private var labels: [String: [String: Int64]] = [:]
    /// What runs by the clock, by lower-case names of database and task.
    private var scheduled: [String: [String: (name: String, task: SubmitTask)]] = [:]
    /// The names whose meaning the change that is being made has changed.
    package internal(set) var changedNames: Set<CatalogName> = []
    /// What was dropped and can be brought back, the oldest first.
    package private(set) var dropped: [DroppedItem] = []
    /// The highest number of something that was dropped.
    package private(set) var lastDroppedNumber = 0
    /// False where there never was a materialized view.
    package private(set) var hasMaterializedViews = false

    package init() {}

    /// Forgets which names were changed before.
    package mutating func beginChange() { changedNames = [] }

    // MARK: Databases

    package var databaseNames: [String] { databases.keys.sorted() }

    package func hasDatabase(_ database: String) -> Bool {
        databases[database.lowercased()] != nil
    }

    /// Adds a database and tells whether it was not there.
    package mutating func addDatabase(_ database: String) -> Bool {
        guard !hasDatabase(database) else { return false }
        databases[database.lowercased()] = [:]
        return true
    }

    package mutating func removeDatabase(_ database: String) {
        for entry in entries(in: database) {
            changedNames.insert(CatalogName(database: database, name: entry.name))
        }
        databases[database.lowercased()] = nil
        functions[database.lowercased()] = nil
        labels[database.lowercased()] = nil
        scheduled[database.lowercased()] = nil
    }

    /// Gives a database another name, with all that is in it or was dropped from it.
    package mutating func renameDatabase(_ database: String, to new: String) {
        let (old, new) = (database.lowercased(), new.lowercased())
        for entry in entries(in: old) {
            changedNames.insert(CatalogName(database: old, name: entry.name))
            changedNames.insert(CatalogName(database: new, name: entry.name))
        }
        databases[new] = databases.removeValue(forKey: old)
        functions[new] = functions.removeValue(forKey: old)?.mapValues { function in
            var function = function
            function.name = QualifiedName([function.name.last])
            return function
        }
        labels[new] = labels.removeValue(forKey: old)
        scheduled[new] = scheduled.removeValue(forKey: old)
        // What was dropped as a whole keeps its name, which is free now.
        for place in dropped.indices
        where dropped[place].table != nil && dropped[place].database.lowercased() == old {
            dropped[place].database = new
        }
    }

    package func unknownDatabase(_ database: String) -> StarlingError {
        if database.lowercased() == Catalog.systemDatabase {
            return StarlingError(
                .binding, "'\(database)' tells what there is; nothing can be made or changed in it")
        }
        var message = "there is no database '\(database)'"
        let names = (databaseNames + [Catalog.systemDatabase]).sorted()
        if let near = nearestName(to: database, among: names) {
            message += "; did you mean '\(near)'?"
        }
        return StarlingError(.binding, message)
    }

    // MARK: Tables and views

    package func entry(_ name: CatalogName) -> CatalogEntry? {
        databases[name.database.lowercased()]?[name.name.lowercased()]
    }

    /// Lists a database's entries by name.
    package func entries(in database: String) -> [CatalogEntry] {
        (databases[database.lowercased()] ?? [:]).values.sorted { $0.name < $1.name }
    }

    /// Adds an entry; says no where the name is taken, unless it is to be replaced by its like.
    package mutating func add(
        _ entry: CatalogEntry, to database: String, replacing: Bool
    ) throws(StarlingError) {
        guard hasDatabase(database) else { throw unknownDatabase(database) }
        if let old = self.entry(CatalogName(database: database, name: entry.name)) {
            guard replacing else {
                throw StarlingError(.binding, "\(old.kindName) '\(entry.name)' exists already")
            }
            guard old.kindName == entry.kindName else {
                throw StarlingError(
                    .binding,
                    "'\(old.name)' is a \(old.kindName), which no \(entry.kindName) replaces")
            }
        }
        if entry.materialized != nil { hasMaterializedViews = true }
        databases[database.lowercased()]?[entry.name.lowercased()] = entry
        changedNames.insert(CatalogName(database: database, name: entry.name))
    }

    /// Puts another snapshot of a table in the place of the one that is there.
    package mutating func replaceTable(_ name: CatalogName, with table: any Table) {
        databases[name.database.lowercased()]?[name.name.lowercased()]?.content = .table(table)
        changedNames.insert(name)
    }

    /// Puts another snapshot of a table, and what defines it, in the place of those that are there.
    package mutating func replaceTable(
        _ name: CatalogName, with table: any Table, definition: CreateTable
    ) {
        replaceTable(name, with: table)
        databases[name.database.lowercased()]?[name.name.lowercased()]?.definition = definition
    }

    /// Removes an entry and tells whether it was there.
    package mutating func remove(_ name: CatalogName) -> Bool {
        changedNames.insert(name)
        return databases[name.database.lowercased()]?.removeValue(forKey: name.name.lowercased())
            != nil
    }

    // MARK: What was dropped

    /// Keeps what was dropped.
    package mutating func add(_ item: DroppedItem) {
        dropped.append(item)
        lastDroppedNumber = max(lastDroppedNumber, item.number)
    }

    /// Brings back what was dropped under a number.
    package mutating func recover(number: Int) throws(StarlingError) {
        guard let place = dropped.firstIndex(where: { $0.number == number }) else {
            throw StarlingError(.data, "what was dropped is not kept any more")
        }
        let item = dropped.remove(at: place)
        if item.table == nil, !addDatabase(item.database) {
            throw StarlingError(.binding, "database '\(item.database)' exists already")
        }
        for entry in item.entries { try add(entry, to: item.database, replacing: false) }
        for function in item.functions {
            add(function, as: CatalogName(database: item.database, name: function.name.last.text))
        }
    }

    /// Changes what is kept of what was dropped.
    package mutating func setDropped(_ items: [DroppedItem]) { dropped = items }

    /// Forgets what was dropped and is kept no longer.
    package mutating func forgetDropped(where isGone: (DroppedItem) -> Bool) {
        dropped.removeAll(where: isGone)
    }

    // MARK: Materialized views

    /// The materialized views of all databases.
    package var materializedViews: [(name: CatalogName, view: MaterializedView)] {
        materializedViews { _ in true }
    }

    /// The materialized views of all databases that are wanted.
    package func materializedViews(
        where isWanted: (MaterializedView) -> Bool
    ) -> [(name: CatalogName, view: MaterializedView)] {
        guard hasMaterializedViews else { return [] }
        var views: [(name: CatalogName, view: MaterializedView)] = []
        for (database, entries) in databases {
            for entry in entries.values {
                guard let view = entry.materialized, isWanted(view) else { continue }
                views.append((CatalogName(database: database, name: entry.name), view))
            }
        }
        // Views are large, and places are not.
        let order = views.indices.sorted {
            let (one, other) = (views[$0].name, views[$1].name)
            return (one.database, one.name) < (other.database, other.name)
        }
        return order.map { views[$0] }
    }

    /// Changes what is noted of a materialized view.
    package mutating func setView(_ name: CatalogName, to view: MaterializedView) {
        databases[name.database.lowercased()]?[name.name.lowercased()]?.materialized = view
        hasMaterializedViews = true
    }

    // MARK: Labels

    /// As long as this, in microseconds, a label is remembered.
    package static let labelTime: Int64 = 3 * 86_400_000_000

    package func hasLabel(_ label: String, in database: String, at now: Int64) -> Bool {
        guard let time = labels[database.lowercased()]?[label] else { return false }
        return time > now - Self.labelTime
    }

    /// Lists the labels of a database with their times.
    package func labels(in database: String, at now: Int64) -> [(name: String, time: Int64)] {
        (labels[database.lowercased()] ?? [:]).filter { $0.value > now - Self.labelTime }
            .sorted { $0.key < $1.key }.map { (name: $0.key, time: $0.value) }
    }

    /// Notes a label; says no where it was noted before.
    package mutating func add(
        label: String, to database: String, at now: Int64
    ) throws(StarlingError) {
        guard !hasLabel(label, in: database, at: now) else {
            throw StarlingError(.data, "the label '\(label)' was used before")
        }
        note(label: label, of: database, at: now)
    }

    /// Remembers a label; now and then those that are too old are forgotten.
    package mutating func note(label: String, of database: String, at time: Int64) {
        var known = labels[database.lowercased()] ?? [:]
        known[label] = time
        if known.count.nonzeroBitCount == 1 {
            known = known.filter { $0.value > time - Self.labelTime }
        }
        labels[database.lowercased()] = known
    }

    /// Forgets a label, or all of a database, and tells whether there was any.
    package mutating func removeLabels(_ label: String?, of database: String) -> Bool {
        guard let label else {
            return labels.removeValue(forKey: database.lowercased())?.isEmpty == false
        }
        return labels[database.lowercased()]?.removeValue(forKey: label) != nil
    }

    // MARK: Tasks

    /// The tasks of all databases that run by the clock.
    package var tasks: [(name: CatalogName, task: SubmitTask)] {
        scheduled.sorted { $0.key < $1.key }.flatMap { database, tasks in
            tasks.values.sorted { $0.name < $1.name }.map {
                (name: CatalogName(database: database, name: $0.name), task: $0.task)
            }
        }
    }

    package mutating func add(
        _ task: SubmitTask, named name: CatalogName
    ) throws(StarlingError) {
        let database = name.database.lowercased()
        guard scheduled[database, default: [:]][name.name.lowercased()] == nil else {
            throw StarlingError(.binding, "there is a task '\(name.name)' already")
        }
        scheduled[database, default: [:]][name.name.lowercased()] = (name.name, task)
    }

    package mutating func removeTask(_ name: CatalogName) {
        scheduled[name.database.lowercased()]?[name.name.lowercased()] = nil
    }

    // MARK: Text analyzers

    package func analyzer(_ name: String) -> TextAnalyzer? { textAnalyzers[name.lowercased()] }

    /// Lists the analyzers by name.
    package var analyzers: [TextAnalyzer] {
        textAnalyzers.values.sorted { $0.name.lowercased() < $1.name.lowercased() }
    }

    package mutating func add(_ analyzer: TextAnalyzer) {
        textAnalyzers[analyzer.name.lowercased()] = analyzer
    }

    package mutating func removeAnalyzer(_ name: String) {
        textAnalyzers[name.lowercased()] = nil
    }

    // MARK: Functions

    package func function(_ name: CatalogName) -> CreateFunction? {
        functions[name.database.lowercased()]?[name.name.lowercased()]
    }

    /// Lists a database's functions by name, or those that are GLOBAL where the database is ''.
    package func functions(in database: String) -> [CreateFunction] {
        (functions[database.lowercased()] ?? [:]).values.sorted {
            $0.name.last.text < $1.name.last.text
        }
    }

    package mutating func add(_ function: CreateFunction, as name: CatalogName) {
        functions[name.database.lowercased(), default: [:]][name.name.lowercased()] = function
    }

    /// Removes a function and tells whether it was there.
    package mutating func removeFunction(_ name: CatalogName) -> Bool {
        functions[name.database.lowercased()]?.removeValue(forKey: name.name.lowercased()) != nil
    }
}
