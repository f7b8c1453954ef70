// A materialized view that is weighed: what it has, as texts, and its statement.

import StarlingErrors
import StarlingSyntax
import StarlingViews

/// Is a view that may answer blocks of queries.
struct ViewProposal: Hashable {
    let frame: ViewNeed.Frame
    /// The conditions on its rows.
    let conditions: Set<String>
    let keys: Set<String>
    let aggregates: Set<String>
    /// The sets of other keys of which a key is computed.
    private let origins: [String: [Set<String>]]

    /// The view that answers a block: whatever its filters compare is a key, or they are its own.
    init(_ need: ViewNeed, keepsFilters: Bool) {
        let keys =
            keepsFilters ? need.keys : need.filters.reduce(need.keys) { $0.union($1.keys) }
        self.init(
            need.frame, keepsFilters ? Set(need.filters.map(\.text)) : [], keys, need.aggregates,
            need.origins)
    }

    private init(
        _ frame: ViewNeed.Frame, _ conditions: Set<String>, _ keys: Set<String>,
        _ aggregates: Set<String>, _ origins: [String: [Set<String>]]
    ) {
        self.frame = frame
        self.conditions = conditions
        // What is computed of other keys is computed where the view is read.
        self.keys = keys.filter { key in
            !(origins[key] ?? []).contains { !$0.isEmpty && $0.isSubset(of: keys) }
        }
        self.aggregates = aggregates
        self.origins = origins
    }

    /// The view that answers what two of them do; nil where there is none.
    func merged(with other: ViewProposal) -> ViewProposal? {
        guard frame == other.frame, conditions == other.conditions else { return nil }
        return ViewProposal(
            frame, conditions, keys.union(other.keys), aggregates.union(other.aggregates),
            origins.merging(other.origins) { own, _ in own })
    }

    static func == (left: ViewProposal, right: ViewProposal) -> Bool {
        left.frame == right.frame && left.conditions == right.conditions
            && left.keys == right.keys && left.aggregates == right.aggregates
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(frame)
        hasher.combine(conditions)
        hasher.combine(keys)
        hasher.combine(aggregates)
    }

    /// Tells whether all rows of the other are made of rows of this one.
    func isFiner(than other: ViewProposal) -> Bool {
        frame == other.frame && conditions == other.conditions && keys.isSuperset(of: other.keys)
    }

    // MARK: Statements

    private var from: String {
        let conditions = frame.conditions.union(conditions).sorted()
        return
            " FROM \(([frame.tables.joined(separator: ", ")] + frame.attachments).joined(separator: " "))"
            + (conditions.isEmpty ? "" : " WHERE \(conditions.joined(separator: " AND "))")
    }

    /// Counts the rows of the view.
    var counting: String {
        guard !keys.isEmpty else { return "SELECT 1" }
        return "SELECT count(*) FROM (SELECT DISTINCT "
            + "\(keys.sorted().enumerated().map { "\($1) AS c\($0)" }.joined(separator: ", "))\(from)) AS g"
    }

    /// Writes the view under a name.
    func statement(named name: String) throws(StarlingError) -> CreateMaterializedView {
        var used: Set<String> = []
        func item(_ text: String) -> String {
            let plain = Self.columnName(of: text)
            var title = plain
            var number = 2
            while !used.insert(title.lowercased()).inserted {
                title = "\(plain)_\(number)"
                number += 1
            }
            return "\(text) AS \(statementName(title))"
        }
        let keys = keys.sorted()
        let states = aggregates.isEmpty ? ["count(*)"] : aggregates.sorted()
        let text =
            "CREATE MATERIALIZED VIEW \(statementName(name)) AS SELECT "
            + (keys + states).map(item).joined(separator: ", ") + from
            + (keys.isEmpty ? "" : " GROUP BY \(keys.joined(separator: ", "))")
        let statement = try parseStatement(text)
        guard case .createMaterializedView(let view) = statement.kind else {
            throw StarlingError(.internal, "a proposed view is no view")
        }
        return view
    }

    /// Names a column by the words of what it is computed of.
    private static func columnName(of text: String) -> String {
        var words: [String] = []
        // Every other piece stands between quotes.
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
        for (place, piece) in pieces.enumerated() {
            if place % 2 == 0 {
                words += plainWords(of: piece)
            } else if !pieces[place + 1].hasPrefix(".") {
                words.append(piece.lowercased())
            }
        }
        if text == "count(*)" { words = ["row_count"] }
        let name = words.prefix(4).joined(separator: "_")
        return name.isEmpty ? "value" : String(name.prefix(48))
    }

    /// Lists words but for those that name tables and types.
    private static func plainWords(of text: Substring) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." }.compactMap { part in
            guard let last = part.split(separator: ".").last, !part.hasSuffix(".") else {
                return nil
            }
            let word = last.lowercased()
            let isType = ["cast", "as", "distinct"].contains(word)
            return word.first?.isNumber == true || isType ? nil : word
        }
    }

    /// A name that says what the view has: that of a table and those of keys.
    func title(over table: String) -> String {
        let words = keys.sorted().prefix(3).map(Self.columnName)
        let all = [table] + (words.isEmpty ? [] : ["by"] + words)
        return String(all.joined(separator: "_").prefix(60))
    }
}
