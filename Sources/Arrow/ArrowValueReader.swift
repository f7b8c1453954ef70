// Reads the values of a node of a batch, whatever they are. Buffers are read from the file when a
// value is first asked for.

import StarlingErrors
import StarlingFiles
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Says where the buffers of a batch come from.
struct ArrowSource: Sendable {
    let body: ArrowBody
    let dictionaries: ArrowDictionaries
    /// The batch whose values these are.
    let batch: ArrowBatch
    /// Names file and column for messages.
    let place: String

    func damage(_ what: String) -> StarlingError { StarlingError(.file, "\(place): \(what)") }
}

/// Reads rows of one node.
final class ArrowValueReader {
    let node: ArrowNode
    let source: ArrowSource
    let children: [ArrowValueReader]
    private var values: ArrowValues?
    private var dictionary: ArrowDictionary?
    private var opened: [Buffer?]
    private var knownRunEnds: [Int]?
    private var cutCount = 0

    init(_ node: ArrowNode, _ source: ArrowSource) {
        self.node = node
        self.source = source
        children = node.children.map { ArrowValueReader($0, source) }
        opened = node.buffers.map { _ in nil }
    }

    /// Reads rows, or those of them that are selected, in the type's widest layout.
    func read(_ rows: Range<Int>, selection: Selection? = nil) throws(StarlingError) -> Vector {
        guard rows.upperBound <= node.rowCount else {
            throw source.damage("a list refers to values that there are none of")
        }
        let field = node.field
        if field.dictionary != nil {
            return try decoded(leaf().read(rows, selection: selection))
        }
        let type = field.type
        switch field.storage {
        case .nothing:
            return .allNull(type.widestPhysicalType, count: selection?.count ?? rows.count)
        case .list, .listViews, .fixedList, .map:
            return try list(window(rows, selection))
        case .structure: return try structure(rows, selection)
        case .emptyStructure:
            let window = try window(rows, selection)
            // Flat, since codes that refer to them bring NULLs of their own.
            return Vector.emptyObjects(count: window.count, validity: window.makeValidity())
                .flattened()
        case .runs: return try runs(rows, selection)
        case .union(let isDense, let codes):
            return try union(rows, selection, isDense: isDense, codes: codes)
        case .unreadable(let kind):
            throw StarlingError(
                .unsupported,
                "\(source.place) is \(kind), which can't be read; leave it out of the query")
        default:
            let values = try leaf()
            cutCount += values.countCut(rows, selection)
            return try values.read(rows, selection: selection)
        }
    }

    /// Counts the values, since the last call, of which digits were cut off.
    func takeCutCount() -> Int {
        defer { cutCount = 0 }
        return children.reduce(cutCount) { $0 + $1.takeCutCount() }
    }

    private func leaf() throws(StarlingError) -> ArrowValues {
        if let values { return values }
        let field = node.field
        let values = try ArrowValues(
            field.codes ?? field.storage, field.codes == nil ? field.type : .bigint, node.buffers,
            source.body, rowCount: node.rowCount, hasNulls: node.nullCount != 0,
            place: source.place)
        self.values = values
        return values
    }

    /// Reads a buffer of the node's own, once.
    func buffer(_ position: Int, atLeast byteCount: Int) throws(StarlingError) -> Buffer {
        if let buffer = opened[position] { return buffer }
        let buffer = try source.body.read(node.buffers[position], atLeast: byteCount)
        opened[position] = buffer
        return buffer
    }

    func window(
        _ rows: Range<Int>, _ selection: Selection?
    ) throws(StarlingError) -> ArrowWindow {
        let validity =
            node.nullCount == 0 ? nil : try buffer(0, atLeast: (node.rowCount + 7) / 8)
        return ArrowWindow(
            start: rows.lowerBound, count: selection?.count ?? rows.count, selection: selection,
            validity: validity)
    }

    private func structure(
        _ rows: Range<Int>, _ selection: Selection?
    ) throws(StarlingError) -> Vector {
        let window = try window(rows, selection)
        var vector = Vector(.structure, count: window.count, buffer: Buffer(byteCount: 8))
        vector.validity = window.makeValidity()
        var fields: [Vector] = []
        for child in children { fields.append(try child.read(rows, selection: selection)) }
        vector.children = NestedVectors(fields)
        return vector
    }

    // MARK: Codes

    private func decoded(_ codes: Vector) throws(StarlingError) -> Vector {
        if dictionary == nil {
            dictionary = try source.dictionaries.dictionary(
                of: node.field, at: source.batch.place)
        }
        guard let dictionary else { return codes }
        let wide = codes.withIntegerLayout(.int64)
        let stored = wide.pointer(to: Int64.self)
        let narrow = Vector(uninitialized: .int32, count: codes.count)
        let target = narrow.pointer(to: UInt32.self)
        var isOutside = false
        for row in 0..<codes.count {
            let code = wide.isValid(row) ? stored[row] : 0
            isOutside = isOutside || !(0..<Int64(dictionary.values.count)).contains(code)
            target[row] = UInt32(truncatingIfNeeded: code)
        }
        let hasValues =
            codes.count == 0 || wide.validity.map { $0.validCount(of: codes.count) > 0 } ?? true
        guard hasValues else {
            return .allNull(
                as: node.field.type, dictionary.values.physicalType, count: codes.count)
        }
        guard !isOutside else { throw source.damage("a code lies outside of its dictionary") }
        if let distinct = dictionary.distinct {
            return Vector(
                codes: narrow.buffer, of: distinct, count: codes.count, validity: codes.validity)
        }
        var result = dictionary.values.gathered(by: target, count: codes.count)
        result.validity = Validity.intersection(
            result.validity, codes.validity, count: codes.count)
        return result
    }

    // MARK: Runs

    /// The rows at which runs end.
    private func runEnds() throws(StarlingError) -> [Int] {
        if let knownRunEnds { return knownRunEnds }
        let ends = children[0]
        guard ends.node.rowCount <= 1 << 31, ends.node.nullCount == 0 else {
            throw source.damage("runs have impossible ends")
        }
        let vector = try ends.read(0..<ends.node.rowCount).withIntegerLayout(.int64)
        let stored = vector.pointer(to: Int64.self)
        var result: [Int] = []
        result.reserveCapacity(vector.count)
        for run in 0..<vector.count {
            let end = Int(stored[run])
            guard end > result.last ?? 0 else { throw source.damage("runs have impossible ends") }
            result.append(end)
        }
        knownRunEnds = result
        return result
    }

    private func runs(
        _ rows: Range<Int>, _ selection: Selection?
    ) throws(StarlingError) -> Vector {
        let ends = try runEnds()
        let count = selection?.count ?? rows.count
        if count == 0 { return Vector([], as: node.field.type) }
        // The first run that ends behind the first row.
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] <= rows.lowerBound { low = middle + 1 } else { high = middle }
        }
        let first = low
        let indexes = Buffer(byteCount: count * 4)
        let target = indexes.pointer(to: UInt32.self)
        var run = first
        for position in 0..<count {
            let row = rows.lowerBound + (selection.map { Int($0.rows[position]) } ?? position)
            while run < ends.count, ends[run] <= row { run += 1 }
            target[position] = UInt32(truncatingIfNeeded: run - first)
        }
        guard run < ends.count else { throw source.damage("runs end before the last row") }
        let values = try children[1].read(first..<(run + 1))
        defer { withExtendedLifetime(indexes) {} }
        return values.gathered(by: UnsafePointer(target), count: count)
    }
}
