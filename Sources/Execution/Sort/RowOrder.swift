// Orders the rows of a view by all levels of their keys.
//
// Entries are sorted by the first word. Each run of equal words is sorted by the next level: the
// next word, or the next eight bytes of a string until all strings of the run have ended. So bytes
// and words that all rows of a run share are looked at once and not in every comparison.

import StarlingMemory
import StarlingVectors

/// Sorts and compares rows by the levels of a key layout.
struct RowOrder: Sendable {
    let layout: SortKeyLayout
    let view: ColumnBlockView

    /// Sorts entries that carry their first words.
    func sort(
        _ entries: UnsafeMutablePointer<SortEntry>, scratch: UnsafeMutablePointer<SortEntry>,
        count: Int
    ) {
        sortByWord(entries, scratch, count: count)
        refine(entries, scratch, count, level: 1)
    }

    /// Sorts every run of equal words by the levels from `level` on.
    private func refine(
        _ entries: UnsafeMutablePointer<SortEntry>, _ scratch: UnsafeMutablePointer<SortEntry>,
        _ count: Int, level: Int
    ) {
        guard level < layout.levels.count else { return }
        forEachRun(entries, count) { start, length in
            sortRun(entries + start, scratch + start, length, level: level)
        }
    }

    private func forEachRun(
        _ entries: UnsafeMutablePointer<SortEntry>, _ count: Int, _ body: (Int, Int) -> Void
    ) {
        var start = 0
        while start < count {
            let word = entries[start].word
            var end = start &+ 1
            while end < count, entries[end].word == word { end &+= 1 }
            if end &- start > 1 { body(start, end - start) }
            start = end
        }
    }

    /// Sorts entries whose words are equal, by later levels; the words are the same afterwards.
    private func sortRun(
        _ entries: UnsafeMutablePointer<SortEntry>, _ scratch: UnsafeMutablePointer<SortEntry>,
        _ count: Int, level: Int
    ) {
        guard level < layout.levels.count else { return }
        switch layout.levels[level] {
        case .string(let key, let skip):
            sortStrings(entries, scratch, count, level: level, key: key, depth: skip)
        case .word(let word):
            let saved = entries[0].word
            for i in 0..<count { entries[i].word = view.word(word, entries[i].row) }
            sortByWord(entries, scratch, count: count)
            refine(entries, scratch, count, level: level + 1)
            for i in 0..<count { entries[i].word = saved }
        }
    }

    /// Sorts strings that agree in their first `depth` bytes.
    private func sortStrings(
        _ entries: UnsafeMutablePointer<SortEntry>, _ scratch: UnsafeMutablePointer<SortEntry>,
        _ count: Int, level: Int, key: Int, depth: Int
    ) {
        let column = layout.keys[key].position
        guard view.isValid(column, entries[0].row) else {
            return sortRun(entries, scratch, count, level: level + 1)
        }
        var (shortest, longest) = (Int.max, 0)
        for i in 0..<count {
            let length = view.value(column, entries[i].row, as: StringReference.self).count
            shortest = min(shortest, length)
            longest = max(longest, length)
        }
        // Strings of one length that end here are equal.
        if longest <= depth, shortest == longest {
            return sortRun(entries, scratch, count, level: level + 1)
        }
        // Very long common prefixes would recurse too deep.
        if depth > 1_024 { return mergeSort(entries, scratch, count, level: level) }
        let saved = entries[0].word
        let flip: UInt64 = layout.keys[key].isAscending ? 0 : .max
        for i in 0..<count {
            let string = view.value(column, entries[i].row, as: StringReference.self)
            let word =
                longest <= depth ? UInt64(string.count) : string.orderingWord(from: depth)
            entries[i].word = word ^ flip
        }
        sortByWord(entries, scratch, count: count)
        forEachRun(entries, count) { start, length in
            // After a pass by length the next one finds equal strings.
            sortStrings(
                entries + start, scratch + start, length, level: level, key: key,
                depth: depth + (longest <= depth ? 0 : 8))
        }
        for i in 0..<count { entries[i].word = saved }
    }

    /// Sorts by comparing in full.
    private func mergeSort(
        _ entries: UnsafeMutablePointer<SortEntry>, _ scratch: UnsafeMutablePointer<SortEntry>,
        _ count: Int, level: Int
    ) {
        guard count > 1 else { return }
        let middle = count / 2
        mergeSort(entries, scratch, middle, level: level)
        mergeSort(entries + middle, scratch + middle, count - middle, level: level)
        scratch.update(from: entries, count: count)
        var (left, right) = (0, middle)
        for place in 0..<count {
            let takesLeft =
                left < middle
                && (right >= count
                    || compare(scratch[left].row, scratch[right].row, fromLevel: level) <= 0)
            entries[place] = scratch[takesLeft ? left : right]
            if takesLeft { left += 1 } else { right += 1 }
        }
    }

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
