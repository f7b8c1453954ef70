// RECOMMEND CLUSTERING FOR a table: what its rows would best be sorted by, and what that saves; RECOMMEND
// INDEXES FOR it: which indexes it is worth to have.

import StarlingAnalyzers
import StarlingErrors
import StarlingFunctions
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    /// An order that saves less than this of what is read is not worth to sort for.
    private static let worthwhileShare = 0.8

    func recommendClustering(_ target: QualifiedName) throws(StarlingError) -> Result {
        let table = try nativeTable(target, having: "rows of its own")
        session.database.saveFilters()
        let columns: [(name: String, type: LogicalType)] = [
            ("Clustering", .string), ("Rows", .bigint), ("Share", .double), ("Why", .string),
        ]
        guard let advisor = ClusteringAdvisor(table) else {
            warnOfNoFilters(table)
            return Result(columns, rows: [])
        }
        let candidates = try advisor.candidates()
        let now = candidates[0]
        var rows: [[Value]] = []
        for (place, candidate) in candidates.prefix(4).enumerated() {
            rows.append([
                .text(place == 0 ? "as it is" : advisor.key(of: candidate, table).sql),
                .integer(Int128(candidate.share * Double(table.statistics.rowCount))),
                .floating(candidate.share),
                .text(
                    place == 0
                        ? advisor.explanation(table)
                        : Self.saving(candidate, now, isBest: place == 1, table.name)),
            ])
        }
        return Result(columns, rows: rows)
    }

    private func warnOfNoFilters(_ table: NativeTable) {
        session.warnings.append(
            "nothing is recommended for '\(table.name)': no query has compared its columns with "
                + "constants yet")
    }

    private static func saving(
        _ candidate: ClusteringAdvisor.Candidate, _ now: ClusteringAdvisor.Candidate,
        isBest: Bool, _ name: String
    ) -> String {
        guard candidate.share < now.share else { return "saves nothing" }
        let saved = Int((100 * (1 - candidate.share / now.share)).rounded())
        let text = "saves \(saved) % of the rows that queries read"
        guard isBest, candidate.share < now.share * worthwhileShare else { return text }
        return text + "; OPTIMIZE TABLE \(quoted(name)) CLUSTER AUTO sorts so"
    }

    /// The order that filters ask for; nil where none is much better than what is.
    func recommendedKey(_ table: NativeTable) throws(StarlingError) -> TableSortKey? {
        guard let advisor = ClusteringAdvisor(table) else {
            session.warnings.append(
                "'\(table.name)' keeps its order: no query has compared its columns with constants "
                    + "yet")
            return nil
        }
        let candidates = try advisor.candidates()
        guard candidates.count > 1,
            candidates[1].share < candidates[0].share * Self.worthwhileShare
        else {
            session.warnings.append(
                "'\(table.name)' keeps its order: no other one lets queries read much less")
            return nil
        }
        return advisor.key(of: candidates[1], table)
    }
}

// MARK: Indexes

extension StatementRunner {
    func recommendIndexes(_ target: QualifiedName) throws(StarlingError) -> Result {
        let table = try nativeTable(target)
        session.database.saveFilters()
        let columns: [(name: String, type: LogicalType)] = [
            ("Index", .string), ("Bytes", .bigint), ("Queries", .double), ("Rows", .bigint),
            ("Left", .bigint), ("Why", .string),
        ]
        guard let advisor = IndexAdvisor(table) else {
            warnOfNoFilters(table)
            return Result(columns, rows: [])
        }
        let proposals = try advisor.proposals()
        if proposals.isEmpty {
            session.warnings.append(
                "nothing is recommended for '\(table.name)': no index would let its queries read "
                    + "much less")
        }
        var rows: [[Value]] = []
        for proposal in proposals {
            let column = table.columns[proposal.position].name
            guard let definition = definition(of: proposal, column) else { continue }
            let statement = AlterTable(name: target, actions: [.addIndex(definition)])
            rows.append([
                .text(Statement.Kind.alterTable(statement).sql),
                .integer(Int128(proposal.byteCount)), .floating(proposal.share),
                .integer(Int128(proposal.rowsBefore.rounded())),
                .integer(Int128(proposal.rowsAfter.rounded())),
                .text(
                    Self.reason(proposal, definition.shown(Identifier(column, range: Self.nowhere)))
                ),
            ])
        }
        return Result(columns, rows: rows)
    }

