// Indexes of columns: what CREATE TABLE, CREATE INDEX and ALTER TABLE say of them, in StarRocks' words,
// and what SHOW INDEX tells. They stand in the definition of their table. Segments that are written
// have them from the beginning; those that are there get them by the statement that adds the index.

import StarlingAnalyzers
import StarlingCatalog
import StarlingErrors
import StarlingExecution
import StarlingShredding
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingThreads
import StarlingTypes
import Synchronization

extension StatementRunner {
    // MARK: What a definition says

    /// The indexes that segments of a table get, by the places of columns; what no index can be is an
    /// error where `isStrict`, and as if it were not there elsewhere.
    func wantedIndexes(
        of definition: CreateTable?, _ columns: [TableColumn],
        _ analyzers: [Int: ColumnAnalyzers], isStrict: Bool
    ) throws(StarlingError) -> [Int: [WantedIndex]] {
        var wanted: [Int: [WantedIndex]] = [:]
        var names: Set<String> = []
        for index in definition?.indexes ?? [] {
            do throws(StarlingError) {
                let (position, own) = try self.wanted(index, columns, analyzers)
                guard names.insert(index.name.text.lowercased()).inserted else {
                    throw StarlingError(
                        .binding, "there are two indexes '\(index.name.text)'",
                        at: index.name.range)
                }
                if let other = wanted[position]?.first(where: { $0.isLike(own) }) {
                    throw StarlingError(
                        .binding,
                        "\(index.target(columns[position].name)) has an index of the kind "
                            + "\(other.kind.method) already", at: index.name.range)
                }
                wanted[position, default: []].append(own)
            } catch {
                if isStrict { throw error }
            }
        }
        return wanted
    }

