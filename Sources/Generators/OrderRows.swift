/// Generates the table orders.
enum OrderRows {
    private static let statuses = WordDictionary(["F", "O", "P"])
    private static let priorities = WordDictionary([
        "1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW",
    ])

    static let columns: [TPCHColumn<KeyWindow>] = [
        .integers("o_orderkey", .bigint, orderKeyBounds) {
            $0.positions.integers(OrderLines.orderKey)
        },
        .integers("o_custkey", .bigint, { scale, _ in 1...scale.customerCount }) { window in
            let count = window.scale.customerCount
            return window.positions.uniform(seed: 851_767_375, 1, count).map {
                customer(near: $0, customerCount: Int64(count))
            }
        },
        .words("o_orderstatus", statuses) { window in
            let totals = OrderTotals(window.positions, window.scale)
            return statuses.column(
                window.positions.integers { order in
                    let shipped = totals.shippedCounts[order - window.positions.first]
                    return shipped == totals.lineCounts[order - window.positions.first]
                        ? 0 : shipped > 0 ? 2 : 1
                })
        },
        .integers("o_totalprice", .decimal(precision: 15, scale: 2), totalPriceBounds) { window in
            let totals = OrderTotals(window.positions, window.scale)
            return window.positions.integers {
                Int(totals.prices[$0 - window.positions.first])
            }
        },
        .integers("o_orderdate", .date, OrderLines.firstDay...OrderLines.lastOrderDay) {
            OrderLines.orderDays($0.positions)
        },
        .words("o_orderpriority", priorities) {
            priorities.column($0.positions, seed: 591_449_447)
        },
        .strings("o_clerk", averageByteCount: 15, distinctCount: \.clerkCount) { window in
            NumberedNameColumn(prefix: "Clerk#").strings(
                window.positions.uniform(seed: 1_171_034_773, 1, window.scale.clerkCount))
        },
        TPCHColumn.integers("o_shippriority", .int, 0...0) {
            [Int64](repeating: 0, count: $0.count)
        },
        .comments("o_comment", averageByteCount: 49) { window in
            CommentColumn(seed: 276_090_261, averageByteCount: 49)
                .strings(window.positions, window.pool)
        },
    ]

    /// One piece of the cheapest part at 10 % discount without tax; seven lines of the dearest.
    private static let totalPriceBounds =
        81_000...(PartRows.priceBounds.upperBound * 50 * 108 / 100 * 7)

    @Sendable
    static func orderKeyBounds(_: TPCHScale, _ orders: Range<Int>) -> ClosedRange<Int> {
        OrderLines.orderKey(orders.lowerBound)...OrderLines.orderKey(orders.upperBound - 1)
    }

    /// Finds the customer of an order; every third customer has none.
    @inline(__always)
    private static func customer(near key: Int64, customerCount: Int64) -> Int64 {
        var key = key
        var delta: Int64 = 1
        while key % 3 == 0 {
            key = min(key &+ delta, customerCount)
            delta = -delta
        }
        return key
    }
}

/// Sums up the lines of orders.
private struct OrderTotals {
    /// The values of all orders of the window's span.
    let lineCounts: [Int64]
    private(set) var shippedCounts: [Int64]
    private(set) var prices: [Int64]

    init(_ orders: PositionWindow, _ scale: TPCHScale) {
        lineCounts = OrderLines.lineCounts(
            PositionWindow(first: orders.first, span: orders.span))
        shippedCounts = [Int64](repeating: 0, count: orders.span)
        prices = shippedCounts

        let lines = OrderLines.lines(ofOrders: orders.first, lineCounts: lineCounts)
        let extendedPrices = OrderLines.extendedPrices(lines, scale)
        let discounts = OrderLines.discounts(lines)
        let taxes = OrderLines.taxes(lines)
        let shipDays = OrderLines.shipDays(lines)
        var row = 0
        for order in 0..<orders.span {
            for _ in 0..<lineCounts[order] {
                // Cents are cut off after the discount and again after the tax.
                let discounted = extendedPrices[row] &* (100 &- discounts[row]) / 100
                prices[order] &+= discounted &* (100 &+ taxes[row]) / 100
                if shipDays[row] <= Int64(OrderLines.currentDay) { shippedCounts[order] &+= 1 }
                row &+= 1
            }
        }
    }
}
