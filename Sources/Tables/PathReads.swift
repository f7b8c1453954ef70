import Synchronization

/// Counts, for EXPLAIN ANALYZE, in how many parts a path of documents was read as a column.
package final class PathReads: Sendable {
    /// Is where a part has a path.
    package enum Place: Sendable {
        case column
        case documents
        /// No document of the part has it.
        case nowhere
    }

    private struct Count {
        var columns = 0
        var documents = 0
        var partsWithout = 0
    }

    private let counts = Mutex<[String: Count]>([:])

    package init() {}

    /// Notes that a part is read.
    package func note(_ path: String, in place: Place) {
        counts.withLock { counts in
            switch place {
            case .column: counts[path, default: Count()].columns += 1
            case .documents: counts[path, default: Count()].documents += 1
            case .nowhere: counts[path, default: Count()].partsWithout += 1
            }
        }
    }

    /// What EXPLAIN ANALYZE says; nil where no path was read.
    package var text: String? {
        let texts = counts.withLock { counts in
            counts.sorted { $0.key < $1.key }.map { path, count -> String in
                // Where no document has it nothing is read, as if there were an empty column.
                let columns = count.columns + count.partsWithout
                return switch (columns, count.documents) {
                case (_, 0) where count.columns == 0: "\(path) in no document"
                case (_, 0): "\(path) as column"
                case (0, _): "\(path) from documents"
                case (_, let documents):
                    "\(path) as column in \(columns) of \(columns + documents) parts"
                }
            }
        }
        return texts.isEmpty ? nil : "paths: " + texts.joined(separator: "; ")
    }
}