    private static let nowhere = TextRange(start: 0, end: 0)

    /// Writes an index as ADD INDEX does; nil where its analyzer has no name any more.
    private func definition(of proposal: IndexAdvisor.Proposal, _ column: String)
        -> IndexDefinition?
    {
        let base =
            ([column] + proposal.target.keys.map { String(decoding: $0, as: UTF8.self) })
            .joined(separator: "_") + "_" + proposal.kind.method.lowercased()
        let name = String(base.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        var definition = IndexDefinition(
            name: Identifier(name, range: Self.nowhere),
            columns: [Identifier(column, range: Self.nowhere)], path: proposal.target.path,
            method: Identifier(proposal.kind.method, range: Self.nowhere))
        switch proposal.kind {
        case .values: break
        case .grams(let size, _, _):
            definition.properties = [Property(key: "gram_num", value: String(size))]
        case .terms(let analyzer, let hasPositions):
            guard let properties = properties(of: analyzer) else { return nil }
            definition.properties = properties
            if !hasPositions {
                definition.properties.append(Property(key: "support_phrase", value: "false"))
            }
        }
        return definition
    }

    /// What CREATE INDEX says of an analyzer.
    private func properties(of description: String) -> [Property]? {
        if let known = catalog.snapshot.analyzers.first(where: { $0.meaning == description }) {
            return [Property(key: "analyzer", value: known.name)]
        }
        let parts = description.split(separator: ":").map(String.init)
        guard let parser = parts.first, Analyzer.names.contains(parser) else { return nil }
        var properties = [Property(key: "parser", value: parser)]
        if parser == "ngram", parts.count == 3 {
            properties.append(Property(key: "min_gram", value: parts[1]))
            properties.append(Property(key: "max_gram", value: parts[2]))
        } else if parts.count == 2 {
            properties.append(Property(key: "stemming", value: "true"))
        }
        return properties
    }

    private static func reason(_ proposal: IndexAdvisor.Proposal, _ target: String) -> String {
        let asked = proposal.conditionKinds.sorted { $0.rawValue < $1.rawValue }.map { kind in
            switch kind {
            case .equality: "one value"
            case .list: "some values"
            case .range: "a range"
            case .elements: "elements"
            case .terms: "terms"
            case .pattern: "a pattern"
            }
        }
        let saved = 100 * (1 - proposal.rowsAfter / max(1, proposal.rowsBefore))
        return "\(Int((100 * proposal.share).rounded())) % of the queries seek "
            + "\(asked.joined(separator: " or ")) in \(target); it saves \(Int(saved.rounded())) % of "
            + "the rows that they read"
    }
}

extension ClusteringAdvisor {
    /// Writes an order as ORDER BY does.
    func key(of candidate: Candidate, _ table: NativeTable) -> TableSortKey {
        let range = TextRange(start: 0, end: 0)
        let names = candidate.columns.map {
            Identifier(table.columns[columns[$0]].name, range: range)
        }
        let curve = candidate.curve.map { kind in
            SortCurve(kind == .zorder ? .zorder : .hilbert, start: 0)
        }
        return TableSortKey(names, curve: curve)
    }

    /// Says which columns queries filter by, and how often.
    func explanation(_ table: NativeTable) -> String {
        let parts = columns.map { position -> String in
            let number = table.identities[position].number
            let weight = filters.reduce(0) { sum, filter in
                let names = filter.filter.conditions.contains { $0.target.column == number }
                return names ? sum + filter.weight : sum
            }
            return "\(table.columns[position].name) (\(Int((100 * weight).rounded())) %)"
        }
        return "queries filter by \(parts.joined(separator: ", "))"
    }
}
