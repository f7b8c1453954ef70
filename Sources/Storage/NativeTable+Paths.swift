// What a table knows of the paths of its documents: from what its segments say of theirs.

import StarlingDocuments
import StarlingErrors
import StarlingShredding
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Tells of a path of documents, or of what is left of them.
package struct PathFacts: Sendable {
    /// Nil for what is left.
    package var keys: [[UInt8]]?
    /// What segments store its values as, most frequent first.
    package var types: [String] = []
    /// The segments in which it is a column.
    package var segmentCount = 0
    /// The documents that have the path in these.
    package var documentCount = 0
    package var distinctCount: Int?
    package var byteCount = 0
}

extension NativeTable {
    /// Tells of the paths of a column of documents that are columns, ascending, and of what is left.
    package func pathFacts(ofColumn column: Int) throws(StarlingError) -> [PathFacts] {
        var places: [[[UInt8]]: Int] = [:]
        var facts: [PathFacts] = []
        var registers: [DistinctRegisters?] = []
        var counts: [[String: Int]] = []
        var rest = PathFacts()
        for segment in visible {
            try segment.checkOpen()
            let documents = segment.columns[column]
            rest.byteCount += documents.storedByteCount
            rest.documentCount += segment.rowCount - (documents.statistics.nullCount ?? 0)
            rest.segmentCount += 1
            guard let shredded = documents.shredded else { continue }
            for (path, values) in zip(shredded.paths, shredded.columns) {
                let place = places[path.keys] ?? facts.count
                if place == facts.count {
                    places[path.keys] = place
                    facts.append(PathFacts(keys: path.keys))
                    registers.append(DistinctRegisters())
                    counts.append([:])
                }
                let taken = segment.rowCount - (values.statistics.nullCount ?? 0)
                facts[place].segmentCount += 1
                facts[place].documentCount += taken + path.nullCount + path.otherCount
                facts[place].byteCount += values.storedByteCount
                counts[place][path.type.title, default: 0] += taken
                if let more = values.summary.distinct {
                    registers[place]?.merge(more)
                } else {
                    registers[place] = nil
                }
            }
        }
        for place in facts.indices {
            facts[place].distinctCount = registers[place]?.estimate
            facts[place].types = counts[place].sorted {
                ($1.value, $0.key) < ($0.value, $1.key)
            }.map(\.key)
        }
        facts.sort { ($0.text ?? "") < ($1.text ?? "") }
        return facts + [rest]
    }

    /// A table of one row with what FROM t [_META_] knows: for each column of documents, the ways in
    /// which its segments store it.
    package func metadata() throws(StarlingError) -> (any Table)? {
        var found: [TableColumn] = []
        var vectors: [Vector] = []
        for (position, column) in columns.enumerated() where column.type == .json {
            let type = LogicalType.array(.string)
            var texts: [String] = []
            for segment in visible {
                try segment.checkOpen()
                guard let text = segment.columns[position].layoutText, !texts.contains(text) else {
                    continue
                }
                texts.append(text)
            }
            found.append(TableColumn(name: column.name, type: type))
            vectors.append(Vector([.list(texts.map { .text($0) })], as: type))
        }
        guard !found.isEmpty else { return nil }
        return try NativeTable(name: name, columns: found)
            .appending([Chunk(columns: vectors, count: 1)])
    }
}

extension PathFacts {
    /// The path as a text.
    package var text: String? { keys.map { pathText($0) } }
}

extension SegmentColumn {
    /// Lists the columns of documents as StarRocks does; nil where there are none.
    fileprivate var layoutText: String? {
        guard let shredded else { return nil }
        let paths = zip(shredded.paths, shredded.paths.map { pathText($0.keys) })
            .sorted { $0.1 < $1.1 }.map { "\($0.1)(\($0.0.type.title))" }
        let nulls = statistics.nullCount == 0 ? [] : ["nulls(TINYINT)"]
        return (nulls + paths + ["remain(JSON)"]).joined(separator: ", ")
    }

    /// The bytes of the column's own block, which is not read for that.
    var storedByteCount: Int { storedPlace?.byteCount ?? (try? block().byteCount) ?? 0 }
}
