// Documents of JSON, some of them damaged, and paths into them:
//
//  - What is JSON and what isn't is Foundation's to say, as is the value that a text stands for.
//  - The canonical form is its own canonical form, and so is what is printed in lines.
//  - A path finds the same in a text and in its canonical form, but for the order of members.
//  - What is set at a path is found there, what is removed is not.
//  - A value that was cast to JSON and back is what it was.

import Foundation
import Starling
import StarlingDocuments
import StarlingTestSupport

package final class DocumentFuzzer: Fuzzer {
    package static let name = "documents"
    package static let summary = "JSON as a value: parsing, paths, changes, casts, printing"
    package static let smokeRoundCount = 300

    private let session: Session

    package init(folder: String) {
        session = Database(configuration: Configuration(threadCount: 1, memoryLimit: 256 << 20))
            .makeSession()
    }

    /// The path stands on the first line, the document behind it.
    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        var maker = DocumentMaker(chance)
        let (path, document) = (maker.path(), maker.document(depth: 4))
        chance = SeededGenerator(following: Array(document.utf8))
        var bytes = Array(document.utf8)
        if chance.below(3) == 0 {
            let others = [maker.document(depth: 2), "{\"a\":[1,\"\\\\\",null]}", "\\u00", "1e5"]
            bytes = TextMutation.bytes(of: document, others: others, &chance)
        }
        return Array(path.utf8) + [10] + bytes
    }

    package func run(_ input: [UInt8]) throws {
        let end = input.firstIndex(of: 10) ?? input.count
        let path = Array(input[..<end])
        let text = Array(input[min(input.count, end + 1)...])
        let canonical = canonical(text)
        try compareWithFoundation(text, canonical)
        guard let canonical else { return walk(path, text) }
        try checkForms(canonical)
        // All members come in the order of the text.
        let namesAll = String(decoding: path, as: UTF8.self).contains(".*")
        try check(namesAll ? nil : DocumentPath(path), text, canonical)
        try checkCasts(text, path)
    }

    private func canonical(_ text: [UInt8]) -> [UInt8]? {
        var writer = DocumentWriter()
        var output: [UInt8] = []
        return text.withUnsafeBytes { writer.append($0, to: &output) } ? output : nil
    }

    private func failure(_ what: String, _ texts: [UInt8]...) -> FuzzFailure {
        FuzzFailure(
            ([what] + texts.map { String(decoding: $0, as: UTF8.self) }).joined(separator: "\n"))
    }

    /// Looks for a path in what is no JSON: it may find anything, or nothing.
    private func walk(_ path: [UInt8], _ text: [UInt8]) {
        text.withUnsafeBytes { bytes in
            guard let document = DocumentValue(bytes), let path = DocumentPath(path) else { return }
            var output: [UInt8] = []
            _ = path.find(in: document)
            _ = path.leads(in: document)
            _ = path.appendAll(of: document, to: &output)
            path.append(document, changed: .remove, to: &output)
        }
    }

    // MARK: Foundation

    private func compareWithFoundation(_ text: [UInt8], _ canonical: [UInt8]?) throws {
        guard Self.isComparable(text) else { return }
        let theirs = try? Self.parsed(text)
        guard (theirs != nil) == (canonical != nil) else {
            throw failure(theirs == nil ? "this is no JSON" : "this is JSON", text)
        }
        guard let theirs, let canonical, !hasEqualKeys(text) else { return }
        guard try Self.parsed(canonical).isEqual(theirs) else {
            throw failure("the canonical form is another value", text, canonical)
        }
    }

    private static func parsed(_ text: [UInt8]) throws -> NSObject {
        let value = try JSONSerialization.jsonObject(
            with: Data(text), options: [.fragmentsAllowed])
        return value as? NSObject ?? NSNull()
    }

    /// Leaves out what Foundation reads in ways of its own: other encodings, halves of surrogates,
    /// commas behind the last element, numbers beyond a DOUBLE.
    private static func isComparable(_ text: [UInt8]) -> Bool {
        guard String(validating: text, as: UTF8.self) != nil else { return false }
        let lowered = String(decoding: text, as: UTF8.self).lowercased()
        if lowered.contains("\0") || lowered.contains("\\ud") || lowered.contains("\u{FEFF}") {
            return false
        }
        var digitCount = 0
        for byte in text {
            digitCount = (0x30...0x39).contains(byte) ? digitCount + 1 : 0
            if digitCount > 14 { return false }
        }
        return lowered.range(
            of: "e[+-]?[0-9]{3}|,\\s*[\\]}]", options: .regularExpression) == nil
    }

    private func hasEqualKeys(_ text: [UInt8]) -> Bool {
        text.withUnsafeBytes { DocumentValue($0).map(Self.hasEqualKeys) ?? false }
    }

    private static func hasEqualKeys(_ value: DocumentValue) -> Bool {
        var parts = DocumentParts(value)
        var seen = Set<[UInt8]>()
        while let part = parts.next() {
            var key: [UInt8] = []
            part.appendKey(to: &key)
            if value.kind == .object, !seen.insert(key).inserted { return true }
            if hasEqualKeys(part.value) { return true }
        }
        return false
    }

    // MARK: Forms and paths

    private func checkForms(_ canonical: [UInt8]) throws {
        guard self.canonical(canonical) == canonical else {
            throw failure("the canonical form has another one", canonical)
        }
        var pretty: [UInt8] = []
        canonical.withUnsafeBytes { DocumentValue($0)?.appendPretty(to: &pretty) }
        guard self.canonical(pretty) == canonical else {
            throw failure("printed in lines it is another document", canonical, pretty)
        }
    }

    private func check(
        _ path: DocumentPath?, _ text: [UInt8], _ canonical: [UInt8]
    ) throws {
        guard let path else { return }
        let (found, same) = (found(path, text), found(path, canonical))
        guard found == same else {
            throw failure(
                "a path finds other things", text, found ?? Array("nothing".utf8),
                same ?? Array("nothing".utf8))
        }
        guard path.isSingle, !path.isRoot else { return }
        let value = Array("{\"set\": [1, \"x\"]}".utf8)
        let changed = value.withUnsafeBytes { value in
            self.changed(canonical, path, .set(value))
        }
        guard let changed = self.canonical(changed) else {
            throw failure("a changed document is no JSON", canonical, changed)
        }
        if found != nil, self.found(path, changed) != value {
            throw failure("what was set is not there", canonical, changed)
        }
        let removed = self.changed(canonical, path, .remove)
        guard let removed = self.canonical(removed) else {
            throw failure("what is left of a document is no JSON", canonical, removed)
        }
        if (found == nil) != (removed == canonical) {
            throw failure("removing changes something else", canonical, removed)
        }
    }

    private func found(_ path: DocumentPath, _ text: [UInt8]) -> [UInt8]? {
        text.withUnsafeBytes { bytes in
            guard let document = DocumentValue(bytes) else { return nil }
            if path.isSingle {
                return path.find(in: document).flatMap { canonical(Array($0.bytes)) }
            }
            var all: [UInt8] = []
            return path.appendAll(of: document, to: &all) ? canonical(all) : nil
        }
    }

    private func changed(
        _ text: [UInt8], _ path: DocumentPath, _ change: DocumentChange
    ) -> [UInt8] {
        var output: [UInt8] = []
        text.withUnsafeBytes { bytes in
            guard let document = DocumentValue(bytes) else { return }
            path.append(document, changed: change, to: &output)
        }
        return output
    }

    // MARK: Casts

    private static let types = [
        "BIGINT", "DECIMAL(38, 10)", "DATETIME", "LARGEINT", "ARRAY<BIGINT>", "ARRAY<STRING>",
        "ARRAY<DOUBLE>", "ARRAY<DECIMAL(20, 3)>", "ARRAY<DATE>", "ARRAY<JSON>",
        "ARRAY<ARRAY<TINYINT>>", "MAP<STRING, STRING>", "MAP<STRING, ARRAY<BOOLEAN>>",
        "STRUCT<a BIGINT, b STRING, c ARRAY<DOUBLE>>", "ARRAY<STRUCT<a INT, b JSON>>",
    ]

    private func checkCasts(_ text: [UInt8], _ path: [UInt8]) throws {
        let columns = Self.types.flatMap {
            ["CAST(d AS \($0))", "CAST(CAST(CAST(d AS \($0)) AS JSON) AS \($0))"]
        }
        let sql =
            "SELECT \(columns.joined(separator: ", ")), json_query(d, ?), json_length(d, ?), "
            + "json_keys(d), json_contains(d, d) FROM (SELECT parse_json(?) AS d) AS t"
        let words = [path, path, text].map { SQLValue.string(String(decoding: $0, as: UTF8.self)) }
        let result: Starling.Result
        do {
            result = try session.execute(sql, parameters: words)
        } catch {
            throw failure("\(error)", text, path)
        }
        let values = result.columns.indices.map { result.texts($0)[0] }
        for (number, type) in Self.types.enumerated()
        where values[2 * number] != values[2 * number + 1] {
            // JSON has no word for what lies beyond a DOUBLE.
            if values[2 * number]?.contains("inf") ?? false { continue }
            throw failure(
                "cast to \(type) and to JSON and back it differs: \(values[2 * number] ?? "NULL"), "
                    + "\(values[2 * number + 1] ?? "NULL")", text)
        }
        if let contains = values[values.count - 1], contains != "1" {
            throw failure("a document does not contain itself", text)
        }
    }
}
