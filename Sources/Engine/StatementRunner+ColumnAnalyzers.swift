// The property text_analyzers: what cuts the texts of columns, and of paths of documents, into terms.
//
//   "text_analyzers" = "line: english:stem; r -> 'error.message': products"
//
// An index of terms that names a parser says it as well, and the property keeps it where the index goes, so
// that dropping an index changes no answer.

import StarlingAnalyzers
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

/// Says what cuts the texts of a column, or of a path of its documents.
struct AnalyzedTexts {
    var column: String
    var path: String?
    /// A name or a description.
    var analyzer: String

    /// The property's name.
    static let property = "text_analyzers"

    init(column: String, path: String?, analyzer: String) {
        self.column = column
        self.path = path
        self.analyzer = analyzer
    }

    /// Reads `column: analyzer` or `column -> 'path': analyzer`.
    init?(_ text: Substring) {
        var quote: Character?
        let end = text.firstIndex { character in
            if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "`" {
                quote = character
            }
            return quote == nil && character == ":"
        }
        guard let end else { return nil }
        (column, path) = text[..<end].partsOfPath
        column = column.within("`")
        analyzer = text[text.index(after: end)...].within("'")
        if column.isEmpty || analyzer.isEmpty { return nil }
    }

    var text: String {
        let isPlain = column.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        let name = isPlain ? column : "`\(column)`"
        return name + (path.map { " -> '\($0)'" } ?? "") + ": " + analyzer
    }

    /// Tells whether an index is of the same texts.
    func isOf(_ index: IndexDefinition) -> Bool {
        index.columns.first?.text.lowercased() == column.lowercased() && index.path == path
    }
}

extension [Property] {
    /// What the property says of columns and paths; nil in the place of what cannot be read.
    var analyzedTexts: [AnalyzedTexts?] {
        let text = last { $0.key.lowercased() == AnalyzedTexts.property }?.value ?? ""
        return text.split(separator: ";").filter { !$0.allSatisfy(\.isWhitespace) }
            .map { AnalyzedTexts($0) }
    }

    mutating func setAnalyzedTexts(_ all: [AnalyzedTexts]) {
        removeAll { $0.key.lowercased() == AnalyzedTexts.property }
        guard !all.isEmpty else { return }
        append(
            Property(
                key: AnalyzedTexts.property, value: all.map(\.text).joined(separator: "; ")))
    }

    /// Lets texts be cut as an index that goes has cut them.
    mutating func keepAnalyzer(of index: IndexDefinition) {
        guard let analyzer = index.analyzerText, let column = index.columns.first else { return }
        let others = analyzedTexts.compactMap(\.self).filter { !$0.isOf(index) }
        setAnalyzedTexts(
            others + [AnalyzedTexts(column: column.text, path: index.path, analyzer: analyzer)])
    }

    /// Leaves it to an index that comes how its texts are cut.
    mutating func leaveAnalyzer(to index: IndexDefinition) {
        guard index.analyzerText != nil else { return }
        let known = analyzedTexts.compactMap(\.self)
        guard known.contains(where: { $0.isOf(index) }) else { return }
        setAnalyzedTexts(known.filter { !$0.isOf(index) })
    }

    /// Calls a column by another name in the property, or takes it out where there is none.
    mutating func renameAnalyzed(_ name: String, to new: String?) {
        let known = analyzedTexts.compactMap(\.self)
        guard known.contains(where: { $0.column.lowercased() == name.lowercased() }) else { return }
        setAnalyzedTexts(
            known.compactMap { texts in
                guard texts.column.lowercased() == name.lowercased() else { return texts }
                guard let new else { return nil }
                return AnalyzedTexts(column: new, path: texts.path, analyzer: texts.analyzer)
            })
    }
}

extension [TableColumn] {
    /// The property that says what cuts the texts of columns; nil where nothing does.
    var analyzerProperty: Property? {
        var properties: [Property] = []
        properties.setAnalyzedTexts(
            flatMap { column in
                let own = column.analyzers?.own.map {
                    [AnalyzedTexts(column: column.name, path: nil, analyzer: $0)]
                }
                let paths = (column.analyzers?.paths ?? [:]).map { keys, analyzer in
                    let path = keys.map { "\"\(String(decoding: $0, as: UTF8.self))\"" }
                    return AnalyzedTexts(
                        column: column.name, path: path.joined(separator: "."),
                        analyzer: analyzer)
                }
                return (own ?? []) + paths.sorted { $0.text < $1.text }
            })
        return properties.first
    }
}

