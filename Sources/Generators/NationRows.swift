/// Generates the table nation.
enum NationRows {
    private static let nations: [(name: String, region: Int)] = [
        ("ALGERIA", 0), ("ARGENTINA", 1), ("BRAZIL", 1), ("CANADA", 1), ("EGYPT", 4),
        ("ETHIOPIA", 0), ("FRANCE", 3), ("GERMANY", 3), ("INDIA", 2), ("INDONESIA", 2),
        ("IRAN", 4), ("IRAQ", 4), ("JAPAN", 2), ("JORDAN", 4), ("KENYA", 0), ("MOROCCO", 0),
        ("MOZAMBIQUE", 0), ("PERU", 1), ("CHINA", 2), ("ROMANIA", 3), ("SAUDI ARABIA", 4),
        ("VIETNAM", 2), ("RUSSIA", 3), ("UNITED KINGDOM", 3), ("UNITED STATES", 1),
    ]
    static let names = WordDictionary(nations.map(\.name))

    static let columns: [TPCHColumn<KeyWindow>] = [
        .integers("n_nationkey", .bigint, 0...24) { window in
            window.positions.integers { $0 }
        },
        .words("n_name", names) { window in
            names.column(window.positions.integers { $0 })
        },
        .integers("n_regionkey", .bigint, 0...4) { window in
            window.positions.integers { nations[$0].region }
        },
        .comments("n_comment", averageByteCount: 72) { window in
            CommentColumn(seed: 606_179_079, averageByteCount: 72)
                .strings(window.positions, window.pool)
        },
    ]
}
