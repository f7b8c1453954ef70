import StarlingVectors

/// Stands for the rows of a part that columns are being generated for.
///
/// A part is a range of keys: rows of a table, and orders where the table is lineitem.
protocol RowWindow: Sendable {
    /// Opens a part.
    init(_ scale: TPCHScale, _ pool: TextPool, keys: Range<Int>)

    /// Counts the rows of a part.
    static func rowCount(of keys: Range<Int>) -> Int

    /// Moves to `count` rows from `row` of the part.
    mutating func move(to row: Int, count: Int)

    /// Keeps the rows that a selection names.
    func selecting(_ selection: Selection?) -> Self

    var count: Int { get }
}

/// Is the window of a table that has a row for every key.
struct KeyWindow: RowWindow {
    let scale: TPCHScale
    let pool: TextPool
    private let firstKey: Int
    private(set) var positions: PositionWindow

    init(_ scale: TPCHScale, _ pool: TextPool, keys: Range<Int>) {
        self.scale = scale
        self.pool = pool
        firstKey = keys.lowerBound
        positions = PositionWindow(first: firstKey, span: 0)
    }

    static func rowCount(of keys: Range<Int>) -> Int { keys.count }

    var count: Int { positions.count }

    mutating func move(to row: Int, count: Int) {
        positions = PositionWindow(first: firstKey + row, span: count)
    }

    func selecting(_ selection: Selection?) -> KeyWindow {
        guard let selection else { return self }
        var result = self
        result.positions = positions.selecting(selection)
        return result
    }
}
