// Strings, one behind the other. Short ones are copied into their references, long ones are referred
// to where they lie.

import CZstd
import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors
import Synchronization

/// Holds strings as they are.
///
///   texts := extents, bytes
///
/// `@unchecked Sendable`: the bytes are never written again.
final class TextValues: BlockValues, @unchecked Sendable {
    private let bytes: BlockBytes
    private let extents: Extents
    private let text: UnsafeRawPointer

    init(_ bytes: BlockBytes) throws(StarlingError) {
        extents = try Extents(bytes.body)
        let text = bytes.body(from: extents.byteCount)
        guard bytes.physicalType == .string, extents.count == bytes.rowCount,
            extents.total <= text.count, let address = bytes.body.baseAddress
        else { throw blockDamage("its strings are cut off") }
        self.text = address + extents.byteCount
        self.bytes = bytes
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) -> Vector {
        var vector = Vector(uninitialized: .string, count: rows.count)
        extents.refer(to: rows, text, into: vector.pointer(to: StringReference.self))
        vector.owner = bytes.buffer
        return vector
    }

    func read(
        _ rows: Range<Int>, _ selection: Selection, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        var vector = Vector(uninitialized: .string, count: selection.count)
        try extents.refer(
            to: rows, selection, into: vector.pointer(to: StringReference.self)
        ) { _ in text }
        vector.owner = bytes.buffer
        return vector
    }
}

/// Holds strings whose bytes are compressed, `rowCount` strings at a time. What was decompressed stays,
/// since it is asked for again, window by window and query by query.
///
///   frames := extents, where each frame begins (8 bytes) and one more: their end, frames of zstd
///
/// `@unchecked Sendable`: the bytes are never written again.
final class TextFrameValues: BlockValues, @unchecked Sendable {
    static let rowCount = 4 * packedCount

    private let bytes: BlockBytes
    private let extents: Extents
    private let starts: UnsafePointer<UInt64>
    private let frames: UnsafeRawPointer
    /// The frames that were asked for, decompressed.
    private let texts: Mutex<[Buffer?]>

    var decodedByteCount: Int { extents.total }

    init(_ bytes: BlockBytes) throws(StarlingError) {
        extents = try Extents(bytes.body)
        let count = (bytes.rowCount + Self.rowCount - 1) / Self.rowCount
        let rest = bytes.body(from: extents.byteCount)
        guard bytes.physicalType == .string, extents.count == bytes.rowCount,
            rest.count >= (count + 1) * 8, let address = rest.baseAddress
        else { throw blockDamage("the places of its frames are cut off") }
        starts = UnsafePointer(address.assumingMemoryBound(to: UInt64.self))
        frames = address + (count + 1) * 8
        for frame in 0..<count where starts[frame] > starts[frame + 1] {
            throw blockDamage("frame \(frame) ends before it begins")
        }
        guard starts[count] <= UInt64(rest.count - (count + 1) * 8) else {
            throw blockDamage("its frames are cut off")
        }
        self.bytes = bytes
        texts = Mutex(Array(repeating: nil, count: count))
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) throws(StarlingError) -> Vector {
        var vector = Vector(uninitialized: .string, count: rows.count)
        let target = vector.pointer(to: StringReference.self)
        var row = rows.lowerBound
        while row < rows.upperBound {
            let frame = row / Self.rowCount
            let end = min(rows.upperBound, (frame + 1) * Self.rowCount)
            let text = try self.text(of: frame)
            let skipped = Int(extents.starts[frame * 4])
            extents.refer(
                to: row..<end, text.baseAddress - skipped,
                into: target + (row - rows.lowerBound))
            vector.owner = OwnerList.joining(vector.owner, text)
            row = end
        }
        return vector
    }

    /// Leaves frames as they are in which nothing is selected.
    func read(
        _ rows: Range<Int>, _ selection: Selection, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        var vector = Vector(uninitialized: .string, count: selection.count)
        var used: [Buffer] = []
        try extents.refer(
            to: rows, selection, into: vector.pointer(to: StringReference.self)
        ) { (run) throws(StarlingError) in
            let frame = run * packedCount / Self.rowCount
            let text = try self.text(of: frame)
            if used.last !== text { used.append(text) }
            return UnsafeRawPointer(text.baseAddress) - Int(extents.starts[frame * 4])
        }
        for text in used { vector.owner = OwnerList.joining(vector.owner, text) }
        return vector
    }

