// RECOMMEND CLUSTERING FOR a table: what its rows would best be sorted by, and what that saves.

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
        let table = try nativeTable(target)
        session.database.saveFilters()
        let columns: [(name: String, type: LogicalType)] = [
            ("Clustering", .string), ("Rows", .bigint), ("Share", .double), ("Why", .string),
        ]
        guard let advisor = ClusteringAdvisor(table) else {
            session.warnings.append(
                "nothing is recommended for '\(table.name)': no query has compared its columns with "
                    + "constants yet")
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
                let names = filter.filter.conditions.contains { $0.column == number }
                return names ? sum + filter.weight : sum
            }
            return "\(table.columns[position].name) (\(Int((100 * weight).rounded())) %)"
        }
        return "queries filter by \(parts.joined(separator: ", "))"
    }
}
