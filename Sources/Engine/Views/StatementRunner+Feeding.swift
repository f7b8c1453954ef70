// How a table that materialized views feed follows a commit, behind these views.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingViews

extension StatementRunner {
    /// Takes over what has changed in the views that feed a table, and returns what stands in the log of
    /// it.
    func followFeeders(
        of name: CatalogName, _ contents: inout CatalogContents, from earlier: CatalogContents,
        isStored: Bool
    ) throws(StarlingError) -> [Change] {
        let fed = FedTable(name, from: earlier, to: contents)
        defer { if !fed.isFed { session.database.fedPrograms.forget(name) } }
        guard
            let table = try fed.table(
                from: earlier, to: contents, isFilled: isFilling),
            let entry = contents.entry(name)
        else { return [] }
        let isReshaped = earlier.entry(name)?.definition?.columns != entry.definition?.columns
        guard fed.hasChanged || isReshaped else { return [] }
        do throws(StarlingError) {
            let runner = makeViewRunner(name.database, contents)
            let program = try session.database.fedPrograms.program(
                of: fed, table, entry.definition
            ) { () throws(StarlingError) in try fed.program(of: table, entry, runner) }
            // A table that could not be kept any more has been refused so.
            guard fed.hasChanged else { return [] }
            let found = try ViewChanges(
                program, fed.feeders.map { BaseChange(from: $0.earlier, to: $0.later) }, table,
                runner
            ) { (changes, keys) throws(StarlingError) in
                try fed.narrowed(changes, to: keys, in: table, runner)
            }
            guard !found.isEmpty else { return [] }
            let (result, changes) = try runner.exchange(
                found.gone, found.new, in: table,
                CatalogName(database: name.database, name: entry.name),
                as: entry.definition, isStored ? folder(of: catalog) : nil)
            contents.replaceTable(name, with: result)
            return changes
        } catch {
            throw StarlingError(
                error.kind,
                "table '\(entry.name)' cannot take what its materialized views give: "
                    + error.message)
        }
    }
}
