// Reads one leaf of a nested column, window by window: first the levels of all wanted rows, which
// tell the shape of everything above the leaf, then the leaf's values.
//
// An entry is a pair of levels. A row begins where the repetition level is 0. An entry has a place
// in the leaf's vector where its definition level reaches that of the innermost list's elements,
// and a value where it reaches the leaf's own.

import StarlingMemory
import StarlingTables
import StarlingVectors

/// Holds the levels of a window's entries.
struct LeafLevels {
    var count = 0
    /// Nil where all are 0.
    var definitions: Buffer?
    var repetitions: Buffer?
}

/// Reads the column chunk of a leaf in ascending windows.
final class LeafReader {
    private let pages: LeafPages
    private let decoder: ColumnDecoder
    private let definitionMaximum: Int
    private let repeats: Bool
    private var hasDictionary = false

    private var page: LeafPage?
    /// The next entry of `page`, and the row that begins there or at the next beginning.
    private var entry = 0
    private var nextRow = 0
    /// The page that the decoder is in.
    private var decodedPage: LeafPage?

    /// Is a run of entries in a page whose values are decoded, or passed over.
    private struct Run {
        var page: LeafPage
        var entries: Range<Int>
        var isWanted: Bool
    }

    private var runs: [Run] = []
    private(set) var levels = LeafLevels()

    init(pages: LeafPages, decoder: ColumnDecoder, leaf: SchemaNode) {
        self.pages = pages
        self.decoder = decoder
        definitionMaximum = leaf.definitionLevel
        repeats = leaf.depth > 0
    }

    /// Says in which rows windows will lie, and where the pages are.
    func expect(_ rows: RowRanges, _ layout: PageLayout) { pages.expect(rows, layout) }

    func takeCutCount() -> Int { decoder.takeCutCount() }

    private static let tooFewRows = ParquetDamage("the column has fewer rows than the row group")

    /// Finds the entries of the wanted rows and collects their levels.
    func collect(
        row: Int, count: Int, selection: Selection?
    ) throws(ParquetDamage) {
        runs = []
        try skipRows(to: row)
        var seen = 0
        var place = 0
        while true {
            guard try openPage() else {
                guard seen == count else { throw Self.tooFewRows }
                break
            }
            guard let page else { break }
            if seen == 0, repeats, try passContinuation(page) { continue }
            let end = find(page, rows: count - seen)
            let found = countRows(page, entry..<end)
            guard seen + found > 0 || end == entry else { throw Self.tooFewRows }
            if let selection {
                split(page, entry..<end, firstRow: seen, selection, &place)
            } else if end > entry {
                runs.append(Run(page: page, entries: entry..<end, isWanted: true))
            }
            seen += found
            entry = end
            if end < page.entryCount { break }
            // Without repetition a row ends with its entry; no need to look at the next page.
            if !repeats || pages.beginsWithRows, seen == count { break }
        }
        guard seen == count else { throw Self.tooFewRows }
        nextRow = row + count
        joinLevels()
    }

    /// Makes sure that `page` has entries left; false behind the last one.
    private func openPage() throws(ParquetDamage) -> Bool {
        if let page, entry < page.entryCount { return true }
        var none = -1
        page = try pages.next(skippable: &none)
        entry = 0
        return page != nil
    }

    /// Passes over the rows before `row`.
    private func skipRows(to row: Int) throws(ParquetDamage) {
        while nextRow < row {
            if page == nil || entry == page!.entryCount {
                var left = row - nextRow
                page = try pages.next(skippable: &left)
                nextRow = row - left
                entry = 0
                guard page != nil else {
                    guard left == 0 else { throw Self.tooFewRows }
                    return
                }
                if left == 0 { return }
            }
            guard let page else { return }
            let end = find(page, rows: row - nextRow)
            nextRow += countRows(page, entry..<end)
            page.valuesToSkip += countValues(page, entry..<end)
            entry = end
        }
    }

    /// Passes over entries that belong to a row before; true where the page ends with them.
    private func passContinuation(_ page: LeafPage) throws(ParquetDamage) -> Bool {
        guard let repetitions = page.repetitions?.pointer(to: UInt8.self) else { return false }
        var end = entry
        while end < page.entryCount, repetitions[end] != 0 { end += 1 }
        guard end > entry else { return false }
        guard nextRow > 0 || !runs.isEmpty else {
            throw ParquetDamage("the first row of a column does not begin")
        }
        guard runs.isEmpty else { return false }
        page.valuesToSkip += countValues(page, entry..<end)
        entry = end
        return end == page.entryCount
    }

    /// Finds the entry behind the next `rows` rows: the beginning of another one or the page's end.
    private func find(_ page: LeafPage, rows: Int) -> Int {
        guard let repetitions = page.repetitions?.pointer(to: UInt8.self) else {
            return min(page.entryCount, entry + rows)
        }
        var left = rows
        for index in entry..<page.entryCount where repetitions[index] == 0 {
            if left == 0 { return index }
            left -= 1
        }
        return page.entryCount
    }

    private func countRows(_ page: LeafPage, _ entries: Range<Int>) -> Int {
        guard let repetitions = page.repetitions?.pointer(to: UInt8.self) else {
            return entries.count
        }
        var rows = 0
        for index in entries { rows &+= repetitions[index] == 0 ? 1 : 0 }
        return rows
    }

