/// Generates the table region.
enum RegionRows {
    static let names = WordDictionary(["AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"])

    static let columns: [TPCHColumn<KeyWindow>] = [
        .integers("r_regionkey", .bigint, 0...4) { window in
            window.positions.integers { $0 }
        },
        .words("r_name", names) { window in
            names.column(window.positions.integers { $0 })
        },
        .comments("r_comment", averageByteCount: 72) { window in
            CommentColumn(seed: 1_500_869_201, averageByteCount: 72)
                .strings(window.positions, window.pool)
        },
    ]
}
