// Finds the cheapest order of joins by dynamic programming over connected subgraphs (Moerkotte and
// Neumann, "Dynamic Programming Strikes Back", SIGMOD 2008: DPhyp), and greedily where the graph is
// too large for that.

import StarlingPlans

struct JoinEnumerator {
    /// Is the best way found so far to join a set of relations.
    struct Entry {
        var left: RelationSet
        var right: RelationSet
        var rowCount: Double
        var cost: Double
    }

    private let graph: JoinGraph
    private var best: [RelationSet: Entry] = [:]
    private var pairsTried = 0
    private static let pairsMaximum = 20_000

    init(_ graph: JoinGraph) {
        self.graph = graph
        for (index, relation) in graph.relations.enumerated() {
            best[1 << UInt64(index)] = Entry(
                left: 0, right: 0, rowCount: max(1, relation.estimate.rowCount), cost: 0)
        }
    }

    /// Returns the best entry of every set that the final plan is made of.
    mutating func solve() -> [RelationSet: Entry] {
        for index in graph.relations.indices.reversed() {
            let single: RelationSet = 1 << UInt64(index)
            emitSubgraph(single)
            extendSubgraph(single, excluded: single | (single - 1))
        }
        if best[graph.all] == nil || pairsTried > Self.pairsMaximum { solveGreedily() }
        return best
    }

    // MARK: DPhyp

    /// The relations next to `set` that are not excluded; of a hyperedge its lowest relation.
    private func neighbours(_ set: RelationSet, excluded: RelationSet) -> RelationSet {
        var result: RelationSet = 0
        for edge in graph.edges {
            if edge.left & ~set == 0, edge.right & (set | excluded) == 0 {
                result |= edge.right & (~edge.right &+ 1)
            }
            if edge.right & ~set == 0, edge.left & (set | excluded) == 0 {
                result |= edge.left & (~edge.left &+ 1)
            }
        }
        return result
    }

    private func areConnected(_ left: RelationSet, _ right: RelationSet) -> Bool {
        graph.edges.contains { edge in
            (edge.left & ~left == 0 && edge.right & ~right == 0)
                || (edge.left & ~right == 0 && edge.right & ~left == 0)
        }
    }

    private mutating func emitSubgraph(_ set: RelationSet) {
        let lowest = set & (~set &+ 1)
        let excluded = set | (lowest - 1)
        let next = neighbours(set, excluded: excluded)
        for node in members(next).reversed() {
            let single: RelationSet = 1 << UInt64(node)
            if areConnected(set, single) { tryPair(set, single) }
            extendComplement(set, single, excluded: excluded | (next & (single | (single - 1))))
        }
    }

    private mutating func extendSubgraph(_ set: RelationSet, excluded: RelationSet) {
        guard pairsTried <= Self.pairsMaximum else { return }
        let next = neighbours(set, excluded: excluded)
        guard next != 0 else { return }
        forEachSubset(of: next) { subset in
            if self.best[set | subset] != nil { self.emitSubgraph(set | subset) }
        }
        forEachSubset(of: next) { subset in
            self.extendSubgraph(set | subset, excluded: excluded | next)
        }
    }

    private mutating func extendComplement(
        _ set: RelationSet, _ complement: RelationSet, excluded: RelationSet
    ) {
        guard pairsTried <= Self.pairsMaximum else { return }
        let next = neighbours(complement, excluded: excluded | set)
        guard next != 0 else { return }
        forEachSubset(of: next) { subset in
            let grown = complement | subset
            if self.best[grown] != nil, self.areConnected(set, grown) { self.tryPair(set, grown) }
        }
        forEachSubset(of: next) { subset in
            self.extendComplement(set, complement | subset, excluded: excluded | next)
        }
    }

    // MARK: Costs

    private mutating func tryPair(_ first: RelationSet, _ second: RelationSet) {
        pairsTried += 1
        guard let entry = join(first, second) else { return }
        if let old = best[first | second], old.cost <= entry.cost { return }
        best[first | second] = entry
    }

