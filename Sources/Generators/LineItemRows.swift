import StarlingTypes

/// Generates the table lineitem.
enum LineItemRows {
    private static let returnFlags = WordDictionary(["R", "A", "N"])
    private static let statuses = WordDictionary(["O", "F"])
    private static let instructions = WordDictionary([
        "DELIVER IN PERSON", "COLLECT COD", "TAKE BACK RETURN", "NONE",
    ])
    private static let modes = WordDictionary([
        "REG AIR", "AIR", "RAIL", "TRUCK", "MAIL", "FOB", "SHIP",
    ])
    private static let returnFlagSeed: UInt32 = 717_419_739

    static let columns: [TPCHColumn<LineWindow>] = numbers + dates + texts

    private static let numbers: [TPCHColumn<LineWindow>] = [
        .integers("l_orderkey", .bigint, OrderRows.orderKeyBounds) {
            $0.lines.integers { OrderLines.orderKey($0 / OrderLines.linesPerOrderMax) }
        },
        .integers("l_partkey", .bigint, { scale, _ in 1...scale.partCount }) {
            OrderLines.partKeys($0.lines, $0.scale)
        },
        .integers("l_suppkey", .bigint, { scale, _ in 1...scale.supplierCount }) { window in
            let supplierCount = window.scale.supplierCount
            let numbers = window.lines.uniform(seed: 2_095_021_727, 0, 3)
            return zip(OrderLines.partKeys(window.lines, window.scale), numbers).map {
                Int64(
                    PartSupplierRows.supplier(
                        ofPart: Int($0), number: Int($1), supplierCount: supplierCount))
            }
        },
        .integers("l_linenumber", .int, 1...OrderLines.linesPerOrderMax) {
            $0.lines.integers { $0 % OrderLines.linesPerOrderMax + 1 }
        },
        .integers("l_quantity", money, 100...5_000) {
            OrderLines.quantities($0.lines).map { $0 &* 100 }
        },
        .integers("l_extendedprice", money, 90_000...PartRows.priceBounds.upperBound * 50) {
            OrderLines.extendedPrices($0.lines, $0.scale)
        },
        .integers("l_discount", money, OrderLines.discountBounds) {
            OrderLines.discounts($0.lines)
        },
        .integers("l_tax", money, OrderLines.taxBounds) { OrderLines.taxes($0.lines) },
        .words("l_returnflag", returnFlags, returnFlagColumn),
        .words("l_linestatus", statuses) { window in
            statuses.column(
                OrderLines.shipDays(window.lines).map { $0 <= OrderLines.currentDay ? 1 : 0 })
        },
    ]

    private static let dates: [TPCHColumn<LineWindow>] = [
        .integers("l_shipdate", .date, days(1, 121)) { OrderLines.shipDays($0.lines) },
        .integers("l_commitdate", .date, days(30, 90)) { OrderLines.commitDays($0.lines) },
        .integers("l_receiptdate", .date, days(2, 151)) { OrderLines.receiptDays($0.lines) },
    ]

    private static let texts: [TPCHColumn<LineWindow>] = [
        .words("l_shipinstruct", instructions) {
            instructions.column($0.lines, seed: 1_371_272_478)
        },
        .words("l_shipmode", modes) { modes.column($0.lines, seed: 675_466_456) },
        .comments("l_comment", averageByteCount: 27) { window in
            CommentColumn(seed: 1_095_462_486, averageByteCount: 27)
                .strings(window.lines, window.pool)
        },
    ]

    private static let money = LogicalType.decimal(precision: 15, scale: 2)

    private static func days(_ low: Int, _ high: Int) -> ClosedRange<Int> {
        OrderLines.firstDay + low...OrderLines.lastOrderDay + high
    }

    /// Draws flags for the lines that have been received. Only they take a number of the stream,
    /// so that a line's number depends on the lines before it in the order.
    @Sendable
    private static func returnFlagColumn(_ window: LineWindow) -> GeneratedColumn {
        let receiptDays = OrderLines.receiptDays(window.allLines)
        let all = window.allLines.picks ?? []
        let states = RandomStream(seed: returnFlagSeed).states(
            from: window.allLines.first, stride: 1, count: window.allLines.span)
        let choice = UniformRange(0, 1)
        var flags = [Int64](repeating: 2, count: all.count)
        var next = 0
        for line in all.indices {
            if Int(all[line]) % OrderLines.linesPerOrderMax == 0 { next = Int(all[line]) }
            guard receiptDays[line] <= OrderLines.currentDay else { continue }
            flags[line] = choice.value(states[next])
            next += 1
        }
        return returnFlags.column(window.rows.map { flags[Int($0)] })
    }
}
