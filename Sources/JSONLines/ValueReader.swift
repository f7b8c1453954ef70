// Reads the values at one place of documents: a column, a field of its structures, the elements of
// an array. Nested ones are read level by level. Where the values of the level below lie is found in
// one walk over the objects or arrays of a window, when somebody asks for the first of them, and
// only fields that a query reads are noted; then each is parsed as a column.

import StarlingFields
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Is a value that cannot be read as what its column is.
struct ValueFault {
    /// Counts in the rows that were asked for.
    var row: Int
    /// The place in the document, such as `a.b`.
    var name: String
    var type: LogicalType
    var text: [UInt8]
    /// Why, where the text does not tell.
    var reason: String?
    var remedy = ValueFault.otherReadings

    private static let otherReadings =
        "name another type with 'types', read it as NULL with 'fill_mismatch_column_with' = 'null', "
        + "or leave such records out with 'max_errors'"
}

/// Reads values.
final class ValueReader {
    private enum Kind {
        case scalar(ColumnParser)
        case structure(KeyTable)
        case list
        case map
    }

    let shape: ValueShape
    let spans: ValueSpans
    private let name: String
    private let window: DocumentWindow
    private let unknown: UnknownKeys
    private unowned let parent: ValueReader?
    private let kind: Kind
    /// For structures nil for fields that nobody reads.
    private var children: [ValueReader?]
    /// The elements of each list or map.
    private var ranges = Buffer(byteCount: 0)

    /// The window in which the values below were located.
    private var windowNumber = -1
    private var count = 0
    private var elementCount = 0
    /// Values in which the level below could not be located, by entry.
    private var damaged: [ValueFault] = []

    init(
        _ shape: ValueShape, _ name: String, _ window: DocumentWindow, _ unknown: UnknownKeys,
        parent: ValueReader? = nil
    ) {
        self.shape = shape
        self.name = name
        self.window = window
        self.unknown = unknown
        self.parent = parent
        spans = ValueSpans(shape.reading, capacity: chunkCapacity)
        children = shape.children.map { _ in nil }
        switch shape.type {
        case .structure:
            kind = .structure(KeyTable(shape.keys, in: name + "."))
        case .array: kind = .list
        case .map: kind = .map
        default:
            kind = .scalar(
                ColumnParser(
                    column: 0, isLast: false, type: shape.type,
                    layout: shape.type.widestPhysicalType, nullTexts: [], checksNullsFirst: false,
                    form: shape.pattern.flatMap { TimeForm($0) },
                    isDetected: shape.isFromSample, isInstant: shape.isInstant))
        }
    }

    /// Returns the reader of a field, from this value down; sees to it that it will be located.
    func field(_ path: ArraySlice<Int>) -> ValueReader {
        guard let first = path.first else {
            makeChildren()
            return self
        }
        return child(first).field(path.dropFirst())
    }

    private func child(_ position: Int) -> ValueReader {
        if let child = children[position] { return child }
        var name = name
        if case .structure(let fields) = shape.type {
            name += ".\(fields[position].name)"
        } else {
            name += "[]"
        }
        let child = ValueReader(
            shape.children[position], name, window, unknown, parent: self)
        children[position] = child
        return child
    }

    /// Sees to it that all that lies below is located.
    func makeChildren() {
        if case .structure(let keys) = kind, shape.isFromSample { keys.unknown = unknown }
        for position in children.indices { child(position).makeChildren() }
    }

    // MARK: Locating

    /// Finds where the values of this window lie, and those of the level below.
    private func locate() {
        guard windowNumber != window.number else { return }
        windowNumber = window.number
        damaged.removeAll()
        parent?.locate()
        count = parent.map { $0.isList ? $0.elementCount : $0.count } ?? window.count
        switch kind {
        case .scalar: return
        case .structure(let keys): locateFields(keys)
        case .list, .map: locateElements()
        }
        // Texts of whole documents have been found now: their escapes can be replaced.
        for child in children {
            guard let child else { continue }
            for entry in child.spans.unescape(window.text) {
                let text = Array(
                    UnsafeBufferPointer(rebasing: window.bytes[child.spans.range(entry)]))
                child.escapeFaults.append((entry, text))
                child.spans.clear(entry)
            }
        }
    }

    private var isList: Bool {
        switch kind {
        case .list, .map: true
        default: false
        }
    }

