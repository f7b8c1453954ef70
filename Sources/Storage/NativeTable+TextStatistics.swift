// What scores of texts need to know of a whole table: from the indexes of its segments where they have
// them, else by reading the texts.

import StarlingAnalyzers
import StarlingBlocks
import StarlingErrors
import StarlingIndexes
import StarlingTables
import StarlingVectors

extension NativeTable {
    /// Counts the texts of a column, their terms, and the texts that have each of some terms.
    package func statistics(
        ofTerms matchers: [TermMatcher], inColumn position: Int, _ analyzer: Analyzer
    ) throws(StarlingError) -> TermStatistics {
        var result = TermStatistics(termCount: matchers.count)
        for segment in visible {
            try segment.checkOpen()
            let known = try segment.statistics(ofTerms: matchers, inColumn: position, analyzer)
            if let known {
                result.add(known)
            } else {
                result.add(try segment.count(matchers, inColumn: position, analyzer))
            }
        }
        return result
    }
}

extension Segment {
    /// Asks the index; nil where there is none, or none that can be read.
    fileprivate func statistics(
        ofTerms matchers: [TermMatcher], inColumn position: Int, _ analyzer: Analyzer
    ) throws(StarlingError) -> TermStatistics? {
        let index = columns[position].indexes.first {
            guard case .terms(analyzer.description, _) = $0.kind else { return false }
            return true
        }
        guard let index else { return nil }
        do throws(StarlingError) {
            return try index.terms().statistics(
                of: matchers, without: { self.hidden?.contains($0) ?? false },
                hiddenRows: hidden?.rows ?? [])
        } catch {
            guard error.kind == .data || error.kind == .file else { throw error }
            return nil
        }
    }

    fileprivate func count(
        _ matchers: [TermMatcher], inColumn position: Int, _ analyzer: Analyzer
    ) throws(StarlingError) -> TermStatistics {
        let block = try columns[position].block()
        let vector = try block.read(0..<rowCount, as: .string)
        defer { withExtendedLifetime(vector) {} }
        let texts = DecodedVector(vector)
        var counter = TermCounter(matchers, analyzer)
        var result = TermStatistics(termCount: matchers.count)
        for row in 0..<rowCount where texts.isValid(row) && !(hidden?.contains(row) ?? false) {
            texts.value(row, as: StringReference.self).withBytes { counter.count($0) }
            result.textCount += 1
            result.tokenCount += counter.tokenCount
            for (number, count) in counter.counts.enumerated() where count > 0 {
                result.counts[number] += 1
            }
        }
        return result
    }
}