    /// Says what an index knows of which column.
    private func wanted(
        _ index: IndexDefinition, _ columns: [TableColumn], _ analyzers: [Int: ColumnAnalyzers]
    ) throws(StarlingError) -> (position: Int, wanted: WantedIndex) {
        guard index.columns.count == 1, let name = index.columns.first else {
            throw StarlingError(
                .unsupported, "an index is of one column; make one for each of them",
                at: index.name.range)
        }
        guard
            let position = columns.firstIndex(where: {
                $0.name.lowercased() == name.text.lowercased()
            })
        else {
            let near = nearestName(to: name.text, among: columns.map(\.name))
            throw StarlingError(
                .binding,
                "INDEX names '\(name.text)', which is no column of the table"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""), at: name.range)
        }
        let column = columns[position]
        let keys = try index.path.map { (path) throws(StarlingError) in
            try Self.keys(to: path, in: column, at: name.range)
        }
        let kind: IndexKind
        switch index.methodName {
        case "BITMAP": kind = .values
        case "NGRAMBF": kind = try grams(index)
        case "GIN":
            let known = keys.map { analyzers[position]?.paths[$0] } ?? analyzers[position]?.own
            kind = try terms(index, known)
        case "VECTOR":
            throw StarlingError(
                .unsupported,
                "there are no indexes of vectors; without one approx_l2_distance() and the like "
                    + "look at every row, which gives the nearest ones exactly",
                at: index.method?.range ?? index.name.range)
        default:
            let known = ["BITMAP", "NGRAMBF", "GIN"]
            let near = nearestName(to: index.methodName, among: known)
            throw StarlingError(
                .binding,
                "there is no index USING \(index.methodName)"
                    + (near.map { "; did you mean \($0)?" }
                        ?? "; there are \(known.joined(separator: ", "))"),
                at: index.method?.range ?? index.name.range)
        }
        if let keys { return (position, WantedIndex(keys: keys, kind: kind)) }
        guard kind.isPossible(for: column.type) else {
            throw StarlingError(
                .binding,
                "column '\(column.name)' is \(column.type), of which no index USING \(kind.method) "
                    + "is made"
                    + (column.type == .json
                        ? "; name a path of its documents: (\(column.name) -> 'a.b')" : ""),
                at: name.range)
        }
        return (position, WantedIndex(kind: kind))
    }

    /// Reads a path whose values have something of their own, such as an index.
    static func keys(
        to path: String, in column: TableColumn, at place: TextRange?
    ) throws(StarlingError) -> [[UInt8]] {
        guard column.type == .json else {
            throw StarlingError(
                .binding,
                "column '\(column.name)' is \(column.type); only documents have paths", at: place)
        }
        guard let keys = ShreddingRules.keys(to: path) else {
            throw StarlingError(
                .binding,
                "'\(path)' is no path of keys, as 'a.b' is; elements of arrays have no columns",
                at: place)
        }
        return keys
    }

    private func grams(_ index: IndexDefinition) throws(StarlingError) -> IndexKind {
        let size = try index.number("gram_num", within: 1...32) ?? 2
        let text = index.value("bloom_filter_fpp") ?? "0.05"
        guard let error = Double(text), (0.0001...0.05).contains(error) else {
            throw index.wrong("bloom_filter_fpp", "a number from 0.0001 to 0.05")
        }
        return .grams(
            size: size, ignoresCase: !(try index.flag("case_sensitive") ?? true), error: error)
    }

    /// Reads what cuts texts for an index of terms: what it says, or what is known of its texts.
    private func terms(
        _ index: IndexDefinition, _ known: String?
    ) throws(StarlingError) -> IndexKind {
        let hasPositions = try index.flag("support_phrase") ?? true
        if let name = index.value("analyzer") {
            guard index.value("parser") == nil else {
                throw StarlingError(
                    .binding, "an index has an 'analyzer' or a 'parser', not both",
                    at: index.name.range)
            }
            return .terms(
                analyzer: try analyzer(named: name, at: index.name.range).description,
                hasPositions: hasPositions)
        }
        if let known, index.value("parser") == nil {
            return .terms(analyzer: known, hasPositions: hasPositions)
        }
        var parser = (index.value("parser") ?? "none").lowercased()
        if parser == "ngram" {
            let least = try index.number("min_gram", within: 1...Analyzer.gramCountMax) ?? 2
            let most =
                try index.number("max_gram", within: 1...Analyzer.gramCountMax) ?? max(least, 3)
            parser = "ngram:\(least):\(most)"
        }
        if try index.flag("stemming") ?? false {
            guard parser == "english" else {
                throw index.wrong("stemming", "a property of \"parser\" = \"english\"")
            }
            parser = "english:stem"
        }
        guard let analyzer = Analyzer(parser) else {
            let near = nearestName(to: parser, among: Analyzer.names)
            throw StarlingError(
                .binding,
                "there is no parser '\(parser)'"
                    + (near.map { "; did you mean '\($0)'?" }
                        ?? "; there are \(Analyzer.names.joined(separator: ", "))"),
                at: index.name.range)
        }
        return .terms(analyzer: analyzer.description, hasPositions: hasPositions)
    }

    /// Finds an analyzer by its name.
    func analyzer(
        named name: String, at place: TextRange?
    ) throws(StarlingError) -> Analyzer {
        if let analyzer = Analyzer(textAnalyzer(named: name) ?? name) { return analyzer }
        let names = catalog.snapshot.analyzers.map(\.name) + Analyzer.names
        let near = nearestName(to: name, among: names)
        throw StarlingError(
            .binding,
            "there is no text analyzer '\(name)'"
                + (near.map { "; did you mean '\($0)'?" } ?? ""), at: place)
    }

    /// Warns of properties of an index that do nothing.
    func warnOfProperties(of index: IndexDefinition) {
        guard !session.isRestoring else { return }
        let known: [String]
        switch index.methodName {
        case "GIN":
            known = [
                "parser", "analyzer", "support_phrase", "min_gram", "max_gram", "stemming",
                "imp_lib", "support_bm25",
            ]
        case "NGRAMBF": known = ["gram_num", "bloom_filter_fpp", "case_sensitive"]
        default: known = []
        }
        for property in index.properties where !known.contains(property.key.lowercased()) {
            let near = nearestName(to: property.key, among: known)
            session.warnings.append(
                "the property '\(property.key)' of index '\(index.name.text)' is not known and does "
                    + "nothing" + (near.map { "; did you mean '\($0)'?" } ?? ""))
        }
    }

    // MARK: CREATE and DROP

    func createIndex(
        _ index: IndexDefinition, on table: QualifiedName, ifNotExists: Bool
    ) throws(StarlingError) -> Result {
        _ = try storedTable(table)
        let resolved = try catalogName(table)
        let entry = storedEntry(resolved) ?? entry(resolved)
        let known = entry?.definition?.indexes ?? []
        let isThere = known.contains { $0.name.text.lowercased() == index.name.text.lowercased() }
        if isThere, ifNotExists { return .none }
        guard entry?.materialized == nil else {
            return try alterMaterializedView(table, .addIndex(index))
        }
        return try alterTable(AlterTable(name: table, actions: [.addIndex(index)]))
    }

    func dropIndex(_ drop: Drop) throws(StarlingError) -> Result {
        guard let table = drop.table else {
            throw StarlingError(.binding, "DROP INDEX names a table behind ON", at: drop.name.range)
        }
        _ = try storedTable(table)
        let resolved = try catalogName(table)
        let entry = storedEntry(resolved) ?? entry(resolved)
        let known = entry?.definition?.indexes ?? []
        let name = drop.name.last
        let isThere = known.contains { $0.name.text.lowercased() == name.text.lowercased() }
        if !isThere, drop.ifExists { return .none }
        guard entry?.materialized == nil else {
            return try alterMaterializedView(table, .dropIndex(name, ifExists: false))
        }
        return try alterTable(AlterTable(name: table, actions: [.dropIndex(name, ifExists: false)]))
    }

    /// Gives the segments of a table that are there the indexes that they lack. Their blocks stay as
    /// they are; who reads the table meanwhile reads rows instead. Where rows go meanwhile, their
    /// segments are done again.
    func makeIndexes(of target: QualifiedName, _ name: CatalogName) throws(StarlingError) {
        stopCompaction(of: name)
        for _ in 0..<8 {
            let table = try storedTable(target)
            let lacking = table.segments.filter { table.lacksIndex($0) }
            guard !lacking.isEmpty else { return }
            let writer = segmentWriter(
                for: table, name, in: home(of: name), needsIndexes: true)
            let groups = try indexed(lacking, of: table, writer)
            let committed = try commit(groups, of: table, name, writer)
            if committed.count == groups.count { return }
            try cancellation.check()
        }
        session.warnings.append(
            "other sessions change '\(target.last.text)' all the time, so not all of it is indexed; "
                + "OPTIMIZE TABLE … FINAL makes the rest")
    }

    /// What making indexes may take of this statement's memory.
    func indexMaking(isNeeded: Bool = false) -> IndexMaking {
        IndexMaking(makeBudget(), cancellation, isNeeded: isNeeded)
    }

    /// Makes segments with indexes in the place of others, each by one worker; `anew` makes those again
    /// that are there.
    func indexed(
        _ segments: [Segment], of table: NativeTable, _ writer: SegmentWriter?,
        anew: Bool = false
    ) throws(StarlingError) -> [RepackedGroup] {
        let made = Mutex<[Int: RepackedGroup]>([:])
        session.setProgress { Double(made.withLock { $0.count }) / Double(segments.count) }
        let counter = SharedCounter()
        let cancellation = cancellation
        let making = indexMaking(isNeeded: true)
        try session.database.pool.run(cancellation: cancellation) { (_) throws(StarlingError) in
            while case let place = counter.next(), place < segments.count {
                try cancellation.check()
                let old = segments[place]
                let bare = (anew ? old.withoutIndexes : old).hiding(RowSet())
                var new: Segment
                if let writer {
                    new = try writer.store(bare).sorted(in: old.run)
                } else {
                    new = try table.indexed(bare, making)
                }
                new = new.placed(in: old.partition)
                if let hidden = old.hidden { new = new.hiding(hidden) }
                let group = RepackedGroup(old: [old], new: [new], keepsOrder: false)
                made.withLock { $0[place] = group }
            }
        }
        return made.withLock { made in segments.indices.compactMap { made[$0] } }
    }

    // MARK: SHOW INDEX

    func showIndexes(of entry: CatalogEntry) -> Result {
        let rows = entry.indexedColumns.map { column -> [Value] in
            [
                .text(entry.name), .integer(column.isUnique ? 0 : 1), .text(column.index),
                .integer(Int128(column.position)), .text(column.name), .null, .null, .null, .null,
                .text(column.isNullable ? "YES" : "NO"), .text(column.method),
                .text(column.comment),
            ]
        }
        return Result(
            [
                ("Table", .string), ("Non_unique", .bigint), ("Key_name", .string),
                ("Seq_in_index", .bigint), ("Column_name", .string), ("Collation", .string),
                ("Cardinality", .bigint), ("Sub_part", .bigint), ("Packed", .string),
                ("Null", .string), ("Index_type", .string), ("Comment", .string),
            ], rows: rows)
    }
}

