// Where a reader's text comes from: a range of lines of a file, or a stream read from its start.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingStreams
import StarlingTables

/// Gives blocks of text.
protocol JSONBlockSource: AnyObject {
    /// Returns the next block, which begins with `rest`; nil at the end.
    func next(after rest: ArraySlice<UInt8>, _ context: ScanContext) throws(StarlingError)
        -> JSONBlock?

    /// True where no text follows the block that `next` returned last.
    var isAtEnd: Bool { get }

    /// The newlines before the block that `next` returned last.
    func lineCount(before block: JSONBlock) throws(StarlingError) -> Int
}

/// Gives the lines that begin in a range of a file.
final class LineRange: JSONBlockSource {
    private let file: any ReadableFile
    private let range: Range<Int>
    private var isDone = false

    init(_ file: any ReadableFile, _ range: Range<Int>) {
        self.file = file
        self.range = range
    }

    var isAtEnd: Bool { true }

    func next(
        after rest: ArraySlice<UInt8>, _ context: ScanContext
    ) throws(StarlingError) -> JSONBlock? {
        if isDone { return nil }
        isDone = true
        let start = try lineStart(at: range.lowerBound)
        let end = try lineStart(at: range.upperBound)
        guard start < end else { return nil }
        let byteCount = end - start + 2 * JSONBlock.margin
        let buffer =
            end - start < 2 * range.count
            ? Buffer(byteCount: byteCount)
            : try Buffer(
                byteCount: byteCount, within: context.budget, for: JSONBlock.largeRecord)
        try file.read(start..<end, into: buffer.baseAddress + JSONBlock.margin)
        context.bytesRead.wrappingAdd(end - start, ordering: .relaxed)
        let margin = JSONBlock.margin
        let text = UnsafeRawBufferPointer(
            start: buffer.baseAddress + margin, count: end - start)
        let mark = start == 0 && text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return try JSONBlock(
            buffer, (margin + mark)..<(margin + end - start), fileOffset: start, context.budget)
    }

    /// Finds where the first line begins at or behind a place.
    private func lineStart(at place: Int) throws(StarlingError) -> Int {
        if place == 0 || place >= file.byteCount { return place }
        var from = place - 1
        while from < file.byteCount {
            let to = min(file.byteCount, from + 4_096)
            let buffer = try file.read(from..<to)
            let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: to - from)
            let newline = bytes.firstIndex(of: 10)
            withExtendedLifetime(buffer) {}
            if let newline { return from + newline + 1 }
            from = to
        }
        return file.byteCount
    }

    func lineCount(before block: JSONBlock) throws(StarlingError) -> Int {
        var count = 0
        var place = 0
        while place < block.fileOffset {
            let next = min(block.fileOffset, place + 1 << 20)
            let buffer = try file.read(place..<next)
            let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: next - place)
            for byte in bytes where byte == 10 { count += 1 }
            withExtendedLifetime(buffer) {}
            place = next
        }
        return count
    }
}

/// Gives the blocks of a part of a stream of lines: one piece, or all that are left in the last part.
final class LinePieces: JSONBlockSource {
    private let pieces: SharedPieces
    private var next: Int
    private let end: Int
    private var lineCount = 0

    init(_ pieces: SharedPieces, part: Int, of partCount: Int) {
        self.pieces = pieces
        next = part
        end = part + 1 < partCount ? part + 1 : .max
    }

    var isAtEnd: Bool { true }

    func next(
        after rest: ArraySlice<UInt8>, _ context: ScanContext
    ) throws(StarlingError) -> JSONBlock? {
        guard next < end, let piece = try pieces.piece(next) else { return nil }
        next += 1
        lineCount = piece.lineCount
        context.bytesRead.wrappingAdd(piece.range.count, ordering: .relaxed)
        return try JSONBlock(piece.buffer, piece.range, fileOffset: -1, context.budget)
    }

    func lineCount(before block: JSONBlock) throws(StarlingError) -> Int { lineCount }
}

/// Gives blocks of a stream.
final class RecordStream: JSONBlockSource {
    private static let blockByteCount = 1 << 20

    private let stream: any ByteStream
    private let path: String
    private(set) var isAtEnd = false
    private var isFirst = true
    /// The newlines before the last block, and those before its end.
    private var linesBefore = 0
    private var linesAfter = 0

    init(_ stream: any ByteStream, _ path: String) {
        self.stream = stream
        self.path = path
    }

    func next(
        after rest: ArraySlice<UInt8>, _ context: ScanContext
    ) throws(StarlingError) -> JSONBlock? {
        if isAtEnd, rest.isEmpty { return nil }
        // A record that is larger than a block doubles what is read.
        let wanted = isAtEnd ? 0 : max(Self.blockByteCount, rest.count)
        guard rest.count + wanted < 1 << 31 else {
            throw StarlingError(.data, "\(path): a record is larger than 1 GB")
        }
        let margin = JSONBlock.margin
        let byteCount = rest.count + wanted + 2 * margin
        let buffer =
            rest.count < Self.blockByteCount
            ? Buffer(byteCount: byteCount)
            : try Buffer(
                byteCount: byteCount, within: context.budget, for: JSONBlock.largeRecord)
        let text = buffer.baseAddress + margin
        rest.withUnsafeBytes { bytes in
            if let first = bytes.baseAddress {
                text.copyMemory(from: first, byteCount: bytes.count)
            }
        }
        let read = try stream.readFully(into: text + rest.count, count: wanted)
        if read < wanted || wanted == 0 { isAtEnd = true }
        context.bytesRead.wrappingAdd(read, ordering: .relaxed)
        let count = rest.count + read
        for byte in rest where byte == 10 { linesAfter -= 1 }
        linesBefore = linesAfter
        let all = UnsafeRawBufferPointer(start: text, count: count)
        for byte in all where byte == 10 { linesAfter += 1 }
        guard count > 0 else { return nil }
        var start = 0
        if isFirst, all.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
        isFirst = false
        return try JSONBlock(
            buffer, (margin + start)..<(margin + count), fileOffset: -1, context.budget)
    }

    func lineCount(before block: JSONBlock) throws(StarlingError) -> Int { linesBefore }
}
