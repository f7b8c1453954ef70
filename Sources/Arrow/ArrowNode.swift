// A field in a batch: its rows, its buffers, and those of what lies in it.

import StarlingErrors

/// Locates what belongs to a field in one batch.
struct ArrowNode: Sendable {
    let field: ArrowField
    let rowCount: Int
    let nullCount: Int
    /// Ranges of the file; of views, all that their values may lie in.
    let buffers: [Range<Int>]
    let children: [ArrowNode]

    /// Tells whether more rows take more bytes, so that a small file can't claim any number.
    var hasBytesPerRow: Bool {
        if field.dictionary != nil { return true }
        switch field.storage {
        case .nothing, .emptyStructure, .runs, .unreadable: return false
        case .fixedBytes(let count): return count > 0
        case .fixedList(let count): return count > 0 && children.contains { $0.hasBytesPerRow }
        case .structure: return children.contains { $0.hasBytesPerRow }
        default: return true
        }
    }

    /// Counts the bytes of all buffers.
    var byteCount: Int {
        children.reduce(buffers.reduce(0) { $0 + $1.count }) { $0 + $1.byteCount }
    }
}

/// Hands out the nodes and buffers of a batch, in the order of the fields and what lies in them.
struct ArrowNodeWalk {
    private let batch: ArrowBatch
    private let path: String
    private var node = 0
    private var buffer = 0
    private var view = 0

    init(_ batch: ArrowBatch, path: String) {
        self.batch = batch
        self.path = path
    }

    /// Passes over fields.
    mutating func skip(_ fields: ArraySlice<ArrowField>) {
        for field in fields {
            node += field.nodeCount
            buffer += field.totalBufferCount
            for _ in 0..<field.viewCount where view < batch.viewBufferCounts.count {
                buffer += batch.viewBufferCounts[view]
                view += 1
            }
        }
    }

    /// Takes what belongs to the next field.
    mutating func next(_ field: ArrowField) throws(StarlingError) -> ArrowNode {
        let isCoded = field.dictionary != nil
        var bufferCount = isCoded ? 2 : field.bufferCount
        if !isCoded, field.storage == .views, view < batch.viewBufferCounts.count {
            bufferCount += batch.viewBufferCounts[view]
            view += 1
        }
        guard node < batch.nodes.count, bufferCount <= batch.buffers.count - buffer else {
            throw StarlingError(
                .file, "\(path): a record batch has less than the schema's columns")
        }
        let own = batch.nodes[node]
        let buffers = Array(batch.buffers[buffer..<(buffer + bufferCount)])
        node += 1
        buffer += bufferCount
        guard (0...(1 << 40)).contains(own.rowCount), (0...own.rowCount).contains(own.nullCount)
        else {
            throw StarlingError(
                .file, "\(path): column \(field.name) contradicts its record batch")
        }
        var children: [ArrowNode] = []
        if !isCoded {
            for child in field.children { children.append(try next(child)) }
        }
        return ArrowNode(
            field: field, rowCount: own.rowCount, nullCount: own.nullCount, buffers: buffers,
            children: children)
    }
}
