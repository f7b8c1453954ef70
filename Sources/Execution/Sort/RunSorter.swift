// Sorts a run of rows, level by level of their keys.
//
// Entries are sorted by the first word. Each run of equal words is sorted by the next level: the
// next word, or the next eight bytes of a string until all strings of the run have ended. So bytes
// and words that all rows of a run share are looked at once and not in every comparison.
//
// A run may have millions of rows. Whoever goes over more than a piece of it asks between pieces
// whether to go on, and tells how many rows have found their place.

import StarlingErrors
import StarlingMemory
import StarlingVectors

/// Sorts entries of rows.
struct RunSorter {
    let order: RowOrder
    let pace: SortPace

    private var layout: SortKeyLayout { order.layout }
    private var view: ColumnBlockView { order.view }

    /// Sorts entries that carry their first words.
    func sort(
        _ entries: UnsafeMutablePointer<SortEntry>, scratch: UnsafeMutablePointer<SortEntry>,
        count: Int
    ) throws(StarlingError) {
        try sortByWord(entries, scratch, count: count, pace)
        try refine(entries, scratch, count, level: 1)
        if count <= SortPace.pieceRowCount { try pace.settle(count) }
    }

    /// Sorts every run of equal words by the levels from `level` on.
    private func refine(
        _ entries: UnsafeMutablePointer<SortEntry>, _ scratch: UnsafeMutablePointer<SortEntry>,
        _ count: Int, level: Int
    ) throws(StarlingError) {
        guard level < layout.levels.count else { return try pace.settle(run: count) }
        try forEachRun(entries, count) { (start, length) throws(StarlingError) in
            try sortRun(entries + start, scratch + start, length, level: level)
        }
    }

    private func forEachRun(
        _ entries: UnsafeMutablePointer<SortEntry>, _ count: Int,
        _ body: (Int, Int) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        var start = 0
        var settled = 0
        while start < count {
            let word = entries[start].word
            var end = start &+ 1
            while end < count, entries[end].word == word { end &+= 1 }
            let length = end &- start
            if length > 1 { try body(start, length) }
            if length <= SortPace.pieceRowCount { settled &+= length }
            if settled > SortPace.pieceRowCount {
                try pace.settle(settled)
                settled = 0
            }
            start = end
        }
        // Of a shorter one the caller tells.
        if count > SortPace.pieceRowCount { try pace.settle(settled) }
    }

    /// Sorts entries whose words are equal, by later levels; the words are the same afterwards.
    private func sortRun(
        _ entries: UnsafeMutablePointer<SortEntry>, _ scratch: UnsafeMutablePointer<SortEntry>,
        _ count: Int, level: Int
    ) throws(StarlingError) {
        guard level < layout.levels.count else { return try pace.settle(run: count) }
        switch layout.levels[level] {
        case .string(let key, let byteCount):
            let depth = agreedCount(entries[0].row, key: key, byteCount: byteCount)
            try sortStrings(entries, scratch, count, level: level, key: key, depth: depth)
        case .word(let word):
            let saved = entries[0].word
            try pace.inPieces(of: count) { piece in
                for i in piece { entries[i].word = view.word(word, entries[i].row) }
            }
            try sortByWord(entries, scratch, count: count, pace)
            try refine(entries, scratch, count, level: level + 1)
            for i in 0..<count { entries[i].word = saved }
        }
    }

    /// The bytes that strings have in common whose words say `byteCount` bytes of their codes.
    private func agreedCount(_ row: RowNumber, key: Int, byteCount: Int) -> Int {
        let column = layout.keys[key]
        guard let origin = column.origin, view.isValid(column.position, row) else { return 0 }
        let text = view.value(column.position, row, as: StringReference.self)
        return TextCoder(origin.known).agreedCount(text, byteCount: byteCount)
    }

    /// Sorts strings that agree in their first `depth` bytes.
    private func sortStrings(
        _ entries: UnsafeMutablePointer<SortEntry>, _ scratch: UnsafeMutablePointer<SortEntry>,
        _ count: Int, level: Int, key: Int, depth: Int
    ) throws(StarlingError) {
        let column = layout.keys[key].position
        guard view.isValid(column, entries[0].row) else {
            return try sortRun(entries, scratch, count, level: level + 1)
        }
        let (shortest, longest) = try lengths(entries, count, column)
        // Strings of one length that end here are equal.
        if longest <= depth, shortest == longest {
            return try sortRun(entries, scratch, count, level: level + 1)
        }
        // Very long common prefixes would recurse too deep.
        if depth > 1_024 {
            try mergeSort(entries, scratch, count, level: level)
            return try pace.settle(run: count)
        }
        let saved = entries[0].word
        let flip: UInt64 = layout.keys[key].isAscending ? 0 : .max
        try pace.inPieces(of: count) { piece in
            for i in piece {
                let string = view.value(column, entries[i].row, as: StringReference.self)
                let word =
                    longest <= depth ? UInt64(string.count) : string.orderingWord(from: depth)
                entries[i].word = word ^ flip
            }
        }
        try sortByWord(entries, scratch, count: count, pace)
        try forEachRun(entries, count) { (start, length) throws(StarlingError) in
            // After a pass by length the next one finds equal strings.
            try sortStrings(
                entries + start, scratch + start, length, level: level, key: key,
                depth: depth + (longest <= depth ? 0 : 8))
        }
        for i in 0..<count { entries[i].word = saved }
    }

    private func lengths(
        _ entries: UnsafeMutablePointer<SortEntry>, _ count: Int, _ column: Int
    ) throws(StarlingError) -> (shortest: Int, longest: Int) {
        var (shortest, longest) = (Int.max, 0)
        try pace.inPieces(of: count) { piece in
            for i in piece {
                let length = view.value(column, entries[i].row, as: StringReference.self).count
                shortest = min(shortest, length)
                longest = max(longest, length)
            }
        }
        return (shortest, longest)
    }

    /// Sorts by comparing in full.
    private func mergeSort(
        _ entries: UnsafeMutablePointer<SortEntry>, _ scratch: UnsafeMutablePointer<SortEntry>,
        _ count: Int, level: Int
    ) throws(StarlingError) {
        guard count > 1 else { return }
        let middle = count / 2
        try mergeSort(entries, scratch, middle, level: level)
        try mergeSort(entries + middle, scratch + middle, count - middle, level: level)
        scratch.update(from: entries, count: count)
        var (left, right) = (0, middle)
        try pace.inPieces(of: count) { piece in
            for place in piece {
                let takesLeft =
                    left < middle
                    && (right >= count
                        || order.compare(
                            scratch[left].row, scratch[right].row, fromLevel: level) <= 0)
                entries[place] = scratch[takesLeft ? left : right]
                if takesLeft { left += 1 } else { right += 1 }
            }
        }
    }
}
