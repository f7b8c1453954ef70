/// Generates the table customer.
enum CustomerRows {
    private static let nationSeed: UInt32 = 1_489_529_863
    private static let segments = WordDictionary([
        "AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY",
    ])

    static let columns: [TPCHColumn<KeyWindow>] = [
        .integers("c_custkey", .bigint, { _, keys in keys.lowerBound + 1...keys.upperBound }) {
            $0.positions.integers { $0 + 1 }
        },
        .strings("c_name", averageByteCount: 18, distinctCount: \.customerCount) { window in
            NumberedNameColumn(prefix: "Customer#").strings(window.positions.integers { $0 + 1 })
        },
        .strings("c_address", averageByteCount: 25) {
            AddressColumn(seed: 881_155_353).strings($0.positions)
        },
        .integers("c_nationkey", .bigint, 0...24) {
            $0.positions.uniform(seed: nationSeed, 0, 24)
        },
        .strings("c_phone", averageByteCount: 15, distinctCount: \.customerCount) {
            PhoneColumn(seed: 1_521_138_112, nationSeed: nationSeed).strings($0.positions)
        },
        .integers("c_acctbal", .decimal(precision: 15, scale: 2), -99_999...999_999) {
            $0.positions.uniform(seed: 298_370_230, -99_999, 999_999)
        },
        .words("c_mktsegment", segments) { segments.column($0.positions, seed: 1_140_279_430) },
        .comments("c_comment", averageByteCount: 73) { window in
            CommentColumn(seed: 1_335_826_707, averageByteCount: 73)
                .strings(window.positions, window.pool)
        },
    ]
}
