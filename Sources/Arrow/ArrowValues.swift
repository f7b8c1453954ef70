// The values of one column of a batch, window by window. What lies in the file as it does in
// memory is lent out as it is; everything else goes through one loop, which also leaves zeros where
// rows are NULL.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads the values that a column's buffers hold.
struct ArrowValues {
    private let storage: ArrowStorage
    private let type: LogicalType
    private let rowCount: Int
    /// Nil where no row is NULL.
    private let validity: Buffer?
    private let values: Buffer
    private let texts: ArrowTexts?
    private let place: String

    /// Opens the buffers of a column whose values are stored in a way.
    init(
        _ storage: ArrowStorage, _ type: LogicalType, _ ranges: [Range<Int>], _ body: ArrowBody,
        rowCount: Int, hasNulls: Bool, place: String
    ) throws(StarlingError) {
        self.storage = storage
        self.type = type
        self.rowCount = rowCount
        self.place = place
        guard storage != .nothing else {
            (validity, values, texts) = (nil, Buffer(byteCount: 0), nil)
            return
        }
        validity =
            hasNulls ? try body.read(ranges[0], atLeast: (rowCount + 7) / 8) : nil
        switch storage {
        case .offsets(let byteWidth):
            // No rows need no offsets at all.
            let count = rowCount == 0 ? 0 : (rowCount + 1) * byteWidth
            values = try body.read(ranges[1], atLeast: count)
            texts = ArrowTexts([try body.read(ranges[2], atLeast: 0)])
        case .views:
            values = try body.read(ranges[1], atLeast: rowCount * 16)
            var buffers: [Buffer] = []
            for range in ranges.dropFirst(2) { buffers.append(try body.read(range, atLeast: 0)) }
            texts = ArrowTexts(buffers)
        default:
            let (bitCount, overflow) = rowCount.multipliedReportingOverflow(by: storage.bitWidth)
            guard !overflow else {
                throw StarlingError(.file, "\(place): a buffer is shorter than its column")
            }
            values = try body.read(ranges[1], atLeast: (bitCount + 7) / 8)
            texts = storage.isText ? ArrowTexts([values]) : nil
        }
    }

    /// Reads rows, or those of them that are selected.
    func read(_ rows: Range<Int>, selection: Selection?) throws(StarlingError) -> Vector {
        let count = selection?.count ?? rows.count
        let physicalType = type.widestPhysicalType
        guard storage != .nothing else { return .allNull(physicalType, count: count) }
        let window = ArrowWindow(
            start: rows.lowerBound, count: count, selection: selection, validity: validity)
        if let lent = lend(window, physicalType) { return lent }
        if case .fixedTexts(let form) = storage {
            return form.read(values, window)
        }
        if let texts {
            return try ArrowTextLoops(storage, values, texts, rowCount: rowCount, place: place)
                .read(window)
        }
        var result = Vector(uninitialized: physicalType, count: count)
        result.validity = window.makeValidity()
        let allowed = type.bounds ?? Bounds(low: .min, high: .max)
        guard ArrowLoops.convert(storage, values, window, allowed, into: result) else {
            throw StarlingError(
                .file,
                "\(place): a value is no \(type); the type of the column in the file allows more "
                    + "than SQL's does")
        }
        return result
    }

    /// Counts the values of rows that have digits below the microsecond.
    func countCut(_ rows: Range<Int>, _ selection: Selection?) -> Int {
        guard storage == .ticks(byteWidth: 8, unit: .nanoseconds) else { return 0 }
        let window = ArrowWindow(
            start: rows.lowerBound, count: selection?.count ?? rows.count, selection: selection,
            validity: validity)
        var count = 0
        for position in 0..<window.count {
            let row = window.row(position)
            let stored = values.baseAddress.loadUnaligned(fromByteOffset: row &* 8, as: Int64.self)
            if stored % 1_000 != 0, window.isValid(row) { count += 1 }
        }
        return count
    }

    /// Shares the file's memory where it can serve as a vector's.
    private func lend(_ window: ArrowWindow, _ physicalType: PhysicalType) -> Vector? {
        guard window.selection == nil, validity == nil, window.start % 64 == 0,
            storage.isStored(as: physicalType), type.bounds == physicalType.integerBounds
        else { return nil }
        return Vector(
            physicalType, count: window.count, buffer: values,
            byteOffset: window.start * physicalType.byteWidth)
    }
}

/// Holds the bytes that texts lie in.
final class ArrowTexts: TextLender {
    let buffers: [Buffer]

    /// Buffers are read once and written never again.
    var texts: UnsafeRawBufferPointer? {
        buffers.count == 1
            ? UnsafeRawBufferPointer(start: buffers[0].baseAddress, count: buffers[0].byteCount)
            : nil
    }

    init(_ buffers: [Buffer]) { self.buffers = buffers }
}

/// Names the rows of a column that are asked for.
struct ArrowWindow {
    let start: Int
    let count: Int
    let selection: Selection?
    let validity: Buffer?

    /// Tells whether these are rows one behind the other that all have a value.
    var isWhole: Bool { selection == nil && validity == nil }

    /// The row of the batch that stands at a place of the result.
    @inline(__always)
    func row(_ position: Int) -> Int {
        start &+ (selection.map { Int($0.rows[position]) } ?? position)
    }

    @inline(__always)
    func isValid(_ row: Int) -> Bool {
        guard let validity else { return true }
        let byte = validity.baseAddress.load(fromByteOffset: row &>> 3, as: UInt8.self)
        return (byte &>> UInt8(row & 7)) & 1 != 0
    }

    func makeValidity() -> Validity? {
        guard validity != nil else { return nil }
        let result = Validity(count: count, allValid: true)
        var nullCount = 0
        for position in 0..<count where !isValid(row(position)) {
            result.setNull(position)
            nullCount += 1
        }
        return nullCount > 0 ? result : nil
    }
}

extension ArrowStorage {
    /// The bits of a value in a buffer of values.
    var bitWidth: Int {
        switch self {
        case .fixedTexts(let form): 8 * form.byteWidth
        case .nothing, .unreadable, .list, .listViews, .fixedList, .map, .structure,
            .emptyStructure, .runs, .union:
            0
        case .bits: 1
        case .byteBooleans: 8
        case .integer(let byteWidth, _), .decimal(let byteWidth), .ticks(let byteWidth, _),
            .offsets(let byteWidth), .fixedBytes(let byteWidth):
            8 * byteWidth
        case .half: 16
        case .single: 32
        case .double, .dateMilliseconds: 64
        case .views: 128
        }
    }

    var isText: Bool {
        switch self {
        case .offsets, .views, .fixedBytes: true
        default: false
        }
    }

    /// Tells whether values lie in the file as a vector of this type has them.
    func isStored(as type: PhysicalType) -> Bool {
        switch self {
        case .integer(let byteWidth, true): type.isInteger && type.byteWidth == byteWidth
        case .single: type == .float32
        case .double: type == .float64
        default: false
        }
    }
}
