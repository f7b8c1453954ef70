// Rows put together from the texts of their columns: before each value what the format has there,
// and behind the last one the row's end.

import StarlingMemory
import StarlingVectors

/// Joins rendered columns row by row.
struct RowAssembly {
    /// Is a column and what stands before each of its values.
    private struct Piece {
        var view: RenderedView
        var prefix: UnsafePointer<UInt8>
        var prefixCount: Int
    }

    /// What stands before the value of each column, and behind the last one.
    private let prefixes: TextBuffer
    private let prefixCounts: [Int]
    private let end: TextBuffer

    init(prefixes: [[UInt8]], end: [UInt8]) {
        self.prefixes = TextBuffer()
        prefixCounts = prefixes.map(\.count)
        for prefix in prefixes { self.prefixes.append(prefix) }
        self.end = TextBuffer()
        self.end.append(end)
    }

    /// Appends the rows of columns.
    func append(_ columns: [RenderedColumn], rowCount: Int, to text: TextBuffer) {
        var pieces: [Piece] = []
        var before = 0
        var byteCountMaximum = (prefixes.count + end.count) * rowCount
        for (column, prefixCount) in zip(columns, prefixCounts) {
            pieces.append(
                Piece(
                    view: column.view, prefix: UnsafePointer(prefixes.start + before),
                    prefixCount: prefixCount))
            before += prefixCount
            byteCountMaximum += column.byteCountMaximum
        }
        var target = text.room(for: byteCountMaximum)
        let rowEnd = UnsafePointer(end.start)
        let rowEndCount = end.count
        pieces.withUnsafeBufferPointer { pieces in
            for row in 0..<rowCount {
                for index in pieces.indices {
                    let piece = pieces[index]
                    copyShort(piece.prefix, piece.prefixCount, to: target)
                    target += piece.prefixCount
                    let (start, count) = piece.view.range(row)
                    copyShort(start, count, to: target)
                    target += count
                }
                copyShort(rowEnd, rowEndCount, to: target)
                target += rowEndCount
            }
        }
        text.end(at: target)
        withExtendedLifetime((columns, prefixes, end)) {}
    }
}
