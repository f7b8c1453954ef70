// BEGIN, COMMIT and ROLLBACK, and INSERTs that happen once.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingThreads

extension StatementRunner {
    func begin(isReadOnly: Bool) throws(StarlingError) -> Result {
        guard session.transaction == nil else {
            throw StarlingError(.binding, "a transaction is open already; COMMIT or ROLLBACK it")
        }
        session.transaction = Transaction(
            catalog, temporary: session.temporary.snapshot, isReadOnly: isReadOnly)
        return .none
    }

    /// Makes the changes of the transaction, or undoes them where that cannot be.
    func commitTransaction() throws(StarlingError) -> Result {
        guard let transaction = session.transaction else { return .none }
        session.transaction = nil
        guard !transaction.isEmpty else { return .none }
        do throws(StarlingError) {
            try commit(to: catalog, try transaction.changes()) {
                (contents) throws(StarlingError) in try transaction.apply(to: &contents)
            }
        } catch {
            try session.temporary.change { $0 = transaction.temporary }
            throw StarlingError(
                error.kind, "nothing of the transaction was done: \(error.message)")
        }
        return .none
    }

    func rollback() throws(StarlingError) -> Result {
        guard let transaction = session.transaction else { return .none }
        session.transaction = nil
        try session.temporary.change { $0 = transaction.temporary }
        return .none
    }

    /// Changes rows: at once, or with the transaction.
    func commitRows(
        to home: Catalog, _ changes: @autoclosure @escaping () throws(StarlingError) -> [Change],
        _ body: @escaping (inout CatalogContents) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        guard home === catalog, let transaction = session.transaction else {
            return try commit(to: home, try changes(), body)
        }
        let earlier = transaction.contents
        try transaction.add(changes, body) { [self] (contents) throws(StarlingError) in
            _ = try followViews(&contents, from: earlier, isStored: false)
        }
    }

    // MARK: Labels

    /// Tells whether an INSERT with that label was committed before, and warns of it.
    func isRepeated(_ label: Identifier?) -> Bool {
        guard let label else { return false }
        let contents = session.transaction?.contents ?? catalog.snapshot
        let isKnown = contents.hasLabel(
            label.text, in: session.currentDatabase, at: wallClockMicroseconds())
        guard isKnown else { return false }
        session.warnings.append(
            "an INSERT with the label '\(label.text)' was committed before; this one does nothing")
        return true
    }

    /// Forgets a label, or all of a database, so that it can be used again.
    func cleanLabels(
        _ label: Identifier?, in database: QualifiedName?
    ) throws(StarlingError) -> Result {
        let name = try database.map { (name) throws(StarlingError) in
            try catalog.resolveDatabase(name)
        }
        let resolved = name ?? session.currentDatabase
        guard catalog.hasDatabase(resolved) else {
            throw catalog.unknownDatabase(resolved).located(at: database?.range)
        }
        if let label, !session.isRestoring {
            let now = wallClockMicroseconds()
            guard contents.hasLabel(label.text, in: resolved, at: now) else {
                let known = contents.labels(in: resolved, at: now).map(\.name)
                let near = nearestName(to: label.text, among: known)
                throw StarlingError(
                    .binding,
                    "no INSERT in '\(resolved)' had the label '\(label.text)' in the last three days"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""), at: label.range)
            }
        }
        let place = label?.range ?? TextRange(start: 0, end: 0)
        let named = QualifiedName([Identifier(resolved, isQuoted: true, range: place)])
        try commit(to: catalog, [change(.cleanLabels(label, in: named))]) {
            _ = $0.removeLabels(label?.text, of: resolved)
        }
        return .none
    }
}