    /// Strings whose escapes are none, found by the level above.
    private var escapeFaults: [(entry: Int, text: [UInt8])] = []

    private func locateFields(_ keys: KeyTable) {
        let wanted = children.map { $0?.spans }
        for spans in wanted {
            guard let spans else { continue }
            spans.reserve(count)
            for entry in 0..<count { spans.clear(entry) }
        }
        let index = window.index
        let targets = wanted.map { $0.map(SpanTarget.init) }
        for entry in 0..<count where spans.isPresent(entry) {
            let range = spans.range(entry)
            var next = Int(spans.marks[entry])
            guard window.text[range.lowerBound] == UInt8(ascii: "{") else {
                refuse(entry, nil)
                continue
            }
            if let problem = index.walkObject(&next, keys, targets, entry: entry) {
                for spans in wanted {
                    spans?.clear(entry)
                    spans?.forgetEscapes(from: entry)
                }
                refuse(entry, problem)
                unknown.forget()
            } else if let key = unknown.settle() {
                damaged.append(
                    ValueFault(
                        row: entry, name: name, type: shape.type, text: [],
                        reason: UnknownKeys.reason(key), remedy: UnknownKeys.remedy))
            }
        }
        for child in children { child?.escapeFaults.removeAll() }
    }

    private func locateElements() {
        if ranges.byteCount < count * 8 { ranges = Buffer(byteCount: max(count, 1_024) * 8) }
        let output = ranges.pointer(to: ListRange.self)
        let index = window.index
        let isMap = children.count == 2
        let opening = isMap ? UInt8(ascii: "{") : UInt8(ascii: "[")
        let (first, last) = (child(0).spans, child(children.count - 1).spans)
        var total = 0
        for entry in 0..<count {
            let before = total
            if spans.isPresent(entry) {
                var next = Int(spans.marks[entry])
                if window.text[spans.range(entry).lowerBound] != opening {
                    refuse(entry, nil)
                } else {
                    let problem =
                        isMap
                        ? index.walkMap(&next, keys: first, values: last, entry: &total)
                        : index.walkArray(&next, first, entry: &total)
                    if let problem {
                        first.forgetEscapes(from: before)
                        last.forgetEscapes(from: before)
                        refuse(entry, problem)
                    }
                }
            }
            output[entry] = ListRange(
                offset: UInt32(truncatingIfNeeded: before),
                count: UInt32(truncatingIfNeeded: total - before))
        }
        elementCount = total
        for child in children { child?.escapeFaults.removeAll() }
    }

    private func refuse(_ entry: Int, _ problem: DocumentIndex.Problem?) {
        var reason: String?
        switch problem {
        case .incomplete: reason = "the value is never closed"
        case .fault(_, let why): reason = why
        case nil: break
        }
        let text = Array(UnsafeBufferPointer(rebasing: window.bytes[spans.range(entry)]))
        damaged.append(
            ValueFault(row: entry, name: name, type: shape.type, text: text, reason: reason))
        spans.clear(entry)
    }

    // MARK: Values

    /// Reads the records of the window, or the selected ones; only structures lie above this value.
    ///
    /// - Parameter faults: takes what could not be read, by the number of the record in the window.
    func read(_ selection: Selection?, faults: inout [ValueFault]) -> Vector {
        locate()
        let rows = selection.map { selection in
            (0..<selection.count).map { UInt32(selection.rows[$0]) }
        }
        var found: [ValueFault] = []
        var above = parent
        while let reader = above {
            add(reader.damaged, rows, to: &found)
            above = reader.parent
        }
        let result: Vector
        if case .scalar(let parser) = kind {
            addEscapes(rows, to: &found)
            var unreadable: [FieldFault] = []
            result = parser.read(fields(spans.ends, count), selection, faults: &unreadable)
            faults += unreadable.map {
                ValueFault(row: $0.row, name: name, type: shape.type, text: $0.text)
            }
        } else {
            result = vector(rows, faults: &found)
        }
        for var fault in found {
            if let rows { fault.row = Int(rows[fault.row]) }
            faults.append(fault)
        }
        return result
    }

    private func addEscapes(_ rows: [UInt32]?, to faults: inout [ValueFault]) {
        guard !escapeFaults.isEmpty else { return }
        let found = escapeFaults.map {
            ValueFault(
                row: $0.entry, name: name, type: shape.type, text: $0.text,
                reason: "a string has an escape that is none")
        }
        add(found, rows, to: &faults)
    }

