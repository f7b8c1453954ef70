// What orders and their lines have in common. A line's position is 7 · order + line; its dates
// count from the order's, its price is the part's, and the order's total is the sum of its lines.

/// Computes numbers of lines for windows whose first position is the first line of an order.
enum OrderLines {
    static let linesPerOrderMax = 7
    static let discountBounds = 0...10
    static let taxBounds = 0...8
    static let quantityBounds = 1...50

    /// 1992-01-01.
    static let firstDay = 8_035
    /// 1998-08-02: 151 days before the last day, for shipping and receiving.
    static let lastOrderDay = 10_440
    /// 1995-06-17; what has happened by then is known.
    static let currentDay = 9_298
    static let shipDelayBounds = 1...121

    static func orderDays(_ orders: PositionWindow) -> [Int64] {
        orders.uniform(seed: 1_066_728_069, firstDay, lastOrderDay)
    }

    static func lineCounts(_ orders: PositionWindow) -> [Int64] {
        orders.uniform(seed: 1_434_868_289, 1, linesPerOrderMax)
    }

    static func quantities(_ lines: PositionWindow) -> [Int64] {
        lines.uniform(seed: 209_208_115, quantityBounds.lowerBound, quantityBounds.upperBound)
    }

    static func discounts(_ lines: PositionWindow) -> [Int64] {
        lines.uniform(seed: 554_590_007, discountBounds.lowerBound, discountBounds.upperBound)
    }

    static func taxes(_ lines: PositionWindow) -> [Int64] {
        lines.uniform(seed: 721_958_466, taxBounds.lowerBound, taxBounds.upperBound)
    }

    static func partKeys(_ lines: PositionWindow, _ scale: TPCHScale) -> [Int64] {
        lines.uniform(seed: 1_808_217_256, 1, scale.partCount)
    }

    /// Computes the prices, in cents, of the lines' quantities of their parts.
    static func extendedPrices(_ lines: PositionWindow, _ scale: TPCHScale) -> [Int64] {
        var prices = partKeys(lines, scale)
        let quantities = quantities(lines)
        for row in prices.indices {
            prices[row] = Int64(PartRows.price(ofPart: Int(prices[row]))) &* quantities[row]
        }
        return prices
    }

    /// Looks up the day of each line's order.
    static func daysOfOrders(_ lines: PositionWindow) -> [Int64] {
        let days = orderDays(orders(of: lines))
        return lines.integers { Int(days[($0 &- lines.first) / linesPerOrderMax]) }
    }

    static func shipDays(_ lines: PositionWindow) -> [Int64] {
        let delays = lines.uniform(
            seed: 1_769_349_045, shipDelayBounds.lowerBound, shipDelayBounds.upperBound)
        return sum(daysOfOrders(lines), delays)
    }

    static func commitDays(_ lines: PositionWindow) -> [Int64] {
        sum(daysOfOrders(lines), lines.uniform(seed: 904_914_315, 30, 90))
    }

    static func receiptDays(_ lines: PositionWindow) -> [Int64] {
        sum(shipDays(lines), lines.uniform(seed: 373_135_028, 1, 30))
    }

    /// Names the orders that lines belong to.
    static func orders(of lines: PositionWindow) -> PositionWindow {
        PositionWindow(
            first: lines.first / linesPerOrderMax,
            span: (lines.span + linesPerOrderMax - 1) / linesPerOrderMax)
    }

    /// Names all lines of a range of orders.
    static func lines(ofOrders first: Int, lineCounts: [Int64]) -> PositionWindow {
        var picks: [UInt16] = []
        picks.reserveCapacity(lineCounts.count * linesPerOrderMax)
        for (order, lineCount) in lineCounts.enumerated() {
            let start = UInt16(order * linesPerOrderMax)
            for line in 0..<UInt16(lineCount) { picks.append(start &+ line) }
        }
        return PositionWindow(
            first: first * linesPerOrderMax, span: lineCounts.count * linesPerOrderMax,
            picks: picks)
    }

    /// Computes the key of an order: of every 32 keys only the first eight are used.
    @inline(__always)
    static func orderKey(_ order: Int) -> Int {
        let number = order &+ 1
        return ((number >> 3) << 5) &+ (number & 7)
    }

    private static func sum(_ left: [Int64], _ right: [Int64]) -> [Int64] {
        var result = left
        for row in result.indices { result[row] &+= right[row] }
        return result
    }
}