    private func countValues(_ page: LeafPage, _ entries: Range<Int>) -> Int {
        guard let definitions = page.definitions?.pointer(to: UInt8.self) else {
            return entries.count
        }
        let maximum = UInt8(definitionMaximum)
        var values = 0
        for index in entries { values &+= definitions[index] == maximum ? 1 : 0 }
        return values
    }

    /// Cuts entries into runs of rows that are selected and of others.
    private func split(
        _ page: LeafPage, _ entries: Range<Int>, firstRow: Int, _ selection: Selection,
        _ place: inout Int
    ) {
        let repetitions = page.repetitions?.pointer(to: UInt8.self)
        let selected = selection.rows
        // Entries before the page's first beginning go on with the row before.
        var row = firstRow - 1
        var isWanted = runs.last?.isWanted ?? false
        var start = entries.lowerBound
        for index in entries where repetitions.map({ $0[index] == 0 }) ?? true {
            row += 1
            while place < selection.count, Int(selected[place]) < row { place += 1 }
            let isNextWanted = place < selection.count && Int(selected[place]) == row
            guard isNextWanted != isWanted else { continue }
            if index > start {
                runs.append(Run(page: page, entries: start..<index, isWanted: isWanted))
            }
            start = index
            isWanted = isNextWanted
        }
        if entries.upperBound > start {
            runs.append(Run(page: page, entries: start..<entries.upperBound, isWanted: isWanted))
        }
    }

    /// Puts the levels of the wanted runs one behind the other.
    private func joinLevels() {
        let count = runs.reduce(0) { $0 + ($1.isWanted ? $1.entries.count : 0) }
        levels = LeafLevels(count: count)
        if definitionMaximum > 0 { levels.definitions = Buffer(byteCount: max(1, count)) }
        if repeats { levels.repetitions = Buffer(byteCount: max(1, count)) }
        var next = 0
        for run in runs where run.isWanted {
            let range = run.entries
            if let target = levels.definitions, let source = run.page.definitions {
                (target.baseAddress + next).copyMemory(
                    from: source.baseAddress + range.lowerBound, byteCount: range.count)
            }
            if let target = levels.repetitions {
                if let source = run.page.repetitions {
                    (target.baseAddress + next).copyMemory(
                        from: source.baseAddress + range.lowerBound, byteCount: range.count)
                } else {
                    (target.baseAddress + next).initializeMemory(
                        as: UInt8.self, repeating: 0, count: range.count)
                }
            }
            next += range.count
        }
        withExtendedLifetime(levels) {}
    }

    /// Decodes the values of the collected entries: one for each of at least `elementLevel`.
    func decode(elementLevel: Int, count: Int) throws(ParquetDamage) -> Vector {
        decoder.start(count: count)
        let bits = Validity(count: count, allValid: false)
        var position = 0
        var valueCount = 0
        for run in runs {
            guard run.isWanted else {
                run.page.valuesToSkip += countValues(run.page, run.entries)
                continue
            }
            try turnDecoder(to: run.page)
            var start = run.entries.lowerBound
            while start < run.entries.upperBound {
                let end = min(start + chunkCapacity, run.entries.upperBound)
                let (slots, values) = try mark(
                    run.page, start..<end, elementLevel, bits, at: position, limit: count)
                if values > 0 { try decoder.decode(values, at: position) }
                if values < slots {
                    decoder.spread(values, over: slots, at: position, validity: bits.words)
                }
                position += slots
                valueCount += values
                start = end
            }
        }
        guard position == count else { throw Self.contradiction }
        runs = []
        return try decoder.finish(validity: valueCount == count ? nil : bits)
    }

    static let contradiction = ParquetDamage(
        "the leaves of a nested column contradict each other")

    /// Sets the bits of the entries that have a value; counts places and values.
    private func mark(
        _ page: LeafPage, _ entries: Range<Int>, _ elementLevel: Int, _ bits: Validity,
        at position: Int, limit: Int
    ) throws(ParquetDamage) -> (slots: Int, values: Int) {
        let words = bits.words
        guard let definitions = page.definitions?.pointer(to: UInt8.self) else {
            guard entries.count <= limit - position else { throw Self.contradiction }
            for index in position..<(position + entries.count) {
                words[index &>> 6] |= 1 &<< UInt64(index & 63)
            }
            return (entries.count, entries.count)
        }
        let (low, high) = (UInt8(elementLevel), UInt8(definitionMaximum))
        var slot = position
        var values = 0
        for index in entries {
            let level = definitions[index]
            guard level >= low else { continue }
            guard slot < limit else { throw Self.contradiction }
            let bit: UInt64 = level == high ? 1 : 0
            words[slot &>> 6] |= bit &<< UInt64(slot & 63)
            values &+= Int(bit)
            slot &+= 1
        }
        return (slot - position, values)
    }

    private func turnDecoder(to page: LeafPage) throws(ParquetDamage) {
        if decodedPage !== page {
            decoder.close()
            if !hasDictionary, let dictionary = pages.openedDictionary() {
                hasDictionary = true
                try decoder.openDictionary(dictionary)
            }
            try decoder.open(page.page)
            decodedPage = page
        }
        if page.valuesToSkip > 0 {
            try decoder.skip(page.valuesToSkip)
            page.valuesToSkip = 0
        }
    }
}
