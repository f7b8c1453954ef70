// ALTER MATERIALIZED VIEW: names, properties, when it is refreshed, and whether it is kept at all.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingThreads
import StarlingViews

extension StatementRunner {
    func alterMaterializedView(
        _ target: QualifiedName, _ action: AlterMaterializedViewAction
    ) throws(StarlingError) -> Result {
        let name = try catalogName(target)
        let (entry, view, state) = try materializedView(target)
        switch action {
        case .rename(let new):
            try rename(name, to: new, change(.alterMaterializedView(target, action)))
        case .active:
            guard !state.isActive else { break }
            try located(target) { () throws(StarlingError) in
                try rebuild(name, view.definition, state)
            }
        case .inactive:
            guard state.isActive else { break }
            try deactivate(name, ViewState.setInactive)
        case .setProperties(let properties):
            try ViewProperties.check(properties, session)
            var definition = view.definition
            definition.set(properties)
            try definition.checkRetention()
            try located(target) { () throws(StarlingError) in
                try change(name, entry, view, state, to: definition)
            }
        case .refresh(let scheme):
            let start = wallClockMicroseconds()
            var definition = view.definition
            definition.refresh = try scheme.starting(at: start, target.range)
            try located(target) { () throws(StarlingError) in
                try change(name, entry, view, state, to: definition)
            }
            session.database.scheduler.lookAnew(session.database)
        case .swap(let other):
            guard name.database.lowercased() == session.currentDatabase.lowercased() else {
                throw StarlingError(
                    .binding, "views exchange names in the current database; USE that of the view",
                    at: target.range)
            }
            try swap(name, with: other, change(.alterMaterializedView(target, action)))
        case .addIndex(let index):
            var definition = view.definition
            guard definition.place(ofIndex: index.name) == nil else {
                throw StarlingError(
                    .binding, "there is an index '\(index.name.text)' already",
                    at: index.name.range)
            }
            warnOfProperties(of: index)
            definition.indexes.append(index)
            definition.properties.leaveAnalyzer(to: index)
            try change(name, entry, view, state, to: definition)
            try makeIndexes(of: target, name)
        case .dropIndex(let index, let ifExists):
            var definition = view.definition
            guard let place = definition.place(ofIndex: index) else {
                if ifExists { return .none }
                let near = nearestName(
                    to: index.text, among: definition.indexes.map(\.name.text))
                throw StarlingError(
                    .binding,
                    "there is no index '\(index.text)'"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""), at: index.range)
            }
            definition.properties.keepAnalyzer(of: definition.indexes.remove(at: place))
            try change(name, entry, view, state, to: definition)
        }
        return .none
    }

    /// Gives a view another definition: with the same rows where these stay what they are, or anew.
    private func change(
        _ name: CatalogName, _ entry: CatalogEntry, _ view: MaterializedView, _ state: ViewState,
        to definition: CreateMaterializedView
    ) throws(StarlingError) {
        guard view.definition.storesTheSame(as: definition) else {
            return try rebuild(name, definition, state)
        }
        guard case .table(let table as NativeTable) = entry.content,
            var tableDefinition = entry.definition
        else { throw StarlingError(.internal, "'\(name.name)' has no rows") }
        var (view, state) = (view, state)
        view.definition = definition
        state.schedule = try RefreshSchedule(definition.refresh)
        state.record.sql =
            Statement.Kind.createMaterializedView(definition.plain(as: name)).sql
        view.state = state
        tableDefinition.lay(out: definition)
        let draft = try TableDraft(table, tableDefinition)
        try checkUpkeep(draft.definition, table)
        let changes = self.definition(of: draft, name, in: catalog, numbering: table.lastNumber)
        let isLaidOutAnew = tableDefinition != entry.definition
        try commit(
            to: catalog,
            (isLaidOutAnew ? changes : []) + [state.change(of: entry, in: name.database)]
        ) { (contents) throws(StarlingError) in
            guard contents.retainsTheSame(name, as: state) else { throw conflict(entry.name) }
            if isLaidOutAnew {
                let newest = try newestSnapshot(of: table, name, contents)
                contents.replaceTable(
                    name, with: try rekeyed(newest, draft.definition),
                    definition: draft.definition)
            }
            contents.setView(name, to: view)
        }
    }

    /// Lets a view stand still, and notes why.
    func deactivate(_ name: CatalogName, _ reason: String) throws(StarlingError) {
        guard let entry = contents.entry(name), var view = entry.materialized,
            var state = view.state as? ViewState
        else { return }
        state.record.inactiveReason = reason
        view.state = state
        try commit(to: catalog, [state.change(of: entry, in: name.database)]) {
            (contents) throws(StarlingError) in
            guard contents.retainsTheSame(name, as: state) else { throw conflict(entry.name) }
            contents.setView(name, to: view)
        }
    }

    private func rename(
        _ name: CatalogName, to new: Identifier, _ change: Change
    ) throws(StarlingError) {
        try located(QualifiedName([new])) { () throws(StarlingError) in
            try commit(to: catalog, [change]) { (contents) throws(StarlingError) in
                let entry = try take(name, from: &contents)
                let renamed = try entry.renamed(to: new, in: name.database)
                try contents.add(renamed, to: name.database, replacing: false)
            }
        }
    }

    /// Lets two views exchange their names.
    private func swap(
        _ name: CatalogName, with other: Identifier, _ change: Change
    ) throws(StarlingError) {
        let (entry, _, _) = try materializedView(QualifiedName([other]))
        let second = CatalogName(database: name.database, name: entry.name)
        guard second.folded != name.folded else { return }
        try commit(to: catalog, [change]) { (contents) throws(StarlingError) in
            let (first, last) = (
                try take(name, from: &contents), try take(second, from: &contents)
            )
            for (entry, title) in [(first, last.name), (last, first.name)] {
                let new = Identifier(title, isQuoted: true, range: other.range)
                try contents.add(
                    try entry.renamed(to: new, in: name.database), to: name.database,
                    replacing: false)
            }
        }
    }

    private func take(
        _ name: CatalogName, from contents: inout CatalogContents
    ) throws(StarlingError) -> CatalogEntry {
        guard let entry = contents.entry(name), entry.materialized != nil else {
            throw StarlingError(
                .binding, "there is no materialized view '\(name.name)' any more")
        }
        _ = contents.remove(name)
        return entry
    }
}

