// What bloom filters of segments are asked.

import StarlingErrors
import StarlingTables
import StarlingTypes

extension SegmentColumn {
    /// Tells whether the bloom filter is certain that none of some values occurs.
    func lacks(_ values: [Value]) throws(StarlingError) -> Bool {
        guard let known = statistics.low, let filter = try filter() else { return false }
        return values.allSatisfy { value in
            switch (known, value) {
            case (_, .null): true
            case (.integer, .integer), (.floating, .floating), (.bytes, .bytes):
                StoredHash.of(value).map { !filter.mayContain($0) } ?? false
            default: false
            }
        }
    }
}
