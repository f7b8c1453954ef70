// In which order materialized views and the tables that they feed follow a commit: what is read comes before
// what reads it.

import StarlingCatalog
import StarlingSyntax

/// Is what changes in a commit because something before it did; nothing in it reads another of it.
struct FollowingStep {
    var views: [CatalogName] = []
    /// Tables that materialized views feed.
    var fedTables: [CatalogName] = []
}

extension CatalogContents {
    /// What follows a commit, step by step. A table is there, too, that views have fed before it.
    func followers(since earlier: CatalogContents) -> [FollowingStep] {
        let views = materializedViews
        var order = FollowingOrder(self, views)
        var steps: [Int: FollowingStep] = [:]
        for view in views {
            steps[order.depth(ofView: view.name), default: FollowingStep()].views.append(view.name)
        }
        let fed = Set(order.feeders.keys).union(
            earlier.materializedViews.compactMap { $0.view.target?.folded })
        for name in fed.sorted(by: { ($0.database, $0.name) < ($1.database, $1.name) }) {
            let depth = order.depth(ofFedTable: name)
            steps[depth, default: FollowingStep()].fedTables.append(name)
        }
        return steps.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The materialized views, those that others read first.
    var viewsInOrder: [(name: CatalogName, view: MaterializedView)] {
        let views = materializedViews
        guard views.count > 1 else { return views }
        var order = FollowingOrder(self, views)
        return views.map { ($0.name, $0.view, order.depth(ofView: $0.name)) }
            .sorted { $0.2 < $1.2 }.map { ($0.0, $0.1) }
    }

    /// Tells whether what feeds a table depends on the table itself.
    func feedsItself(_ table: CatalogName) -> Bool {
        let views = materializedViews
        var order = FollowingOrder(self, views)
        _ = order.depth(ofFedTable: table)
        return order.hasCycle
    }
}

/// Finds out how many steps what follows a commit is away from tables that nothing feeds.
private struct FollowingOrder {
    private let contents: CatalogContents
    /// The views that feed tables, by the tables.
    private(set) var feeders: [CatalogName: [CatalogName]] = [:]
    private var depths: [CatalogName: Int] = [:]
    private var open: Set<CatalogName> = []
    private(set) var hasCycle = false

    init(_ contents: CatalogContents, _ views: [(name: CatalogName, view: MaterializedView)]) {
        self.contents = contents
        for (name, view) in views {
            if let target = view.target { feeders[target.folded, default: []].append(name) }
        }
    }

    mutating func depth(ofView name: CatalogName) -> Int {
        let bases = (contents.entry(name)?.materialized?.state as? ViewState)?.bases ?? []
        return depth(of: name, below: bases.compactMap(\.entryName.folded))
    }

    mutating func depth(ofFedTable name: CatalogName) -> Int {
        depth(of: name, below: feeders[name.folded] ?? [])
    }

    private mutating func depth(of name: CatalogName, below: [CatalogName]) -> Int {
        if let known = depths[name.folded] { return known }
        guard open.insert(name.folded).inserted else {
            hasCycle = true
            return 0
        }
        defer { open.remove(name.folded) }
        var depth = 0
        for other in below {
            if contents.entry(other)?.materialized != nil {
                depth = max(depth, self.depth(ofView: other) + 1)
            } else if feeders[other.folded] != nil {
                depth = max(depth, self.depth(ofFedTable: other) + 1)
            }
        }
        depths[name.folded] = depth
        return depth
    }
}
