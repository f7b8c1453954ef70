// Tries a file: queries of every kind over it, each of which gives rows or an error that says whose
// fault it is. Over an intact file they give the same rows with and without the optimizer.

import Foundation
import Starling
import StarlingTestSupport

final class FileTrial {
    private let path: String
    private let database = Database(
        configuration: Configuration(threadCount: 2, memoryLimit: 1 << 30))

    /// `path` is where the file is put.
    init(path: String) { self.path = path }

    func run(_ input: [UInt8], isIntact: Bool) throws {
        try Data(input).write(to: URL(filePath: path))
        var chance = SeededGenerator(following: input)
        guard let columns = try describe() else { return }
        var maker = FileQueryMaker(path: path, columns: columns, chance)
        for query in [maker.everything(), maker.filter(), maker.any(), maker.any()] {
            let settings = [
                "SET batch_size = \(chance.pick([7, 64, 8_192, 4_096]))",
                "SET pipeline_dop = \(1 + chance.below(2))",
            ]
            let count = try rowCount(query, settings)
            guard isIntact else { continue }
            let plain = try rowCount(query, settings + ["SET enable_optimizer = false"])
            // Time runs out for a plan that is slow, or on a machine that is busy; an encrypted
            // column is not missed where the optimizer finds no reason to read it.
            guard
                count == plain || count == .timeIsUp || plain == .timeIsUp
                    || plain == .unsupported
            else {
                throw FuzzFailure(
                    "\(count), and \(plain) without the optimizer:\n\(query)")
            }
        }
    }

    /// Lists the columns; nil where the file can't be opened.
    private func describe() throws -> [ResultColumn]? {
        guard case .success(let result) = try attempt("SELECT * FROM '\(path)' LIMIT 0", [])
        else { return nil }
        return result.columns
    }

    /// What is compared of a query's two runs.
    private enum Outcome: Equatable {
        case rows(Int)
        case error
        case unsupported
        case timeIsUp
    }

    private func rowCount(_ query: String, _ settings: [String]) throws -> Outcome {
        switch try attempt(query, settings) {
        case .success(let result): .rows(result.rowCount)
        case .failure(let error):
            switch error.kind {
            case .cancelled: .timeIsUp
            case .unsupported: .unsupported
            default: .error
            }
        }
    }

    private func attempt(
        _ query: String, _ settings: [String]
    ) throws -> Swift.Result<Result, DatabaseError> {
        let session = database.makeSession()
        for setting in settings + ["SET query_timeout = 2"] { _ = try session.execute(setting) }
        do {
            return .success(try session.execute(query))
        } catch {
            guard error.kind != .internal, error.kind != .syntax else {
                throw FuzzFailure("\(error)\n\(query)")
            }
            return .failure(error)
        }
    }
}