    private func text(of frame: Int) throws(StarlingError) -> Buffer {
        if let known = texts.withLock({ $0[frame] }) { return known }
        let end = min((frame + 1) * 4, extents.runCount)
        let count = Int(extents.starts[end] - extents.starts[frame * 4])
        let text = Buffer(byteCount: count)
        let written = ZSTD_decompress(
            text.baseAddress, count, frames + Int(starts[frame]),
            Int(starts[frame + 1] - starts[frame]))
        guard written == count else { throw blockDamage("frame \(frame) can't be decompressed") }
        texts.withLock { $0[frame] = text }
        return text
    }
}

/// Holds distinct strings, ascending, and a code a row.
///
///   dictionary := byte count of the block (8), a block of the strings, codes (sequence)
final class TextDictionaryValues: BlockValues {
    private let codes: IntegerSequence
    private let pool: DictionaryPool?
    private let held: Mutex<HeldDictionary>

    /// Is what rows were codes of when they were last read.
    private struct HeldDictionary {
        var shared: SharedDictionary
        /// The version of the pool that it is of.
        var version: Int
    }

    init(_ bytes: BlockBytes, _ pool: DictionaryPool?) throws(StarlingError) {
        let block = try nestedBlock(bytes, at: 0)
        codes = try IntegerSequence(bytes.body(from: 8 + block.byteCount))
        guard codes.count == bytes.rowCount, block.physicalType == .string, block.nullCount == 0,
            codes.isBelow(block.rowCount)
        else { throw blockDamage("its codes and its dictionary don't belong together") }
        let values = try block.read(0..<block.rowCount, as: .string)
        let version = pool?.version ?? 0
        guard values.isFlat, Self.isAscending(values),
            let shared = pool.map({ $0.share(values) }) ?? SharedDictionary(values)
        else { throw blockDamage("its dictionary is not in order") }
        self.pool = pool
        held = Mutex(HeldDictionary(shared: shared, version: version))
    }

    /// The dictionary of the column as it is now.
    private var shared: SharedDictionary {
        held.withLock { held in
            guard let pool else { return held.shared }
            let version = pool.version
            if version != held.version, let newer = pool.share(held.shared.own.values) {
                held = HeldDictionary(shared: newer, version: version)
            }
            return held.shared
        }
    }

    private static func isAscending(_ values: Vector) -> Bool {
        let strings = values.pointer(to: StringReference.self)
        for place in 1..<max(values.count, 1) where !(strings[place - 1] < strings[place]) {
            return false
        }
        return true
    }

    var dictionary: VectorDictionary? { shared.own }

    var textBounds: [(low: Value, high: Value)]? {
        let own = shared.own
        guard let bounds = codes.bounds(below: own.count) else { return nil }
        // Where all runs have nearly all strings, the dictionary says as much.
        guard bounds.contains(where: { $0.count * 2 <= own.count }) else { return nil }
        let values = own.values.pointer(to: StringReference.self)
        func value(_ code: Int) -> Value { .bytes(values[code].bytes) }
        return bounds.map { (value($0.lowerBound), value($0.upperBound - 1)) }
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) -> Vector {
        let buffer = Buffer(byteCount: rows.count * 4)
        let target = buffer.pointer(to: UInt32.self)
        codes.read(rows, into: target)
        let shared = shared
        if let map = shared.codes?.pointer(to: UInt32.self) {
            for row in 0..<rows.count { target[row] = map[Int(target[row])] }
        }
        return Vector(codes: buffer, of: shared.all, count: rows.count, validity: nil)
    }
}

/// Opens a block within the body of another, behind its byte count.
func nestedBlock(_ bytes: BlockBytes, at offset: Int) throws(StarlingError) -> ColumnBlock {
    let body = bytes.body
    guard body.count >= offset + 8, let address = body.baseAddress else {
        throw blockDamage("a block within it is cut off")
    }
    let count = address.load(fromByteOffset: offset, as: UInt64.self)
    guard count <= UInt64(body.count - offset - 8) else {
        throw blockDamage("a block of \(count) bytes within it is cut off")
    }
    let place = (address + offset + 8) - UnsafeRawPointer(bytes.buffer.baseAddress)
    return try ColumnBlock(
        bytes.buffer, at: place, byteCount: Int(count), depth: bytes.depth + 1)
}
