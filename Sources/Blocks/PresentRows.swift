import StarlingVectors

/// Numbers the rows of a block that are not NULL, where the others have no value that is stored.
struct PresentRows: Sendable {
    let count: Int
    /// Nil where all rows have a value.
    private let validity: Validity?
    /// Counts the rows with a value before each 64 rows.
    private let ranks: [UInt32]

    init(_ validity: Validity?, rowCount: Int) {
        self.validity = validity
        guard let validity else {
            count = rowCount
            ranks = []
            return
        }
        count = validity.validCount(of: rowCount)
        var ranks: [UInt32] = [0]
        for word in 0..<(rowCount / 64) {
            ranks.append(ranks[word] + UInt32(validity.words[word].nonzeroBitCount))
        }
        self.ranks = ranks
    }

    /// Counts the rows with a value before `row`.
    func rank(of row: Int) -> Int {
        guard let validity else { return row }
        let rest = row % 64
        guard rest > 0 else { return Int(ranks[row / 64]) }
        let bits = validity.words[row / 64] & (1 << UInt64(rest) - 1)
        return Int(ranks[row / 64]) + bits.nonzeroBitCount
    }

    /// The numbers of those of some rows that have one.
    func numbers(of rows: Range<Int>) -> Range<Int> {
        rank(of: rows.lowerBound)..<rank(of: rows.upperBound)
    }

    /// The numbers of those of selected rows that have one, counted from the first that any of
    /// `rows` has.
    func numbers(of selection: Selection, in rows: Range<Int>) -> Selection {
        guard let validity else { return selection }
        var numbers = Selection()
        let start = rank(of: rows.lowerBound)
        for place in 0..<selection.count {
            let row = rows.lowerBound + Int(selection.rows[place])
            guard validity.isValid(row) else { continue }
            numbers.rows[numbers.count] = UInt16(truncatingIfNeeded: rank(of: row) - start)
            numbers.count += 1
        }
        return numbers
    }

    /// Moves the first `count` strings behind each other to the rows that have one, all or the
    /// selected ones of `rows`.
    func spread(
        _ strings: UnsafeMutablePointer<StringReference>, count: Int, over rows: Range<Int>,
        _ selection: Selection?
    ) {
        guard let validity else { return }
        let none = StringReference.empty
        let selected = selection?.rows
        var (place, source) = (selection?.count ?? rows.count, count)
        while place > 0 {
            place &-= 1
            let row = rows.lowerBound &+ (selected.map { Int($0[place]) } ?? place)
            if validity.isValid(row) {
                source &-= 1
                strings[place] = strings[source]
            } else {
                strings[place] = none
            }
        }
    }
}
