import StarlingVectors

/// Generates the table part.
enum PartRows {
    private static let manufacturerSeed: UInt32 = 1
    private static let manufacturers = WordDictionary((1...5).map { "Manufacturer#\($0)" })
    private static let brands = WordDictionary(
        (1...5).flatMap { first in (1...5).map { "Brand#\(first)\($0)" } })
    private static let types = WordDictionary(
        crossing: ["STANDARD", "SMALL", "MEDIUM", "LARGE", "ECONOMY", "PROMO"],
        ["ANODIZED", "BURNISHED", "PLATED", "POLISHED", "BRUSHED"],
        ["TIN", "NICKEL", "BRASS", "STEEL", "COPPER"])
    private static let containers = WordDictionary(
        crossing: ["SM", "LG", "MED", "JUMBO", "WRAP"],
        ["CASE", "BOX", "BAG", "JAR", "PACK", "PKG", "CAN", "DRUM"])

    static let columns: [TPCHColumn<KeyWindow>] = [
        .integers("p_partkey", .bigint, { _, keys in keys.lowerBound + 1...keys.upperBound }) {
            $0.positions.integers { $0 + 1 }
        },
        .strings("p_name", averageByteCount: 33) { PartName.strings($0.positions) },
        .words("p_mfgr", manufacturers) {
            manufacturers.column($0.positions, seed: manufacturerSeed)
        },
        .words("p_brand", brands) { window in
            let first = window.positions.uniform(seed: manufacturerSeed, 0, 4)
            let second = window.positions.uniform(seed: 46_831_694, 0, 4)
            return brands.column(zip(first, second).map { $0 * 5 + $1 })
        },
        .words("p_type", types) { types.column($0.positions, seed: 1_841_581_359) },
        .integers("p_size", .int, 1...50) { $0.positions.uniform(seed: 1_193_163_244, 1, 50) },
        .words("p_container", containers) {
            containers.column($0.positions, seed: 727_633_698)
        },
        .integers("p_retailprice", .decimal(precision: 15, scale: 2), priceBounds) {
            $0.positions.integers { price(ofPart: $0 + 1) }
        },
        .comments("p_comment", averageByteCount: 14) { window in
            CommentColumn(seed: 804_159_733, averageByteCount: 14)
                .strings(window.positions, window.pool)
        },
    ]

    static let priceBounds = 90_000...209_900

    /// Computes the price of a part in cents.
    @inline(__always)
    static func price(ofPart key: Int) -> Int {
        90_000 &+ (key / 10) % 20_001 &+ (key % 1_000) &* 100
    }
}
