// Tables are packed by themselves, in the background: small segments that loads leave behind become large
// ones, and those that lost many rows give back their space. It is asked for by whoever has changed a
// table. Each round packs a bounded number of rows, of which one segment is in memory at a time, at a
// bounded rate, and commits; each row is packed a few times in its life. Nobody waits for it: rows that
// go meanwhile go from the new segments, too, and while transactions are open nothing is moved, since
// they count on rows to be where they were.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingThreads

extension StatementRunner {
    /// Has the tables that a commit has changed packed where that is worth it.
    func requestCompaction(of names: Set<CatalogName>) {
        guard settings.flag("enable_automatic_compaction"), session.database.background != nil,
            !session.isRestoring
        else { return }
        let contents = catalog.snapshot
        for name in names {
            guard let choice = contents.entry(name)?.compaction(session.database.configuration),
                !choice.isEmpty
            else { continue }
            session.database.inBackground(Self.compaction(of: name)) { session, cancellation in
                let runner = StatementRunner(session, cancellation: cancellation)
                // What cannot be packed stays as it is until somebody asks for it.
                while (try? runner.compact(name)) ?? false {}
            }
        }
    }

    /// Lets nothing of a table be packed by itself while a statement rearranges it.
    func stopCompaction(of name: CatalogName) {
        session.database.background?.withdraw(Self.compaction(of: name))
    }

    private static func compaction(of name: CatalogName) -> String {
        "compaction of \(name.database).\(name.name)"
    }

    /// Packs some of what is worth it; returns false where nothing more can be done.
    private func compact(_ name: CatalogName) throws(StarlingError) -> Bool {
        try cancellation.check()
        lookAnew()
        guard let entry = entry(name), case .table(let table as NativeTable) = entry.content else {
            return false
        }
        let configuration = session.database.configuration
        let choice = entry.compaction(configuration)
        guard !choice.isEmpty, !catalog.hasTransactions else { return false }
        let pace = WritingPace(
            bytesPerSecond: configuration.backgroundBytesPerSecond, cancellation)
        let writer = segmentWriter(for: table, name, in: catalog, pace: pace)
        let order = TableOrder(entry.definition, table.columns)
        let groups = try repack(choice, of: table, order, writer)
        return try !commit(groups, of: table, name, writer, givesWay: true).isEmpty
    }
}

extension CatalogEntry {
    /// What of a table is packed without anybody asking.
    fileprivate func compaction(_ configuration: Configuration) -> RepackingChoice {
        guard case .table(let table as NativeTable) = content else { return RepackingChoice() }
        let order = TableOrder(definition, table.columns)
        return RepackingChoice(
            worthwhileIn: table, key: order?.name(in: table),
            smallCountMin: configuration.packedSegmentCount)
    }
}
