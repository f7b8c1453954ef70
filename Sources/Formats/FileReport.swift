// What reading files left out or filled, so that nothing is lost in silence: counts that become
// warnings, and the lines that were rejected.

import StarlingErrors
import Synchronization

/// Is a line or record that was left out, and why.
package struct RejectedRecord: Sendable, Hashable {
    package var file: String
    /// Counts from 1; 0 where the format has no lines.
    package var line: Int
    /// Empty where the record as a whole is at fault.
    package var column: String
    package var reason: String
    /// The text, or the beginning of a long one.
    package var text: String

    /// Of longer texts the beginning is kept.
    package static let textByteCountMax = 4_096

    package init(file: String, line: Int, column: String, reason: String, text: String) {
        self.file = file
        self.line = line
        self.column = column
        self.reason = reason
        self.text = text
    }
}

/// Gathers what happened while the files of a statement were read.
package final class FileReport: Sendable {
    /// Bounds what is kept of records; those behind are only counted.
    package static let keptByteCountMax = 64 << 20

    fileprivate struct State {
        var notes: [String] = []
        var filled: [FilledColumn: Int] = [:]
        var unread: [FilledColumn: Int] = [:]
        var cut: [FilledColumn: Int] = [:]
        var rejected: [RejectedRecord] = []
        var rejectedCount = 0
        var keptByteCount = 0
    }

    fileprivate struct FilledColumn: Hashable {
        var file: String
        var column: String
    }

    private let state = Mutex(State())

    package init() {}

    package func note(_ text: String) {
        state.withLock { if !$0.notes.contains(text) { $0.notes.append(text) } }
    }

    /// Counts values that did not fit and are read as NULL.
    package func addFilled(_ count: Int, file: String, column: String) {
        state.withLock { $0.filled[FilledColumn(file: file, column: column), default: 0] += count }
    }

    /// Counts values of which digits below the microsecond were cut off.
    package func addCut(_ count: Int, file: String, column: String) {
        state.withLock { $0.cut[FilledColumn(file: file, column: column), default: 0] += count }
    }

    /// Counts objects with a key that is no column or field, since no record of the sample has it.
    package func addUnread(_ count: Int, file: String, key: String) {
        state.withLock { $0.unread[FilledColumn(file: file, column: key), default: 0] += count }
    }

    /// Takes a record that is left out; throws where there are more than `limit` of them.
    package func reject(_ record: RejectedRecord, limit: Int) throws(StarlingError) {
        let count = state.withLock { state in
            state.rejectedCount += 1
            if state.keptByteCount < Self.keptByteCountMax {
                state.keptByteCount += record.byteCount
                state.rejected.append(record)
            }
            return state.rejectedCount
        }
        if count <= limit { return }
        let place = record.line > 0 ? ", line \(record.line)" : ""
        let column = record.column.isEmpty ? "" : ", column \(record.column)"
        throw StarlingError(
            .data,
            "\(record.file)\(place)\(column): \(record.reason) (after \(count - 1) errors that "
                + "'max_errors' allowed)")
    }

    package var rejected: [RejectedRecord] { state.withLock { $0.rejected } }

    /// Says in sentences what was filled and left out.
    package var warnings: [String] {
        state.withLock { state in
            var result = state.notes
            let filled = state.filled.sorted {
                ($0.key.file, $0.key.column) < ($1.key.file, $1.key.column)
            }
            result += filled.prefix(20).map {
                "\($0.key.file): \($0.value) values of column \($0.key.column) did not fit and "
                    + "were read as NULL"
            }
            if filled.count > 20 {
                result.append("… and values of \(filled.count - 20) more columns")
            }
            let cut = state.cut.sorted {
                ($0.key.file, $0.key.column) < ($1.key.file, $1.key.column)
            }
            result += cut.prefix(20).map {
                "\($0.key.file): \($0.value) values of column \($0.key.column) have digits below the "
                    + "microsecond, which were cut off"
            }
            let unread = state.unread.sorted {
                ($0.key.file, $0.key.column) < ($1.key.file, $1.key.column)
            }
            result += unread.prefix(20).map {
                "\($0.key.file): \($0.value) records have the key '\($0.key.column)', which no "
                    + "record of the sample has, and what it holds was left out"
            }
            if let rejected = state.rejectedWarning { result.append(rejected) }
            return result
        }
    }
}

extension FileReport.State {
    /// Says how many records were left out and where they are to be seen.
    fileprivate var rejectedWarning: String? {
        if rejectedCount == 0 { return nil }
        if rejectedCount == 1 { return "1 record was left out; SELECT * FROM rejects() shows it" }
        let shown = rejected.count == rejectedCount ? "them" : "the first \(rejected.count)"
        return "\(rejectedCount) records were left out; SELECT * FROM rejects() shows \(shown)"
    }
}

extension RejectedRecord {
    fileprivate var byteCount: Int {
        MemoryLayout<Self>.stride + reason.utf8.count + text.utf8.count
    }
}
