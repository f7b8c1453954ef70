// CREATE, DROP, SHOW and DESC of text analyzers. One never changes, so that what indexes were made by is
// what texts are sought by.

import StarlingAnalyzers
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    func createTextAnalyzer(
        _ name: Identifier, _ properties: [Property]
    ) throws(StarlingError) -> Result {
        guard Analyzer(name.text) == nil, !Analyzer.names.contains(name.text.lowercased()) else {
            throw StarlingError(
                .binding, "'\(name.text)' is an analyzer of Starling; choose another name",
                at: name.range)
        }
        let definition = properties.first { $0.key.lowercased() == "definition" }?.value
        guard let definition, properties.count == 1 else {
            throw StarlingError(
                .binding, "CREATE TEXT ANALYZER takes one property, 'definition'", at: name.range)
        }
        let meaning = try TextAnalyzerDefinition(definition).chain.description
        let analyzer = TextAnalyzer(name: name.text, definition: definition, meaning: meaning)
        let recorded = change(.createTextAnalyzer(name, properties: properties))
        try commit(to: catalog, [recorded]) { (contents) throws(StarlingError) in
            guard contents.analyzer(name.text) == nil else {
                throw StarlingError(
                    .binding, "text analyzer '\(name.text)' exists already", at: name.range)
            }
            contents.add(analyzer)
        }
        return .none
    }

    func dropTextAnalyzer(_ drop: Drop) throws(StarlingError) -> Result {
        let name = drop.name.last
        guard catalog.snapshot.analyzer(name.text) != nil else {
            if drop.ifExists { return .none }
            throw missing(name)
        }
        try commit(to: catalog, [change(.drop(drop))]) { (contents) throws(StarlingError) in
            for database in contents.databaseNames {
                for entry in contents.entries(in: database) {
                    let own = name.text.lowercased()
                    let isUsed =
                        entry.definition.map { definition in
                            definition.indexes.contains { $0.analyzerName?.lowercased() == own }
                                || definition.properties.analyzedTexts.contains {
                                    $0?.analyzer.lowercased() == own
                                }
                        } ?? false
                    guard isUsed else { continue }
                    throw StarlingError(
                        .binding,
                        "table '\(database).\(entry.name)' cuts texts by the text analyzer "
                            + "'\(name.text)', so it stays", at: name.range)
                }
            }
            contents.removeAnalyzer(name.text)
        }
        return .none
    }

    private func missing(_ name: Identifier) -> StarlingError {
        let near = nearestName(
            to: name.text, among: catalog.snapshot.analyzers.map(\.name) + Analyzer.names)
        return StarlingError(
            .binding,
            "there is no text analyzer '\(name.text)'"
                + (near.map { "; did you mean '\($0)'?" } ?? ""), at: name.range)
    }

    /// Lists the analyzers that statements have made.
    func showTextAnalyzers() -> Result {
        Result(
            [("Name", .string), ("Definition", .string)],
            rows: catalog.snapshot.analyzers.map { [.text($0.name), .text($0.definition)] })
    }

    func describeTextAnalyzer(_ name: Identifier) throws(StarlingError) -> Result {
        guard let analyzer = catalog.snapshot.analyzer(name.text) else { throw missing(name) }
        return Result(
            [("Name", .string), ("Definition", .string)],
            rows: [[.text(analyzer.name), .text(analyzer.definition)]])
    }

    func showCreateTextAnalyzer(_ name: Identifier) throws(StarlingError) -> Result {
        guard let analyzer = catalog.snapshot.analyzer(name.text) else { throw missing(name) }
        return Result(
            [("Name", .string), ("Create statement", .string)],
            rows: [[.text(analyzer.name), .text(analyzer.sql)]])
    }

    func textStatistics(
        of table: any Table, column: Int, readBy call: BoundExpression?, _ terms: [TermMatcher],
        _ analyzer: Analyzer
    ) throws(StarlingError) -> [Int] {
        guard let native = table as? NativeTable else {
            throw StarlingError(
                .unsupported, "score() needs texts of a table of our own, not of \(table.title)")
        }
        let path = call?.documentExtraction(sessionValues).map {
            PathColumn($0.extraction, ofColumn: column, native.columns[column].name)
        }
        guard call == nil || path?.type.isString ?? false else {
            throw StarlingError(
                .unsupported, "score() needs MATCHes of columns, or of texts at paths of documents")
        }
        let known = try native.statistics(
            ofTerms: terms, inColumn: column, at: path, analyzer)
        return [known.textCount, known.tokenCount] + known.counts
    }

    /// What a name means that CREATE TEXT ANALYZER has made.
    func textAnalyzer(named name: String) -> String? { catalog.snapshot.analyzer(name)?.meaning }
}

extension IndexDefinition {
    /// The analyzer that the index names.
    var analyzerName: String? {
        properties.first { $0.key.lowercased() == "analyzer" }?.value
    }
}

extension TextAnalyzer {
    /// The statement that makes the analyzer.
    var sql: String {
        let place = TextRange(start: 0, end: 0)
        return Statement.Kind.createTextAnalyzer(
            Identifier(name, isQuoted: true, range: place),
            properties: [Property(key: "definition", value: definition)]
        ).sql
    }
}