    /// Adds faults of entries, as far as the entries are among `rows`.
    private func add(_ found: [ValueFault], _ rows: [UInt32]?, to faults: inout [ValueFault]) {
        guard !found.isEmpty else { return }
        guard let rows else { return faults += found }
        let places = Dictionary(
            rows.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for var fault in found {
            guard let place = places[UInt32(fault.row)] else { continue }
            fault.row = place
            faults.append(fault)
        }
    }

    private func fields(_ ends: UnsafeMutablePointer<UInt32>, _ count: Int) -> FieldWindow {
        FieldWindow(
            text: UnsafePointer(window.text), ends: UnsafePointer(ends),
            bases: window.bases(count), count: count, owner: window.owner, quote: nil)
    }

    /// Reads all entries, or those with the numbers `rows`, in their order.
    private func vector(_ rows: [UInt32]?, faults: inout [ValueFault]) -> Vector {
        locate()
        add(damaged, rows, to: &faults)
        addEscapes(rows, to: &faults)
        switch kind {
        case .scalar(let parser): return scalars(parser, rows, &faults)
        case .structure: return structures(rows, &faults)
        case .list, .map: return lists(rows, &faults)
        }
    }

    private func scalars(
        _ parser: ColumnParser, _ rows: [UInt32]?, _ faults: inout [ValueFault]
    ) -> Vector {
        var found: [FieldFault] = []
        let vector: Vector
        if let rows {
            let picked = Buffer(byteCount: rows.count * 8)
            let ends = picked.pointer(to: UInt32.self)
            for (place, row) in rows.enumerated() {
                ends[2 &* place] = spans.ends[2 &* Int(row)]
                ends[2 &* place &+ 1] = spans.ends[2 &* Int(row) &+ 1]
            }
            vector = withExtendedLifetime(picked) {
                parser.read(fields(ends, rows.count), nil, faults: &found)
            }
        } else {
            vector = parser.read(fields(spans.ends, count), nil, faults: &found)
        }
        for fault in found {
            faults.append(
                ValueFault(row: fault.row, name: name, type: shape.type, text: fault.text))
        }
        return vector
    }

    /// Tells which entries have a value; nil where all have.
    private func validity(_ rows: [UInt32]?, _ count: Int) -> Validity? {
        var result: Validity?
        for place in 0..<count {
            let entry = rows.map { Int($0[place]) } ?? place
            guard !spans.isPresent(entry) else { continue }
            if result == nil { result = Validity(count: count, allValid: true) }
            result!.setNull(place)
        }
        return result
    }

    private func structures(_ rows: [UInt32]?, _ faults: inout [ValueFault]) -> Vector {
        let count = rows?.count ?? count
        var vector = Vector(.structure, count: count, buffer: Buffer(byteCount: 8))
        vector.validity = validity(rows, count)
        var fields: [Vector] = []
        for position in children.indices {
            fields.append(child(position).vector(rows, faults: &faults))
        }
        vector.children = NestedVectors(fields)
        return vector
    }

    private func lists(_ rows: [UInt32]?, _ faults: inout [ValueFault]) -> Vector {
        let count = rows?.count ?? count
        var vector = Vector(uninitialized: .list, count: count)
        vector.validity = validity(rows, count)
        let output = vector.pointer(to: ListRange.self)
        let located = ranges.pointer(to: ListRange.self)
        var elements: [UInt32]?
        if let rows {
            var picked: [UInt32] = []
            for (place, row) in rows.enumerated() {
                let range = located[Int(row)]
                output[place] = ListRange(
                    offset: UInt32(truncatingIfNeeded: picked.count), count: range.count)
                picked += range.offset..<(range.offset &+ range.count)
            }
            elements = picked
        } else {
            output.update(from: located, count: count)
        }
        var found: [ValueFault] = []
        var parts: [Vector] = []
        for position in children.indices {
            parts.append(child(position).vector(elements, faults: &found))
        }
        vector.children = NestedVectors(parts)
        for var fault in found {
            fault.row = Self.list(of: fault.row, output, count)
            faults.append(fault)
        }
        return vector
    }

    /// Finds the list that has an element; lists lie one behind the other.
    private static func list(
        of element: Int, _ ranges: UnsafePointer<ListRange>, _ count: Int
    ) -> Int {
        var (low, high) = (0, count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if Int(ranges[middle].offset) <= element { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
