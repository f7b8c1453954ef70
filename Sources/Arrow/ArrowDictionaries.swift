// Dictionaries of a file: read when a column of codes is, and kept. A file may add to a dictionary
// with later batches, and in a stream another dictionary may take its place: codes mean what they do
// in the last one before their batch.

import StarlingErrors
import StarlingFiles
import StarlingTypes
import StarlingVectors
import Synchronization

/// Reads the dictionaries of one file.
final class ArrowDictionaries: Sendable {
    /// Names a dictionary by the identity that columns have for it and where it begins.
    private struct Key: Hashable {
        var id: Int64
        var place: Int
    }

    private let file: any ReadableFile
    /// For each identity the dictionaries in their order, each with what was added to it.
    private let versions: [Int64: [[ArrowBatch]]]
    private let known = Mutex<[Key: ArrowDictionary]>([:])
    private let failure: StarlingError?

    init(_ file: any ReadableFile, _ messages: [ArrowMessage]) {
        self.file = file
        var versions: [Int64: [[ArrowBatch]]] = [:]
        var failure: StarlingError?
        for message in messages {
            do throws(StarlingError) {
                let id = try message.header.number(0, default: Int64(0))
                guard let data = try message.header.table(1) else {
                    throw StarlingError(.file, "\(file.path): a dictionary has no values")
                }
                let batch = try ArrowBatch(data, of: message)
                let last = (versions[id]?.count ?? 0) - 1
                if last >= 0, try message.header.flag(2) {
                    versions[id]![last].append(batch)
                } else {
                    versions[id, default: []].append([batch])
                }
            } catch {
                failure = failure ?? error
            }
        }
        self.versions = versions
        self.failure = failure
    }

    /// Returns the values that the codes of a column stand for in a batch that lies at `place`.
    func dictionary(
        of field: ArrowField, at place: Int
    ) throws(StarlingError) -> ArrowDictionary {
        if let failure { throw failure }
        let id = field.dictionary ?? 0
        let all = versions[id] ?? []
        // Where there is one, it may lie anywhere in a file.
        guard let batches = all.last(where: { $0[0].place < place }) ?? all.first else {
            throw StarlingError(
                .file, "\(file.path): column \(field.name) has a dictionary that is missing")
        }
        let key = Key(id: id, place: batches[0].place)
        if let dictionary = known.withLock({ $0[key] }) {
            guard dictionary.type == field.type else {
                throw StarlingError(
                    .file,
                    "\(file.path): the dictionary of column \(field.name) has values of another "
                        + "type")
            }
            return dictionary
        }
        var pieces: [Vector] = []
        for batch in batches { pieces.append(try values(of: batch, field)) }
        let dictionary = ArrowDictionary(pieces, field.type)
        known.withLock { $0[key] = dictionary }
        return dictionary
    }

    private func values(
        of batch: ArrowBatch, _ field: ArrowField
    ) throws(StarlingError) -> Vector {
        var plain = field
        (plain.dictionary, plain.codes) = (nil, nil)
        var walk = ArrowNodeWalk(batch, path: file.path)
        let node = try walk.next(plain)
        let rowCountMax = node.hasBytesPerRow ? 1 << 31 : 1 << 20
        guard node.rowCount == batch.rowCount, batch.rowCount <= rowCountMax else {
            throw StarlingError(
                .file, "\(file.path): the dictionary of column \(field.name) is incomplete")
        }
        let source = ArrowSource(
            body: ArrowBody(file: file, codec: batch.codec), dictionaries: self, batch: batch,
            place: "\(file.path), column \(field.name)")
        return try ArrowValueReader(node, source).read(0..<batch.rowCount)
    }
}

/// Holds the values of a dictionary: as one where they differ, else to be looked up one by one.
struct ArrowDictionary: Sendable {
    let type: LogicalType
    /// All values, in the order of their codes.
    let values: Vector
    /// Nil where values are NULL or come twice.
    let distinct: VectorDictionary?

    init(_ pieces: [Vector], _ type: LogicalType) {
        var values = pieces[0]
        if pieces.count > 1 {
            let all = pieces.flatMap { piece in (0..<piece.count).map { piece.value(at: $0) } }
            values = Vector(all, as: type)
        }
        self.type = type
        self.values = values
        var isDistinct = values.validity == nil && values.isFlat && !type.isNested
        if isDistinct {
            var seen = Set<Value>()
            for row in 0..<values.count where isDistinct {
                isDistinct = seen.insert(values.value(at: row)).inserted
            }
        }
        distinct = isDistinct ? VectorDictionary(values: values, isSorted: false) : nil
    }
}
