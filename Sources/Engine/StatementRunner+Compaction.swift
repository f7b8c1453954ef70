// Small segments that loads leave behind become large ones by themselves: when some have come together,
// the statement that brought the last packs them, once it is done. That is a bounded number of rows, of
// which one segment is in memory at a time, and each row is packed a few times in its life. It holds up
// neither who reads nor who writes: where others change these rows meanwhile, it is left for later.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax

extension StatementRunner {
    /// Packs what loads have left behind, where it is worth it.
    func compact(_ target: QualifiedName, _ name: CatalogName) {
        guard let table = try? nativeTable(target) else { return }
        compact(table, name)
    }

    /// Packs what commits have left behind of the rows of materialized views.
    func compactViews(among names: Set<CatalogName>) {
        for name in names {
            guard !session.isRestoring, let entry = catalog.entry(name), entry.materialized != nil,
                case .table(let table as NativeTable) = entry.content
            else { continue }
            compact(table, name)
        }
    }

    private func compact(_ table: NativeTable, _ name: CatalogName) {
        guard settings.flag("enable_automatic_compaction"), session.transaction == nil else {
            return
        }
        let order = TableOrder(entry(name)?.definition, table.columns)
        let choice = RepackingChoice(smallOnesOf: table, key: order?.name(in: table))
        guard !choice.isEmpty else { return }
        let writer = segmentWriter(for: table, name, in: home(of: name))
        // The statement is done, whether this is or not.
        guard let groups = try? repack(choice, of: table, order, writer) else { return }
        _ = try? commit(groups, of: table, name, writer)
    }
}
