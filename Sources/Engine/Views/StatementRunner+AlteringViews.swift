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
                try rebuild(name, entry, view, state)
            }
        case .inactive:
            guard state.isActive else { break }
            try deactivate(name, "it was set INACTIVE")
        case .setProperties(let properties):
            try ViewProperties.check(properties, session)
            guard !properties.contains(where: { $0.key.lowercased() == "refresh_mode" }) else {
                throw StarlingError(
                    .unsupported,
                    "refresh_mode says what is stored; CREATE OR REPLACE the view to change it",
                    at: target.range)
            }
            try change(name, entry, view, state) { definition in
                for property in properties {
                    definition.properties.removeAll {
                        $0.key.lowercased() == property.key.lowercased()
                    }
                    definition.properties.append(property)
                }
            }
        case .refresh(let scheme):
            let start = wallClockMicroseconds()
            let scheme = try scheme.starting(at: start, target.range)
            guard scheme.trigger != .incremental else {
                throw StarlingError(
                    .unsupported,
                    "how rows are stored cannot change; CREATE OR REPLACE the view",
                    at: target.range)
            }
            guard view.definition.isSynchronous || scheme.trigger != .synchronous else {
                throw StarlingError(
                    .unsupported,
                    "a view that is refreshed later becomes no part of commits; CREATE OR REPLACE it "
                        + "without REFRESH", at: target.range)
            }
            try change(name, entry, view, state) { $0.refresh = scheme }
            session.database.scheduler.lookAnew(session.database)
        case .swap(let other):
            guard name.database.lowercased() == session.currentDatabase.lowercased() else {
                throw StarlingError(
                    .binding, "views exchange names in the current database; USE that of the view",
                    at: target.range)
            }
            try swap(name, with: other, change(.alterMaterializedView(target, action)))
        case .addIndex, .dropIndex:
            throw StarlingError(
                .unsupported,
                "this change of ALTER MATERIALIZED VIEW is parsed but not executed by this version",
                at: target.range)
        }
        return .none
    }

    /// Gives a view another definition with the same rows.
    private func change(
        _ name: CatalogName, _ entry: CatalogEntry, _ view: MaterializedView, _ state: ViewState,
        _ body: (inout CreateMaterializedView) -> Void
    ) throws(StarlingError) {
        var (view, state) = (view, state)
        body(&view.definition)
        state.schedule = try RefreshSchedule(view.definition.refresh)
        state.record.sql =
            Statement.Kind.createMaterializedView(view.definition.plain(as: name)).sql
        view.state = state
        try commit(to: catalog, [state.change(of: entry, in: name.database)]) { contents in
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
        try commit(to: catalog, [state.change(of: entry, in: name.database)]) { contents in
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
