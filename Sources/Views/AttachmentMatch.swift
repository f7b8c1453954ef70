// Finds the outer, semi and anti joins of a view among those of a query. Where the view has an outer
// join that the query has as an inner one, the view's rows without a partner are those that a condition
// of the query rejects since it is never true of NULLs. An outer join with the key of a table changes no
// number of rows, and the query need not have it.

import StarlingPlans
import StarlingStorage
import StarlingTables

/// Lays what is attached to a view's block over what a query's block has.
struct AttachmentMatch {
    private let block: JoinBlock
    private let allocator: ColumnAllocator
    /// Takes columns of the view's tables to those of the query.
    private(set) var translation: [ColumnID: BoundExpression]
    /// The attachments of the query that the view does not have.
    private(set) var remaining: [Int]
    /// Leaves of the query that the view joins by outer joins, and for each of these the columns.
    private(set) var derivedPlaces: Set<Int> = []
    private(set) var derivedColumns: [Set<ColumnID>] = []

    init(
        _ block: JoinBlock, _ viewBlock: JoinBlock, places: [Int], _ allocator: ColumnAllocator
    ) throws(MatchFailure) {
        self.block = block
        self.allocator = allocator
        translation = [:]
        remaining = Array(block.attachments.indices)
        for (leaf, place) in zip(viewBlock.leaves, places) {
            Self.translate(leaf, block.leaves[place], allocator, &translation)
        }
        for attachment in viewBlock.attachments {
            guard find(attachment) || derive(attachment, besides: places) || leaveOut(attachment)
            else {
                throw MatchFailure(
                    reason: "the query does not have its \(attachment.kind.title) join with "
                        + attachment.block.leaves.map(\.table.title).joined(separator: ", "),
                    progress: 2)
            }
        }
    }

    /// Notes which columns of the query those of a leaf of the view are.
    private static func translate(
        _ leaf: ScanNode, _ other: ScanNode, _ allocator: ColumnAllocator,
        _ translation: inout [ColumnID: BoundExpression]
    ) {
        for column in leaf.columns {
            let same = other.columns.first { $0.position == column.position }
            // What the query does not read is nothing that its conditions speak of.
            translation[column.column.id] = .column(
                same?.column ?? allocator.makeCopy(of: column.column))
        }
    }

    /// Finds the same join in the query.
    private mutating func find(_ attachment: JoinBlock.Attachment) -> Bool {
        for (order, number) in remaining.enumerated() {
            guard let found = extended(translation, attachment, block.attachments[number]) else {
                continue
            }
            translation = found
            remaining.remove(at: order)
            return true
        }
        return false
    }

    private func extended(
        _ known: [ColumnID: BoundExpression], _ attachment: JoinBlock.Attachment,
        _ other: JoinBlock.Attachment
    ) -> [ColumnID: BoundExpression]? {
        guard attachment.kind == other.kind,
            attachment.block.leaves.count == other.block.leaves.count,
            attachment.block.attachments.count == other.block.attachments.count
        else { return nil }
        for places in Placement.all(attachment.block, in: other.block) {
            var translation = known
            for (leaf, place) in zip(attachment.block.leaves, places) {
                Self.translate(leaf, other.block.leaves[place], allocator, &translation)
            }
            var inner: [ColumnID: BoundExpression]? = translation
            for (one, another) in zip(attachment.block.attachments, other.block.attachments) {
                inner = inner.flatMap { extended($0, one, another) }
            }
            guard let inner else { continue }
            func translated(_ conditions: [BoundExpression]) -> [BoundExpression] {
                conditions.map { $0.substituting(inner) }
            }
            if Self.areSame(translated(attachment.block.conjuncts), other.block.conjuncts),
                Self.areSame(translated(attachment.conditions), other.conditions)
            {
                return inner
            }
        }
        return nil
    }

    private static func areSame(_ some: [BoundExpression], _ others: [BoundExpression]) -> Bool {
        func contains(_ list: [BoundExpression], _ condition: BoundExpression) -> Bool {
            list.contains(condition) || list.contains(condition.mirrored)
        }
        return some.allSatisfy { contains(others, $0) } && others.allSatisfy { contains(some, $0) }
    }

    /// Finds the tables of an outer join among those that the query joins by conditions at least as
    /// strict.
    private mutating func derive(
        _ attachment: JoinBlock.Attachment, besides places: [Int]
    ) -> Bool {
        guard attachment.kind == .left, attachment.block.attachments.isEmpty else { return false }
        let implication = ConditionImplication(block.conjuncts)
        for chosen in Placement.all(attachment.block, in: block)
        where derivedPlaces.union(places).isDisjoint(with: chosen) {
            var translation = translation
            for (leaf, place) in zip(attachment.block.leaves, chosen) {
                Self.translate(leaf, block.leaves[place], allocator, &translation)
            }
            guard
                (attachment.conditions + attachment.block.conjuncts).allSatisfy({
                    implication.implies($0.substituting(translation))
                })
            else { continue }
            self.translation = translation
            derivedPlaces.formUnion(chosen)
            derivedColumns.append(
                Set(chosen.flatMap { block.leaves[$0].columns.map(\.column.id) }))
            return true
        }
        return false
    }
    /// Passes over an outer join by which each row has one partner at most.
    private mutating func leaveOut(_ attachment: JoinBlock.Attachment) -> Bool {
        guard attachment.kind == .left, attachment.block.attachments.isEmpty,
            attachment.block.leaves.count == 1,
            attachment.block.leaves[0].hasKey(comparedBy: attachment.conditions)
        else { return false }
        for column in attachment.block.leaves[0].columns {
            translation[column.column.id] = .column(allocator.makeCopy(of: column.column))
        }
        return true
    }
}

extension ScanNode {
    /// The columns in which no two rows agree; nil where none are known that are read.
    var keyColumns: [ScanColumn]? {
        guard let key = table.uniqueColumns, !key.isEmpty else { return nil }
        var found: [ScanColumn] = []
        for position in key {
            guard
                let column = columns.first(where: { $0.position == position && $0.path.isEmpty }),
                !column.column.type.isFloating
            else { return nil }
            found.append(column)
        }
        return found
    }

    /// Tells whether conditions compare the key with something that is not of the table.
    fileprivate func hasKey(comparedBy conditions: [BoundExpression]) -> Bool {
        let own = Set(columns.map(\.column.id))
        let compared = conditions.compactMap { condition -> PlanColumn? in
            guard case .comparison(.equal, let left, let right) = condition else { return nil }
            if case .column(let column) = left, right.referencedColumns.isDisjoint(with: own) {
                return column
            }
            if case .column(let column) = right, left.referencedColumns.isDisjoint(with: own) {
                return column
            }
            return nil
        }
        return keyColumns?.allSatisfy { compared.contains($0.column) } ?? false
    }
}
