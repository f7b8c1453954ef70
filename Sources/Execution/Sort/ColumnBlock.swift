// Rows that a sink keeps, column by column, in blocks as large as chunks, so that chunks of any size and any
// encoding end up dense and a row is found by one number: block times capacity plus place.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Identifies a row of a `ColumnBlockStore`.
typealias RowNumber = UInt32

/// A number is a place in a block of a chunk's size, and above it the block's number.
let columnBlockShift: UInt32 = 13
let columnBlockMask: UInt32 = 8_191

/// Holds up to a chunk's rows, flat, with the strings they refer to, and key words beside them.
///
/// `@unchecked Sendable`: one worker fills it; others read after it has been handed on.
final class ColumnBlock: @unchecked Sendable {
    let number: Int
    private(set) var count = 0
    let values: [Buffer]
    private(set) var validity: [Validity?]
    /// Word w of row i lies at `w * chunkCapacity + i`.
    let words: Buffer
    private let types: [PhysicalType]
    private let heap = StringHeap()
    private var dictionaries: [VectorDictionary] = []

    init(number: Int, types: [PhysicalType], wordCount: Int) {
        precondition(chunkCapacity == 1 << Int(columnBlockShift))
        self.number = number
        self.types = types
        values = types.map { Buffer(byteCount: $0.byteWidth * chunkCapacity) }
        validity = types.map { _ in nil }
        words = Buffer(byteCount: wordCount * chunkCapacity * 8)
    }

    static func fixedByteCount(types: [PhysicalType], wordCount: Int) -> Int {
        types.reduce(wordCount * 8) { $0 + $1.byteWidth } * chunkCapacity
    }

    var byteCount: Int {
        heap.byteCount + words.byteCount + values.reduce(0) { $0 + $1.byteCount }
    }

    var isFull: Bool { count == chunkCapacity }

    /// Appends as many of the selected rows from `start` on as fit and tells how many that were.
    ///
    /// `chunkWords` holds the key words of the whole chunk, `chunkCapacity` apart.
    func append(
        _ chunk: Chunk, words chunkWords: UnsafePointer<UInt64>, wordCount: Int,
        rows: UnsafePointer<UInt16>?, from start: Int, to end: Int
    ) -> Int {
        let added = min(end - start, chunkCapacity - count)
        for (column, vector) in chunk.columns.enumerated() {
            appendColumn(column, vector, rows: rows, from: start, count: added)
        }
        let target = words.pointer(to: UInt64.self)
        for word in 0..<wordCount {
            let source = chunkWords + word * chunkCapacity
            let place = target + word * chunkCapacity + count
            for i in 0..<added { place[i] = source[rows.map { Int($0[start + i]) } ?? start + i] }
        }
        count += added
        return added
    }

    private func appendColumn(
        _ column: Int, _ vector: Vector, rows: UnsafePointer<UInt16>?, from start: Int,
        count added: Int
    ) {
        let view = DecodedVector(vector)
        if view.validityWords != nil {
            appendValidity(column, view, rows: rows, from: start, count: added)
        } else if let mask = validity[column] {
            for i in 0..<added { mask.setValid(count + i) }
        }
        let target = values[column].baseAddress + count * types[column].byteWidth
        if types[column] == .string {
            appendStrings(vector, view, target, rows: rows, from: start, count: added)
            return
        }
        switch types[column].byteWidth {
        case 1: copyValues(view, target, rows, start, added, as: UInt8.self)
        case 2: copyValues(view, target, rows, start, added, as: UInt16.self)
        case 4: copyValues(view, target, rows, start, added, as: UInt32.self)
        case 8: copyValues(view, target, rows, start, added, as: UInt64.self)
        case 16: copyValues(view, target, rows, start, added, as: UInt128.self)
        default: break
        }
    }

    private func appendValidity(
        _ column: Int, _ view: DecodedVector, rows: UnsafePointer<UInt16>?, from start: Int,
        count added: Int
    ) {
        let mask = validity[column] ?? Validity(count: chunkCapacity, allValid: true)
        validity[column] = mask
        for i in 0..<added {
            let row = rows.map { Int($0[start + i]) } ?? start + i
            if view.isValid(row) { mask.setValid(count + i) } else { mask.setNull(count + i) }
        }
    }

    private func appendStrings(
        _ vector: Vector, _ view: DecodedVector, _ target: UnsafeMutableRawPointer,
        rows: UnsafePointer<UInt16>?, from start: Int, count added: Int
    ) {
        let strings = target.assumingMemoryBound(to: StringReference.self)
        let source = view.values.assumingMemoryBound(to: StringReference.self)
        let dictionary = vector.dictionary
        if let dictionary, !dictionaries.contains(where: { $0 === dictionary }) {
            dictionaries.append(dictionary)
        }
        for i in 0..<added {
            let row = rows.map { Int($0[start + i]) } ?? start + i
            // What lies under a NULL may not be a string.
            guard view.isValid(row) else {
                strings[i] = .empty
                continue
            }
            let string = source[view.index(row)]
            strings[i] = dictionary == nil ? heap.add(string) : string
        }
    }
}

/// Copies values of any encoding to consecutive places.
private func copyValues<Element: BitwiseCopyable>(
    _ view: DecodedVector, _ target: UnsafeMutableRawPointer, _ rows: UnsafePointer<UInt16>?,
    _ start: Int, _ count: Int, as type: Element.Type
) {
    let target = target.assumingMemoryBound(to: Element.self)
    let source = view.values.assumingMemoryBound(to: Element.self)
    if view.codes == nil && !view.isConstant {
        if let rows {
            for i in 0..<count { target[i] = source[Int(rows[start &+ i])] }
        } else {
            target.update(from: source + start, count: count)
        }
        return
    }
    for i in 0..<count {
        target[i] = source[view.index(rows.map { Int($0[start &+ i]) } ?? start &+ i)]
    }
}
