import StarlingErrors
import StarlingMemory
import StarlingVectors

/// Names a sorted run, wherever its rows are.
enum RunSource: Sendable {
    case memory(SortedRows)
    case spilled([SpilledChunk])

    var rowCount: Int {
        switch self {
        case .memory(let rows): rows.run.count
        case .spilled(let chunks): chunks.reduce(0) { $0 + $1.rowCount }
        }
    }
}

/// Goes through a sorted run chunk by chunk, with the key words of the current chunk at hand.
final class RunCursor {
    private let run: RunSource
    private let encoder: SortKeyEncoder
    private let words: Buffer
    /// The next chunk of a spilled run, or the next row of one in memory.
    private var position = 0
    private(set) var chunk = Chunk(columns: [], count: 0)
    private(set) var row = 0

    init(_ run: RunSource, _ layout: SortKeyLayout) {
        self.run = run
        encoder = SortKeyEncoder(layout: layout)
        words = Buffer(byteCount: layout.wordCount * chunkCapacity * 8)
    }

    var isAtChunkEnd: Bool { row == chunk.count }

    func advance() { row += 1 }

    /// Takes the next chunk and tells whether there was one.
    func loadChunk() throws(StarlingError) -> Bool {
        switch run {
        case .memory(let rows):
            let count = min(chunkCapacity, rows.run.count - position)
            guard count > 0 else { return false }
            chunk = rows.chunk(from: position, count: count)
            position += count
        case .spilled(let chunks):
            guard position < chunks.count else { return false }
            chunk = try chunks[position].read()
            position += 1
        }
        row = 0
        encoder.encode(chunk, into: words.pointer(to: UInt64.self), stride: chunkCapacity)
        return true
    }

    /// Tells whether this cursor's row comes strictly before the other's.
    func isBefore(_ other: RunCursor) -> Bool {
        let layout = encoder.layout
        let (left, right) = (words.pointer(to: UInt64.self), other.words.pointer(to: UInt64.self))
        for level in layout.levels {
            switch level {
            case .word(let word):
                let leftWord = left[word &* chunkCapacity &+ row]
                let rightWord = right[word &* chunkCapacity &+ other.row]
                if leftWord != rightWord { return leftWord < rightWord }
            case .string(let key, _):
                let position = layout.keys[key].position
                // Words before this one are equal, so either both are NULL or neither is.
                guard chunk.columns[position].isValid(row) else { continue }
                let order = StringReference.compareInFull(
                    DecodedVector(chunk.columns[position]).value(row),
                    DecodedVector(other.chunk.columns[position]).value(other.row))
                if order != 0 { return (order < 0) == layout.keys[key].isAscending }
            }
        }
        return false
    }
}
