// Reads what is asked for at a path of a VARIANT, window by window.
//
// 1. The end of the way is read, with the structures on the way where it matters why it has no value.
// 2. Rows without a value there have one, if anywhere, where the first of these structures is missing:
//    among the values as they are of the group around it. Only for such rows are these read.
// 3. The names of fields are read for the rows in which objects are to be looked at.

import StarlingErrors
import StarlingKernels
import StarlingShredding
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Reads a path of a row group.
final class VariantPathReader: LeavesReading {
    private let access: VariantAccess
    private let way: VariantWay
    private let physicalType: PhysicalType
    private let shape: NestedColumnReader
    /// The values as they are, by the group in which they lie.
    private let values: [Int: NestedColumnReader]
    private let metadata: NestedColumnReader
    private let place: String

    init(
        _ access: VariantAccess, _ way: VariantWay, _ physicalType: PhysicalType,
        shape: NestedColumnReader, values: [Int: NestedColumnReader],
        metadata: NestedColumnReader, place: String
    ) {
        self.access = access
        self.way = way
        self.physicalType = physicalType
        self.shape = shape
        self.values = values
        self.metadata = metadata
        self.place = place
    }

    func takeCutCount() -> Int { shape.takeCutCount() }
    func dictionary() throws(StarlingError) -> VectorDictionary? { nil }

    func expect(_ rows: RowRanges, layout: (_ leaf: Int) -> PageLayout?) {
        for reader in [shape, metadata] + values.values { reader.expect(rows, layout: layout) }
    }

    func read(
        row: Int, count: Int, selection: Selection?, check: DomainCheck?
    ) throws(StarlingError) -> Vector {
        let window = VariantWindow(row: row, count: count, selection: selection)
        let type = access.path.type
        if window.total == 0 {
            return type.isNested
                ? Vector([], as: type) : Vector(uninitialized: physicalType, count: 0)
        }
        if case .nowhere = access.end, access.path.isNullWhereAbsent {
            return .allNull(as: type, physicalType, count: window.total)
        }
        let trunk = VariantTrunk(
            try window.read(shape), depth: access.hasTrunk ? access.level + 1 : 0)
        var rows = VariantRows(access.path, physicalType, count: window.total)
        var result = Vector.allNull(as: type, physicalType, count: window.total)
        do throws(ParquetDamage) {
            switch access.end {
            case .typed(let leaf):
                if let values = try direct(trunk.end, check) {
                    result = values
                } else {
                    try rows.add(leaf, trunk.end)
                }
            case .values:
                rows.values.append(
                    VariantRows.Values(
                        level: access.level, rows: Array(0..<window.total), vector: trunk.end))
            case .group(let node): rows.group = try VariantGroup(node, trunk.end)
            case .nowhere, .documents: break
            }
        } catch {
            throw error.located(in: place)
        }
        if access.hasTrunk { try readValues(missingIn: trunk, window, &rows) }
        let named = rows.rowsWithNames
        if !named.isEmpty {
            rows.names = try window.selecting(named).read(metadata)
        }
        do throws(ParquetDamage) {
            try rows.write(named, access.path.keys)
        } catch {
            throw error.located(in: place)
        }
        return try rows.completed(result, access.path, as: physicalType)
    }

    /// Returns what is asked for, where the values of a leaf are that or become it; else nil.
    private func direct(
        _ values: Vector, _ check: DomainCheck?
    ) throws(ParquetDamage) -> Vector? {
        if access.isDirect {
            if values.isFlat { try check?.check(values) }
            return values
        }
        guard access.stored == .whole, access.path.form == .floating else { return nil }
        return values.convertedToFloating(physicalType)
    }

    /// Reads the values as they are of the rows that have none at the end, each where the way to it
    /// breaks off.
    private func readValues(
        missingIn trunk: VariantTrunk, _ window: VariantWindow, _ rows: inout VariantRows
    ) throws(StarlingError) {
        var broken: [Int: [Int]] = [:]
        for row in 0..<window.total where trunk.hasDocument(row) {
            var level = trunk.levelWithout(row)
            if level == nil {
                switch access.end {
                case .typed, .values:
                    if trunk.end.isValid(row) { continue }
                    level = access.level
                case .group:
                    if rows.addToGroup(row) { continue }
                case .nowhere, .documents: break
                }
            }
            if let level, values[level] != nil {
                broken[level, default: []].append(row)
            } else {
                rows.completion.add(absent: row)
            }
        }
        for (level, places) in broken.sorted(by: { $0.key < $1.key }) {
            guard let reader = values[level] else { continue }
            let vector = try window.selecting(places).read(reader)
            for (index, row) in places.enumerated() where !vector.isValid(index) {
                rows.completion.add(absent: row)
            }
            rows.values.append(VariantRows.Values(level: level, rows: places, vector: vector))
        }
    }
}

/// Is what is read of a window.
private struct VariantWindow {
    var row: Int
    var count: Int
    var selection: Selection?

    var total: Int { selection?.count ?? count }

    func read(_ reader: NestedColumnReader) throws(StarlingError) -> Vector {
        try reader.read(row: row, count: count, selection: selection, check: nil)
    }

    /// The same with some of the rows that are read here.
    func selecting(_ places: [Int]) -> VariantWindow {
        var selection = Selection()
        let rows = selection.rows
        for (index, place) in places.enumerated() {
            rows[index] = self.selection?.rows[place] ?? UInt16(truncatingIfNeeded: place)
        }
        selection.count = places.count
        return VariantWindow(row: row, count: count, selection: selection)
    }
}

/// Holds the structures on the way to an end: that of the document, and those that objects were taken
/// apart into.
private struct VariantTrunk {
    private var structures: [Vector] = []
    let end: Vector

    init(_ shape: Vector, depth: Int) {
        var vector = shape
        for _ in 0..<depth {
            structures.append(vector)
            guard let inner = vector.children?.vectors.first else { break }
            vector = inner
        }
        end = vector
    }

    func hasDocument(_ row: Int) -> Bool { structures[0].isValid(row) }

    /// The group whose value, if there is one, is no object that was taken apart; nil where the way
    /// leads to the end.
    func levelWithout(_ row: Int) -> Int? {
        for level in 1..<structures.count where !structures[level].isValid(row) {
            return level - 1
        }
        return nil
    }
}
