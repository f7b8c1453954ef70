// What scores of texts need to know of a whole table: from the indexes of its segments where they have
// them, else by reading the texts.

import StarlingAnalyzers
import StarlingBlocks
import StarlingErrors
import StarlingIndexes
import StarlingKernels
import StarlingTables
import StarlingTypes
import StarlingVectors

extension NativeTable {
    /// Counts the texts of a column, or those at a path of its documents, their terms, and the texts
    /// that have each of some terms.
    package func statistics(
        ofTerms matchers: [TermMatcher], inColumn position: Int, at path: PathColumn? = nil,
        _ analyzer: Analyzer
    ) throws(StarlingError) -> TermStatistics {
        var result = TermStatistics(termCount: matchers.count)
        for segment in visible {
            try segment.checkOpen()
            let access = path.map { PathAccess($0, segment) }
            let indexes = access?.indexes ?? segment.columns[position].indexes
            if let known = try segment.statistics(ofTerms: matchers, indexes, analyzer) {
                result.add(known)
                continue
            }
            var texts: PathReader?
            if let access {
                texts = PathReader(access, DocumentWindow(segment.columns[position]))
            }
            let column = SegmentColumnReader(segment.columns[position])
            for start in stride(from: 0, to: segment.rowCount, by: chunkCapacity) {
                let rows = start..<min(start + chunkCapacity, segment.rowCount)
                let vector: Vector
                if let texts {
                    vector = try texts.read(rows, nil, as: .string)
                } else {
                    vector = try column.read(
                        rows, nil, as: columns[position].type.widestPhysicalType)
                }
                result.add(segment.count(matchers, in: vector, from: start, analyzer))
            }
        }
        return result
    }
}

extension Segment {
    /// Asks the index; nil where there is none, or none that can be read.
    fileprivate func statistics(
        ofTerms matchers: [TermMatcher], _ indexes: [ColumnIndex], _ analyzer: Analyzer
    ) throws(StarlingError) -> TermStatistics? {
        guard let index = indexes.ofTerms(cutBy: analyzer.description) else { return nil }
        do throws(StarlingError) {
            return try index.terms().statistics(
                of: matchers, without: { self.hidden?.contains($0) ?? false },
                hiddenRows: hidden?.rows ?? [])
        } catch {
            guard error.kind == .data || error.kind == .file else { throw error }
            return nil
        }
    }

    /// Counts the terms of texts, of which the first belongs to a row.
    fileprivate func count(
        _ matchers: [TermMatcher], in vector: Vector, from first: Int, _ analyzer: Analyzer
    ) -> TermStatistics {
        let texts = TextRows([vector])
        var counter = TermCounter(matchers, analyzer)
        var result = TermStatistics(termCount: matchers.count)
        for row in 0..<texts.count
        where texts.isValid(row) && !(hidden?.contains(first + row) ?? false) {
            counter.count { texts.forEachText(of: row, $0) }
            result.textCount += 1
            result.tokenCount += counter.tokenCount
            for (number, count) in counter.counts.enumerated() where count > 0 {
                result.counts[number] += 1
            }
        }
        return result
    }
}
