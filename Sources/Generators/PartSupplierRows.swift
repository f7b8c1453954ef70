/// Generates the table partsupp: four suppliers for every part.
enum PartSupplierRows {
    static let suppliersPerPart = 4

    static let columns: [TPCHColumn<KeyWindow>] = [
        .integers("ps_partkey", .bigint, partKeyBounds) {
            $0.positions.integers { $0 / suppliersPerPart + 1 }
        },
        .integers("ps_suppkey", .bigint, { scale, _ in 1...scale.supplierCount }) { window in
            let supplierCount = window.scale.supplierCount
            return window.positions.integers {
                supplier(
                    ofPart: $0 / suppliersPerPart + 1, number: $0 % suppliersPerPart,
                    supplierCount: supplierCount)
            }
        },
        .integers("ps_availqty", .int, 1...9_999) {
            $0.positions.uniform(seed: 1_671_059_989, 1, 9_999)
        },
        .integers("ps_supplycost", .decimal(precision: 15, scale: 2), 100...100_000) {
            $0.positions.uniform(seed: 1_051_288_424, 100, 100_000)
        },
        .comments("ps_comment", averageByteCount: 124) { window in
            CommentColumn(seed: 1_961_692_154, averageByteCount: 124)
                .strings(window.positions, window.pool)
        },
    ]

    @Sendable
    private static func partKeyBounds(_: TPCHScale, _ rows: Range<Int>) -> ClosedRange<Int> {
        rows.lowerBound / suppliersPerPart + 1...(rows.upperBound - 1) / suppliersPerPart + 1
    }

    /// Computes the key of one of the suppliers (0 … 3) of a part.
    @inline(__always)
    static func supplier(ofPart part: Int, number: Int, supplierCount: Int) -> Int {
        let distance = supplierCount / suppliersPerPart &+ (part &- 1) / supplierCount
        return (part &+ number &* distance) % supplierCount &+ 1
    }
}