extension IndexDefinition {
    /// What CREATE INDEX says behind USING; StarRocks' default where it says nothing.
    var methodName: String { method?.text.uppercased() ?? "BITMAP" }

    /// What the index is of, for errors.
    fileprivate func target(_ column: String) -> String {
        path.map { "path '\($0)' of column '\(column)'" } ?? "column '\(column)'"
    }

    /// What the index is of, as SHOW INDEX tells it.
    func shown(_ column: Identifier) -> String {
        path.map { "\(column.text) -> '\($0)'" } ?? column.text
    }

    /// The method with its properties, as SHOW INDEX tells it.
    var shownMethod: String {
        guard !properties.isEmpty else { return methodName }
        let texts = properties.map { "\"\($0.key)\" = \"\($0.value)\"" }
        return "\(methodName)(\(texts.joined(separator: ", ")))"
    }

    fileprivate func value(_ name: String) -> String? {
        properties.first { $0.key.lowercased() == name }?.value
    }

    fileprivate func number(
        _ name: String, within range: ClosedRange<Int>
    ) throws(StarlingError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw wrong(name, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    fileprivate func flag(_ name: String) throws(StarlingError) -> Bool? {
        guard let text = value(name)?.lowercased() else { return nil }
        guard ["true", "false"].contains(text) else { throw wrong(name, "true or false") }
        return text == "true"
    }

    fileprivate func wrong(_ name: String, _ expected: String) -> StarlingError {
        StarlingError(
            .binding,
            "the property '\(name)' of index '\(self.name.text)' is \(expected), not "
                + "'\(value(name) ?? "")'", at: self.name.range)
    }
}

extension IndexKind {
    /// What CREATE INDEX calls it.
    var method: String {
        switch self {
        case .terms: "GIN"
        case .values: "BITMAP"
        case .grams: "NGRAMBF"
        }
    }

}

extension WantedIndex {
    /// Tells whether both are of one kind and of the same values, whatever their properties are.
    fileprivate func isLike(_ other: WantedIndex) -> Bool {
        keys == other.keys && kind.method == other.kind.method
    }
}