extension ColumnAnalyzers? {
    /// Tells whether both cut all texts into the same terms.
    func cutsLike(_ other: ColumnAnalyzers?) -> Bool {
        let standard = Analyzer.standard.description
        return (self?.own ?? standard) == (other?.own ?? standard)
            && (self?.paths ?? [:]).filter { $1 != standard }
                == (other?.paths ?? [:]).filter { $1 != standard }
    }
}

extension StatementRunner {
    /// What the property says cuts texts, by the places of columns; what it must not say is an error
    /// where `isStrict`.
    func analyzers(
        of definition: CreateTable?, _ columns: [TableColumn], isStrict: Bool
    ) throws(StarlingError) -> [Int: ColumnAnalyzers] {
        var result: [Int: ColumnAnalyzers] = [:]
        for texts in definition?.properties.analyzedTexts ?? [] {
            do throws(StarlingError) {
                guard let texts else {
                    throw StarlingError(
                        .binding,
                        "\(AnalyzedTexts.property) is a list such as 'line: english; "
                            + "doc -> ''a.b'': standard'")
                }
                try note(texts, definition, columns, in: &result)
            } catch {
                if isStrict { throw error.about(.value(of: AnalyzedTexts.property)) }
            }
        }
        return result
    }

    private func note(
        _ texts: AnalyzedTexts, _ definition: CreateTable?, _ columns: [TableColumn],
        in result: inout [Int: ColumnAnalyzers]
    ) throws(StarlingError) {
        guard
            let place = columns.firstIndex(where: {
                $0.name.lowercased() == texts.column.lowercased()
            })
        else {
            let near = nearestName(to: texts.column, among: columns.map(\.name))
            throw StarlingError(
                .binding,
                "\(AnalyzedTexts.property) names '\(texts.column)', which is no column of the table"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""))
        }
        let index = definition?.indexes.first { $0.analyzerText != nil && texts.isOf($0) }
        if let index, index.analyzerText != texts.analyzer {
            throw StarlingError(
                .binding,
                "index '\(index.name.text)' cuts the texts of '\(texts.column)' by "
                    + "\(index.analyzerText ?? "")")
        }
        let analyzer = try self.analyzer(named: texts.analyzer, at: nil).description
        var known = result[place] ?? ColumnAnalyzers()
        if let path = texts.path {
            known.paths[try Self.keys(to: path, in: columns[place], at: nil)] = analyzer
        } else {
            guard columns[place].type.holdsTexts else {
                throw StarlingError(
                    .binding,
                    "column '\(columns[place].name)' is \(columns[place].type), and "
                        + "texts alone have terms")
            }
            known.own = analyzer
        }
        result[place] = known
    }

    /// Warns where an index that is added changes what MATCH finds.
    func warnOfAnalyzer(of index: IndexDefinition, in definition: CreateTable) {
        guard !session.isRestoring, let new = index.analyzerText else { return }
        let known = definition.properties.analyzedTexts.compactMap(\.self).first { $0.isOf(index) }
        let old = known?.analyzer ?? Analyzer.standard.description
        guard old != new else { return }
        session.warnings.append(
            "MATCH cuts the texts of '\(index.columns.first?.text ?? "")' by \(new) now, and has cut "
                + "them by \(old) before")
    }
}

extension IndexDefinition {
    /// What an index of terms says itself of how texts are cut; nil where it says nothing, or is another.
    var analyzerText: String? {
        guard methodName == "GIN" else { return nil }
        func value(_ name: String) -> String? {
            properties.first { $0.key.lowercased() == name }?.value
        }
        if let name = value("analyzer") { return name }
        guard let parser = value("parser")?.lowercased() else { return nil }
        if parser == "ngram" {
            let least = value("min_gram").flatMap { Int($0) } ?? 2
            return "ngram:\(least):\(value("max_gram").flatMap { Int($0) } ?? max(least, 3))"
        }
        let stems = value("stemming")?.lowercased() == "true"
        return stems && parser == "english" ? "english:stem" : parser
    }
}
