import Synchronization

/// Counts, for EXPLAIN ANALYZE, in how many parts a path of documents was read as a column.
package final class PathReads: Sendable {
    private struct Count {
        var columns = 0
        var documents = 0
    }

    private let counts = Mutex<[String: Count]>([:])

    package init() {}

    /// Notes that a part is read.
    package func note(_ path: String, isColumn: Bool) {
        counts.withLock { counts in
            if isColumn {
                counts[path, default: Count()].columns += 1
            } else {
                counts[path, default: Count()].documents += 1
            }
        }
    }

    /// What EXPLAIN ANALYZE says; nil where no path was read.
    package var text: String? {
        let texts = counts.withLock { counts in
            counts.sorted { $0.key < $1.key }.map { path, count in
                switch (count.columns, count.documents) {
                case (_, 0): "\(path) as column"
                case (0, _): "\(path) from documents"
                case (let columns, let documents):
                    "\(path) as column in \(columns) of \(columns + documents) parts"
                }
            }
        }
        return texts.isEmpty ? nil : "paths: " + texts.joined(separator: "; ")
    }
}
