// Lines of orders are counted by rows outside and by positions inside. Windows begin anywhere in an
// order; inside, all lines from the order's first one on are known, as the return flags need them.

import StarlingVectors

/// Is the window of lineitem.
struct LineWindow: RowWindow {
    let scale: TPCHScale
    let pool: TextPool
    private let orders: Range<Int>
    /// An order, and how many rows of the part come before it.
    private var cursor: (order: Int, row: Int)

    /// All lines of the orders that the window touches, up to its last row.
    private(set) var allLines = PositionWindow(first: 0, span: 0)
    /// The rows of the window, as indices into `allLines`.
    private(set) var rows: [UInt16] = []
    /// The rows of the window.
    private(set) var lines = PositionWindow(first: 0, span: 0)

    init(_ scale: TPCHScale, _ pool: TextPool, keys: Range<Int>) {
        self.scale = scale
        self.pool = pool
        orders = keys
        cursor = (keys.lowerBound, 0)
    }

    static func rowCount(of keys: Range<Int>) -> Int {
        let step = 8_192
        return stride(from: keys.lowerBound, to: keys.upperBound, by: step).reduce(0) {
            sum, first in
            let orders = PositionWindow(first: first, span: min(step, keys.upperBound - first))
            return OrderLines.lineCounts(orders).reduce(sum) { $0 + Int($1) }
        }
    }

    var count: Int { rows.count }

    mutating func move(to row: Int, count: Int) {
        if row < cursor.row { cursor = (orders.lowerBound, 0) }
        // An order has a line at least: so many orders suffice once the first one is found.
        var lineCounts: [Int64] = []
        var found = false
        while !found {
            let span = min(count + 1, orders.upperBound - cursor.order)
            lineCounts = OrderLines.lineCounts(PositionWindow(first: cursor.order, span: span))
            found = skipOrders(before: row, &lineCounts)
        }

        let lead = row - cursor.row
        var rest = lead + count
        let orderCount = lineCounts.firstIndex { lineCount in
            rest -= Int(lineCount)
            return rest <= 0
        }
        let touched = lineCounts.prefix((orderCount ?? lineCounts.count - 1) + 1)
        allLines = OrderLines.lines(ofOrders: cursor.order, lineCounts: Array(touched))
        rows = (lead..<lead + count).map { UInt16($0) }
        choosePositions()
    }

    /// Moves the cursor to the order that `row` belongs to, and drops the line counts before it;
    /// tells whether all the window's orders are known.
    private mutating func skipOrders(before row: Int, _ lineCounts: inout [Int64]) -> Bool {
        var skipped = 0
        while skipped < lineCounts.count, cursor.row + Int(lineCounts[skipped]) <= row {
            cursor.row += Int(lineCounts[skipped])
            cursor.order += 1
            skipped += 1
        }
        lineCounts.removeFirst(skipped)
        return skipped == 0
    }

    private mutating func choosePositions() {
        let all = allLines.picks ?? []
        lines = PositionWindow(
            first: allLines.first, span: allLines.span, picks: rows.map { all[Int($0)] })
    }

    func selecting(_ selection: Selection?) -> LineWindow {
        guard let selection else { return self }
        var result = self
        let chosen = UnsafeBufferPointer(start: selection.rows, count: selection.count)
        result.rows = chosen.map { rows[Int($0)] }
        result.choosePositions()
        return result
    }
}