    /// Joins two sets, the larger or preserved one on the left; nil where they may not.
    private func join(_ first: RelationSet, _ second: RelationSet) -> Entry? {
        guard let one = best[first], let two = best[second] else { return nil }
        let union = first | second
        guard hasAllRequired(union) else { return nil }
        if let (left, right) = attachmentSides(first, second) {
            guard let left, let right else { return nil }
            let rows = rowCount(union)
            let leftEntry = best[left]!
            let rightEntry = best[right]!
            let cost = cost(
                build: min(leftEntry.rowCount * 1.5, rightEntry.rowCount),
                probe: max(leftEntry.rowCount, rightEntry.rowCount), output: rows)
            return Entry(
                left: left, right: right, rowCount: rows,
                cost: leftEntry.cost + rightEntry.cost + cost)
        }
        let rows = rowCount(union)
        let isFirstLarger = one.rowCount >= two.rowCount
        let cost = cost(
            build: min(one.rowCount, two.rowCount), probe: max(one.rowCount, two.rowCount),
            output: rows)
        return Entry(
            left: isFirstLarger ? first : second, right: isFirstLarger ? second : first,
            rowCount: rows, cost: one.cost + two.cost + cost)
    }

    /// A row that is built costs more than one that probes, and building beyond the caches more.
    private func cost(build: Double, probe: Double, output: Double) -> Double {
        let buildFactor = build > 100_000 ? 3.0 : 2.0
        return build * buildFactor + probe + output
    }

    /// For a pair with a relation that attaches: its side on the right, or two nils where it may
    /// not join yet. Nil where neither side is one.
    private func attachmentSides(
        _ first: RelationSet, _ second: RelationSet
    ) -> (left: RelationSet?, right: RelationSet?)? {
        for (single, other) in [(second, first), (first, second)] {
            guard single.nonzeroBitCount == 1,
                let attachment = graph.relations[single.trailingZeroBitCount].attachment
            else { continue }
            return attachment.required & ~other == 0 ? (other, single) : (nil, nil)
        }
        return nil
    }

    /// Tells whether each relation of a set that attaches has there what it attaches to. Without
    /// that, two attachments would join each other, and then the rest without their conditions.
    private func hasAllRequired(_ set: RelationSet) -> Bool {
        members(set).allSatisfy { index in
            (graph.relations[index].attachment?.required ?? 0) & ~set == 0
        }
    }

    /// The rows that joining a set gives, whatever the order.
    private func rowCount(_ set: RelationSet) -> Double {
        var rows = 1.0
        for index in members(set) {
            let relation = graph.relations[index]
            if let attachment = relation.attachment {
                rows *= attachment.factor
            } else {
                rows *= max(1, relation.estimate.rowCount)
            }
        }
        for edge in graph.edges where edge.impliedBy == nil && (edge.left | edge.right) & ~set == 0
        {
            rows *= edge.selectivity
        }
        return max(1, rows * graph.impliedSelectivity(within: set))
    }

    // MARK: Greedy

    /// Joins the cheapest pair until one set is left.
    private mutating func solveGreedily() {
        var sets = graph.relations.indices.map { RelationSet(1) << UInt64($0) }
        while sets.count > 1 {
            var choice: (first: Int, second: Int, entry: Entry)?
            for requiresEdge in [true, false] where choice == nil {
                for first in sets.indices {
                    for second in sets.indices where second > first {
                        if requiresEdge, !areConnected(sets[first], sets[second]) { continue }
                        guard let entry = join(sets[first], sets[second]) else { continue }
                        if choice == nil || entry.rowCount < choice!.entry.rowCount {
                            choice = (first, second, entry)
                        }
                    }
                }
            }
            guard let choice else { return }
            let union = sets[choice.first] | sets[choice.second]
            best[union] = choice.entry
            sets.remove(at: choice.second)
            sets[choice.first] = union
        }
    }
}

/// Visits every subset but the empty one.
private func forEachSubset(of set: RelationSet, _ body: (RelationSet) -> Void) {
    var subset = set & (~set &+ 1)
    while subset != 0 {
        body(subset)
        subset = (subset &- set) & set
    }
}
