// The SQL tests' statements, mutated and run. A statement gives rows or an error that says who must
// act; and where nothing in it depends on the order of rows, other truths give the same rows.

import Starling
import StarlingTestSupport
import SQLLogic

package final class StatementFuzzer: Fuzzer {
    package static let name = "statements"
    package static let summary = "mutated statements of Tests/SQL, run in two ways"
    package static let smokeRoundCount = 200

    /// Holds what a file of tests makes and asks.
    private struct Scene {
        var definitions: [String] = []
        var queries: [String] = []
    }

    private let scenes: [Scene]
    private var databases: [Int: Database] = [:]

    package init(folder: String) throws {
        scenes = try LogicFiles.all.map { path in
            var scene = Scene()
            for record in try LogicFiles.read(path).records {
                switch record.expectation {
                case .success: scene.definitions.append(record.sql)
                case .rows, .failure: scene.queries.append(record.sql)
                }
            }
            return scene
        }.filter { !$0.queries.isEmpty }
    }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        let number = chance.below(scenes.count)
        let queries = scenes[number].queries
        let text = chance.pick(queries)
        let others = chance.below(4) == 0 ? chance.pick(scenes).queries : queries
        let mutated =
            chance.below(8) == 0
            ? TextMutation.bytes(of: text, others: others, &chance)
            : Array(TextMutation.words(of: text, others: others, &chance).utf8)
        return Array("\(number)\n".utf8) + mutated
    }

    package func run(_ input: [UInt8]) throws {
        let parts = input.split(separator: 10, maxSplits: 1)
        guard parts.count == 2, let number = Int(String(decoding: parts[0], as: UTF8.self)),
            scenes.indices.contains(number)
        else { return }
        let text = String(decoding: parts[1], as: UTF8.self)
        let words = Words(text)
        // Nothing is written outside of the database.
        guard !words.writesFiles else { return }
        let database = try databases[number] ?? makeDatabase(scenes[number])
        databases[number] = words.isQuery ? database : nil

        var chance = SeededGenerator(following: input)
        let plain = try outcome(of: text, in: database, settings: [])
        guard words.isQuery, !words.dependsOnOrder else { return }
        let settings = Self.truths.filter { _ in chance.below(2) == 0 }
        let other = try outcome(of: text, in: database, settings: settings)
        if let difference = difference(plain, other) {
            throw FuzzFailure("\(difference) with \(settings.joined(separator: "; ")):\n\(text)")
        }
    }

    private static let truths = [
        "SET batch_size = 7", "SET pipeline_dop = 1", "SET force_spill = true",
        "SET enable_optimizer = false", "SET enable_runtime_filters = false",
    ]

    private func makeDatabase(_ scene: Scene) throws -> Database {
        let database = Database(
            configuration: Configuration(threadCount: 2, memoryLimit: 512 << 20))
        let session = database.makeSession()
        for definition in scene.definitions { _ = try? session.execute(definition) }
        return database
    }

    private enum Outcome {
        case rows([String])
        case failure(DatabaseError)
    }

    private func outcome(
        of text: String, in database: Database, settings: [String]
    ) throws -> Outcome {
        let session = database.makeSession()
        for setting in settings + ["SET query_timeout = 2"] { _ = try session.execute(setting) }
        do {
            let result = try session.execute(text)
            let columns = result.columns.indices.map { Self.texts(of: result.column($0)) }
            let rows = (0..<result.rowCount).map { row in
                columns.map { $0[row] }.joined(separator: "|")
            }
            return .rows(rows.sorted())
        } catch {
            if error.kind == .internal { throw FuzzFailure("\(error)\n\(text)") }
            return .failure(error)
        }
    }

    /// Writes values down; floating point numbers with the digits that no order of adding changes.
    private static func texts(of values: [SQLValue]) -> [String] {
        values.map { value in
            guard case .double(let number) = value else { return "\(value)" }
            guard number.isFinite, number != 0 else { return "\(number + 0)" }
            return "\(Float(number) * 1)".prefix(6) + " \(number.exponent / 4)"
        }
    }

    private func difference(_ plain: Outcome, _ other: Outcome) -> String? {
        switch (plain, other) {
        case (.rows(let rows), .rows(let others)):
            guard rows != others else { return nil }
            let place = zip(rows, others).enumerated().first { $0.element.0 != $0.element.1 }
            let example = place.map { "'\($0.element.0)' and '\($0.element.1)'" } ?? "no example"
            return "\(rows.count) rows and \(others.count) rows differ (\(example))"
        case (.failure(let error), .failure(let another)):
            let kinds = [error.kind, another.kind]
            // Which of two errors comes first may depend on the plan.
            let mayDiffer: [DatabaseError.Kind] = [.data, .cancelled, .resource, .unsupported]
            return kinds[0] == kinds[1] || kinds.contains { mayDiffer.contains($0) }
                ? nil : "the errors '\(error.message)' and '\(another.message)' differ"
        case (.failure(let error), .rows), (.rows, .failure(let error)):
            // A value that one plan never computes can be an error in another.
            return [.data, .cancelled, .resource].contains(error.kind)
                ? nil : "only one way ends with '\(error.message)'"
        }
    }
}

/// Tells what a statement may do, by its words.
private struct Words {
    private let words: Set<String>
    private let first: String

    init(_ text: String) {
        let lowered = text.lowercased()
        let all = lowered.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
        words = Set(all)
        first = all.first ?? ""
    }

    var isQuery: Bool { ["select", "with", "values", "from"].contains(first) }

    var writesFiles: Bool { !words.isDisjoint(with: ["outfile", "files", "copy", "export"]) }

    /// True where more than one result is right.
    var dependsOnOrder: Bool {
        !words.isDisjoint(with: [
            "limit", "offset", "fetch", "over", "qualify", "any_value", "first_value",
            "group_concat",
            "string_agg", "array_agg", "rand", "random", "uuid", "now", "current_timestamp",
            "localtime", "localtimestamp", "utc_timestamp", "unix_timestamp", "curtime",
            "current_time", "tablesample", "asof", "explain", "last_query_id", "connection_id",
            "sleep", "bitmap_agg", "first", "last", "arbitrary", "max_by", "min_by",
        ])
    }
}
