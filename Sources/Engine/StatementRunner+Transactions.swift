// BEGIN, COMMIT and ROLLBACK, and INSERTs that happen once.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax

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
        guard contents.hasLabel(label.text, in: session.currentDatabase) else { return false }
        session.warnings.append(
            "an INSERT with the label '\(label.text)' was committed before; this one does nothing")
        return true
    }
}