extension CatalogEntry {
    /// A materialized view under another name.
    fileprivate func renamed(
        to new: Identifier, in database: String
    ) throws(StarlingError) -> CatalogEntry {
        guard var view = materialized, var state = view.state as? ViewState,
            case .table(let table as NativeTable) = content
        else { throw StarlingError(.internal, "'\(name)' is no materialized view") }
        var entry = self
        entry.name = new.text
        entry.content = .table(table.named(new.text))
        entry.definition?.name = QualifiedName([new])
        view.definition.name = QualifiedName([new])
        let target = CatalogName(database: database, name: new.text)
        state.record.sql =
            Statement.Kind.createMaterializedView(view.definition.plain(as: target)).sql
        view.state = state
        entry.materialized = view
        return entry
    }
}

extension CreateMaterializedView {
    /// Sets properties, and leaves the others as they are.
    fileprivate mutating func set(_ new: [Property]) {
        for property in new {
            properties.removeAll { $0.key.lowercased() == property.key.lowercased() }
            properties.append(property)
        }
    }

    fileprivate func place(ofIndex name: Identifier) -> Int? {
        indexes.firstIndex { $0.name.text.lowercased() == name.text.lowercased() }
    }

    /// Tells whether the rows that are stored serve a view with another definition.
    fileprivate func storesTheSame(as other: CreateMaterializedView) -> Bool {
        guard refreshMode == other.refreshMode else { return false }
        if other.isSynchronous, !isSynchronous { return false }
        // Partitions that have gone may have to come again.
        return ViewProperties.retention.allSatisfy {
            property($0) == nil || property($0) == other.property($0)
        }
    }
}

extension ViewState {
    /// Why a view stands still that its owner wants to.
    static let setInactive = "it was set INACTIVE"
    /// How the reason begins of a view whose refreshes have failed too often.
    static let failing = "\(Database.failureCountMax) refreshes in a row have failed"
}
