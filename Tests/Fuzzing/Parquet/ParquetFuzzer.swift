// Damaged Parquet files under queries of every kind: all rows, filters that prune and decode late,
// groups, top rows, joins that filter their own scans. Intact files are among them; there a query
// gives the same rows with and without the optimizer.

import Foundation
import Starling
import StarlingTestSupport
import StarlingTypes

package final class ParquetFuzzer: Fuzzer {
    package static let name = "parquet"
    package static let summary = "damaged Parquet files, scanned, filtered, sorted and joined"
    package static let smokeRoundCount = 150

    private let path: String
    private let anatomies: [FileAnatomy]
    private let intact: Set<[UInt8]>
    private let database = Database(
        configuration: Configuration(threadCount: 2, memoryLimit: 1 << 30))

    package init(folder: String) throws {
        path = folder + "/input.parquet"
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ParquetTests/Fixtures")
        let names = try FileManager.default.contentsOfDirectory(atPath: fixtures.path)
            .filter { $0.hasSuffix(".parquet") }.sorted()
        var anatomies: [FileAnatomy] = []
        for name in names {
            let bytes = [UInt8](try Data(contentsOf: fixtures.appending(path: name)))
            guard let anatomy = FileAnatomy(bytes) else { continue }
            // Without a codec, damage reaches the decoders and not only the checks of the codec.
            let count = name.contains("none") ? 4 : 1
            anatomies += [FileAnatomy](repeating: anatomy, count: count)
        }
        self.anatomies = anatomies
        intact = Set(anatomies.map(\.bytes))
    }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        let anatomy = chance.pick(anatomies)
        if chance.below(20) == 0 { return anatomy.bytes }
        return FileDamage(anatomy).damaged(&chance)
    }

    package func run(_ input: [UInt8]) throws {
        try Data(input).write(to: URL(filePath: path))
        var chance = SeededGenerator(following: input)
        guard let columns = try describe() else { return }
        var maker = FileQueryMaker(path: path, columns: columns, chance)
        for query in [maker.everything(), maker.filter(), maker.any(), maker.any()] {
            let settings = [
                "SET batch_size = \(chance.pick([7, 64, 2_048, 2_048]))",
                "SET pipeline_dop = \(1 + chance.below(2))",
            ]
            let count = try rowCount(query, settings)
            guard intact.contains(input) else { continue }
            let plain = try rowCount(query, settings + ["SET enable_optimizer = false"])
            guard count == plain else {
                throw FuzzFailure(
                    "\(count.map(String.init) ?? "an error") and "
                        + "\(plain.map(String.init) ?? "an error"), without optimizer:\n\(query)")
            }
        }
    }

    /// Lists the columns; nil where the footer is an error.
    private func describe() throws -> [ResultColumn]? {
        try attempt("SELECT * FROM '\(path)' LIMIT 0", [])?.columns
    }

    private func rowCount(_ query: String, _ settings: [String]) throws -> Int? {
        try attempt(query, settings)?.rowCount
    }

    private func attempt(_ query: String, _ settings: [String]) throws -> Result? {
        let session = database.makeSession()
        for setting in settings + ["SET query_timeout = 2"] { _ = try session.execute(setting) }
        do {
            return try session.execute(query)
        } catch {
            guard error.kind != .internal, error.kind != .syntax else {
                throw FuzzFailure("\(error)\n\(query)")
            }
            return nil
        }
    }
}
