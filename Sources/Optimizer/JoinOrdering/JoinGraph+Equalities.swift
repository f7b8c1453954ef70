// Equalities that follow from others: a = b AND b = c connect a with c. An implied equality opens a
// way to join; it says nothing new of how many rows there are.

import StarlingPlans
import StarlingTypes

extension JoinGraph {
    /// Finds the classes of equal columns, and adds the equalities between relations that nobody
    /// wrote. Columns of relations that attach stay out: before they have joined, and where they
    /// are padded, they are not equal to anything.
    mutating func addImpliedEqualities() {
        var classes: [[PlanColumn]] = []
        for index in predicates.indices {
            guard let (left, right) = freeEquality(predicates[index]) else { continue }
            let touched = classes.indices.filter {
                classes[$0].contains(left) || classes[$0].contains(right)
            }
            var merged = touched.flatMap { classes[$0] }
            for column in [left, right] where !merged.contains(column) { merged.append(column) }
            for position in touched.reversed() { classes.remove(at: position) }
            classes.append(merged)
        }
        for index in predicates.indices {
            guard let (left, _) = freeEquality(predicates[index]) else { continue }
            predicates[index].equalColumns = classes.firstIndex { $0.contains(left) }
        }
        for (number, columns) in classes.enumerated() where (3...8).contains(columns.count) {
            for (position, left) in columns.enumerated() {
                for right in columns[(position + 1)...] { imply(left, right, number) }
            }
        }
    }

    private mutating func imply(_ left: PlanColumn, _ right: PlanColumn, _ number: Int) {
        let touched = relations(of: .column(left)) | relations(of: .column(right))
        guard touched.nonzeroBitCount == 2, left.type == right.type else { return }
        let isKnown = predicates.contains {
            $0.equalColumns == number && $0.relations == touched
        }
        guard !isKnown else { return }
        predicates.append(
            Predicate(
                condition: .comparison(.equal, .column(left), .column(right)),
                relations: touched, equalColumns: number, isImplied: true))
    }

    /// Reads an equality of columns of two relations that join freely.
    private func freeEquality(_ predicate: Predicate) -> (PlanColumn, PlanColumn)? {
        guard
            case .comparison(.equal, .column(let left), .column(let right)) =
                predicate.condition, predicate.relations.nonzeroBitCount == 2,
            members(predicate.relations).allSatisfy({ relations[$0].attachment == nil })
        else { return nil }
        return (left, right)
    }

    /// Leaves out equalities that follow from those within the two sides and from others that stay;
    /// one that was written is better than one that is implied.
    func necessary(
        _ new: [Predicate], joining left: RelationSet, _ right: RelationSet
    ) -> [Predicate] {
        var groups: [Int: [Set<ColumnID>]] = [:]
        for predicate in predicates
        where predicate.relations & ~left == 0 || predicate.relations & ~right == 0 {
            guard let number = predicate.equalColumns else { continue }
            _ = Self.unite(predicate.condition.referencedColumns, in: &groups[number, default: []])
        }
        let (implied, written) = new.partitioned { $0.isImplied }
        return (written + implied).filter { predicate in
            guard let number = predicate.equalColumns else { return !predicate.isImplied }
            return Self.unite(
                predicate.condition.referencedColumns, in: &groups[number, default: []])
        }
    }

    /// Notes that columns are equal; false where that was known.
    private static func unite(_ columns: Set<ColumnID>, in groups: inout [Set<ColumnID>]) -> Bool {
        let (touched, others) = groups.partitioned { !$0.isDisjoint(with: columns) }
        if touched.count == 1, columns.isSubset(of: touched[0]) { return false }
        groups = others + [touched.reduce(columns) { $0.union($1) }]
        return true
    }

    /// What implied equalities take from the rows of a set: those of relations that no written
    /// equality of the class connects within the set.
    func impliedSelectivity(within set: RelationSet) -> Double {
        var result = 1.0
        var connected: [Int: [RelationSet]] = [:]
        for edge in edges where (edge.left | edge.right) & ~set == 0 {
            guard let number = edge.impliedBy else { continue }
            let groups = connected[number] ?? connections(of: number, within: set)
            let touched = groups.filter { $0 & (edge.left | edge.right) != 0 }
            if touched.count == 1, touched[0] & edge.left != 0, touched[0] & edge.right != 0 {
                connected[number] = groups
                continue
            }
            result *= edge.selectivity
            connected[number] = joined(groups, edge.left | edge.right)
        }
        return result
    }

    /// The groups of relations that written equalities of a class connect within a set.
    private func connections(of number: Int, within set: RelationSet) -> [RelationSet] {
        var groups: [RelationSet] = []
        for predicate in predicates
        where predicate.equalColumns == number && !predicate.isImplied
            && predicate.relations & ~set == 0
        {
            groups = joined(groups, predicate.relations)
        }
        return groups
    }

    private func joined(_ groups: [RelationSet], _ new: RelationSet) -> [RelationSet] {
        let (touched, others) = groups.partitioned { $0 & new != 0 }
        return others + [touched.reduce(new) { $0 | $1 }]
    }
}
