// How a row group answers for a path of a VARIANT: from the column of the path where there is one, from
// values as they are on the way to it, or from whole documents.

import StarlingErrors
import StarlingShredding
import StarlingTables
import StarlingTypes

/// Says what of a row group has to be read for a path.
struct VariantAccess {
    /// Is where the path leads.
    enum End {
        /// A leaf of values that are all of one type.
        case typed(SchemaNode)
        /// A group of arrays or objects that were taken apart.
        case group(SchemaNode)
        /// A leaf of values in which the keys from `level` on lead further.
        case values(SchemaNode)
        /// Nowhere, whatever the documents are.
        case nowhere
        /// To what no group stands for.
        case documents
    }

    let path: PathColumn
    let end: End
    /// The groups on the way, the last one being that of the end; nil for documents.
    let way: VariantWay?
    /// The group in which the end lies.
    let level: Int
    /// The groups whose values are looked at where the end has none.
    let levels: [Int]
    /// The type that is stored, where the values are what is asked for, or become it.
    let stored: ShreddedType?
    /// True where the leaf's values are what is asked for.
    let isDirect: Bool

    init(_ asked: PathColumn, _ part: RowGroupPart) {
        let tree = part.file.schema.trees[asked.column]
        var path = asked
        if let other = asked.throughArrays.first, Self.mayHaveArrays(other.keys, tree, part) {
            path = other
        }
        guard let way = VariantWay(tree, path.keys), !way.isOfArrays else {
            self.init(path, .documents, nil, 0, [], part)
            return
        }
        func hasValues(_ level: Int) -> Bool {
            way.groups[level].value.map { !part.isNull($0) } ?? false
        }
        let last = way.groups.count - 1
        var levels = (0..<last).filter(hasValues)
        var level = last
        var end: End = .nowhere
        let group = way.groups[last]
        if last == path.keys.count, let typed = group.typed, !part.isNull(typed) {
            if case .leaf = typed.kind {
                end = .typed(typed)
                if hasValues(last) { levels.append(last) }
                if part.nullCount(typed) == 0 { levels = [] }
            } else {
                end = .group(group.node)
            }
        } else if hasValues(last), let value = group.value {
            end = .values(value)
            if part.nullCount(value) == 0 { levels = [] }
        } else if let above = levels.popLast(), let value = way.groups[above].value {
            // A field that has a group stands nowhere else.
            level = above
            end = .values(value)
        }
        self.init(path, end, way, level, levels, part)
    }

    private init(
        _ path: PathColumn, _ end: End, _ way: VariantWay?, _ level: Int, _ levels: [Int],
        _ part: RowGroupPart
    ) {
        self.path = path
        self.end = end
        self.way = way
        self.level = level
        self.levels = levels
        guard case .typed(let leaf) = end, let stored = leaf.storedType else {
            stored = nil
            isDirect = false
            return
        }
        self.stored = stored
        var known = part.statistics(ofLeaf: leaf)
        if known.bounds == nil, let bounds = leaf.type.bounds {
            known.low = .integer(bounds.low)
            known.high = .integer(bounds.high)
        }
        isDirect = path.isDirect(stored, known)
    }

    /// Tells whether an array may be where keys lead.
    private static func mayHaveArrays(
        _ keys: [[UInt8]], _ tree: SchemaNode, _ part: RowGroupPart
    ) -> Bool {
        guard let way = VariantWay(tree, keys), way.groups.count == keys.count + 1,
            case .structure? = way.groups[keys.count].typed?.kind
        else { return true }
        return way.groups.contains { $0.value.map { !part.isNull($0) } ?? false }
    }

    /// True where the structures on the way are read, as it matters why the end has no value.
    var hasTrunk: Bool {
        switch end {
        case .typed, .values: !levels.isEmpty || !path.isNullWhereAbsent
        case .group, .nowhere, .documents: true
        }
    }

    /// Where the row group has the path.
    var reads: PathReads.Place {
        switch end {
        case .typed, .group: .column
        case .values: level == path.keys.count ? .column : .documents
        case .nowhere: .nowhere
        case .documents: .documents
        }
    }

    /// The leaf that answers alone.
    var answer: SchemaNode? {
        if case .typed(let leaf) = end, isDirect, levels.isEmpty { leaf } else { nil }
    }

    /// The leaf of days whose texts are what is asked for.
    private var written: SchemaNode? {
        if case .typed(let leaf) = end, stored == .day, path.form == .text, levels.isEmpty {
            leaf
        } else {
            nil
        }
    }

    /// The leaves that are read in any case.
    var leaves: [SchemaNode] {
        switch end {
        case .typed(let node), .group(let node), .values(let node): node.leaves
        case .nowhere, .documents: []
        }
    }

    /// What is known of the values without reading.
    func statistics(_ part: RowGroupPart) -> ColumnStatistics {
        if let answer { return part.statistics(ofLeaf: answer) }
        if let written { return ShreddedType.day.textual(part.statistics(ofLeaf: written)) }
        guard case .nowhere = end else { return ColumnStatistics() }
        return path.isNullWhereAbsent ? ColumnStatistics(nullCount: part.rowCount) : .absent
    }

    /// What is known of pages.
    func zones(
        _ read: (SchemaNode) throws(StarlingError) -> [Zone]?
    ) throws(StarlingError) -> [Zone]? {
        if let answer { return try read(answer) }
        guard let written else { return nil }
        return try read(written)?.map { zone in
            Zone(rows: zone.rows, statistics: ShreddedType.day.textual(zone.statistics))
        }
    }
}

extension VariantWay {
    /// True where documents were taken apart as arrays.
    fileprivate var isOfArrays: Bool {
        switch groups[0].typed?.kind {
        case .list, .map, .variant: true
        case .leaf, .structure, nil: false
        }
    }
}

extension SchemaNode {
    /// What the values of a leaf are to documents; nil where they are written in a way of their own.
    fileprivate var storedType: ShreddedType? {
        switch type {
        case .tinyint, .smallint, .int, .bigint: isNanoseconds ? nil : .whole
        case .largeint: .wide
        case .double: .floating
        case .boolean: .truth
        case .date: .day
        case .datetime: isInstant ? nil : .moment(.plain)
        case .varchar(length: nil): .text
        default: nil
        }
    }
}
