// Orders the rows of a view by all levels of their keys.

import StarlingVectors

/// Compares rows by the levels of a key layout.
struct RowOrder: Sendable {
    let layout: SortKeyLayout
    let view: ColumnBlockView

    /// Tells whether `left` comes strictly before `right`; both carry their first words.
    @inline(__always)
    func isBefore(_ left: SortEntry, _ right: SortEntry) -> Bool {
        if left.word != right.word { return left.word < right.word }
        return compare(left.row, right.row, fromLevel: 1) < 0
    }

    /// Returns a negative number, 0 or a positive number.
    func compare(_ left: RowNumber, _ right: RowNumber, fromLevel first: Int) -> Int {
        for level in layout.levels[first...] {
            switch level {
            case .word(let word):
                let (leftWord, rightWord) = (view.word(word, left), view.word(word, right))
                if leftWord != rightWord { return leftWord < rightWord ? -1 : 1 }
            case .string(let key, _):
                let column = layout.keys[key].position
                // All earlier levels are equal, so either both rows are NULL here or neither is.
                guard view.isValid(column, left) else { continue }
                let order = StringReference.compareInFull(
                    view.value(column, left), view.value(column, right))
                if order != 0 { return layout.keys[key].isAscending ? order : -order }
            }
        }
        return 0
    }
}
