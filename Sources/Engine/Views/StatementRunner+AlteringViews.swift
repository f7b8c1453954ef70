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
        case .swap, .addIndex, .dropIndex:
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
                guard var entry = contents.entry(name), var view = entry.materialized,
                    var state = view.state as? ViewState,
                    case .table(let table as NativeTable) = entry.content
                else {
                    throw StarlingError(
                        .binding, "there is no materialized view '\(name.name)' any more")
                }
                _ = contents.remove(name)
                entry.name = new.text
                entry.content = .table(table.named(new.text))
                entry.definition?.name = QualifiedName([new])
                view.definition.name = QualifiedName([new])
                let target = CatalogName(database: name.database, name: new.text)
                state.record.sql =
                    Statement.Kind.createMaterializedView(view.definition.plain(as: target)).sql
                view.state = state
                entry.materialized = view
                try contents.add(entry, to: name.database, replacing: false)
            }
        }
    }
}
