/// Generates the table supplier.
enum SupplierRows {
    private static let nationSeed: UInt32 = 110_356_601

    static let columns: [TPCHColumn<KeyWindow>] = [
        .integers("s_suppkey", .bigint, { _, keys in keys.lowerBound + 1...keys.upperBound }) {
            $0.positions.integers { $0 + 1 }
        },
        .strings("s_name", averageByteCount: 18, distinctCount: \.supplierCount) { window in
            NumberedNameColumn(prefix: "Supplier#").strings(window.positions.integers { $0 + 1 })
        },
        .strings("s_address", averageByteCount: 25) {
            AddressColumn(seed: 706_178_559).strings($0.positions)
        },
        .integers("s_nationkey", .bigint, 0...24) {
            $0.positions.uniform(seed: nationSeed, 0, 24)
        },
        .strings("s_phone", averageByteCount: 15, distinctCount: \.supplierCount) {
            PhoneColumn(seed: 884_434_366, nationSeed: nationSeed).strings($0.positions)
        },
        .integers("s_acctbal", .decimal(precision: 15, scale: 2), -99_999...999_999) {
            $0.positions.uniform(seed: 962_338_209, -99_999, 999_999)
        },
        .comments("s_comment", averageByteCount: 63) {
            SupplierComment.strings($0.positions, $0.pool)
        },
    ]
}
