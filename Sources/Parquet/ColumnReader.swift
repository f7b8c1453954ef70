// Reads one column of a row group, window by window: finds the pages that the window lies in, turns
// definition levels into a validity bitmap, and has the decoder make the values that are wanted.
//
//  1. Pages that end before the first wanted row are passed over by their headers.
//  2. In a page, the rows between the last window and this one are skipped, which for most
//     encodings costs nothing a value.
//  3. Levels say which rows have a value. Where all have, rows count values; else the wanted rows
//     are translated to the ordinals of their values, decoded densely, and spread.

import StarlingErrors
import StarlingMemory
import StarlingTables
import StarlingVectors

/// Reads a column chunk in ascending windows.
final class ColumnReader: ColumnReading {
    private let pages: ChunkPages
    private let decoder: ColumnDecoder
    private let place: String
    private let areRequired: Bool
    private var hasReadDictionary = false

    private var openRows = 0..<0
    private var levels: BitRunDecoder?
    /// The next row of the open page whose level and value were not passed over yet.
    private var nextRow = 0

    /// The bitmap of the vector, and of one page's part of the window.
    private let outputBits = Buffer(byteCount: chunkCapacity / 8 + 8)
    private let pageBits = Buffer(byteCount: chunkCapacity / 8 + 8)
    private let ordinals = Buffer(byteCount: chunkCapacity * 2)

    /// `areRequired` says that the column has no NULLs, so that no bitmap is kept.
    init(pages: ChunkPages, decoder: ColumnDecoder, areRequired: Bool, place: String) {
        self.areRequired = areRequired
        self.pages = pages
        self.decoder = decoder
        self.place = place
    }

    /// Says in which rows windows will lie.
    func expect(_ rows: RowRanges, _ layout: PageLayout, isLate: Bool) {
        pages.expect(rows, layout, isLate: isLate)
    }

    func read(
        row: Int, count: Int, selection: Selection?, check: DomainCheck?
    ) throws(StarlingError) -> Vector {
        do throws(ParquetDamage) {
            let vector = try readWindow(row..<(row + count), selection)
            try check?.check(vector)
            return vector
        } catch {
            throw error.located(in: place)
        }
    }

    func takeCutCount() -> Int { decoder.takeCutCount() }

    /// Returns the dictionary without moving.
    func dictionary() throws(StarlingError) -> VectorDictionary? {
        // The open page lies where the dictionary would.
        guard hasReadDictionary || openRows.isEmpty else { return nil }
        do throws(ParquetDamage) {
            try readDictionary()
            return decoder.vectorDictionary
        } catch {
            throw error.located(in: place)
        }
    }

    private func readDictionary() throws(ParquetDamage) {
        if hasReadDictionary { return }
        hasReadDictionary = true
        if let page = try pages.openDictionary() { try decoder.openDictionary(page) }
    }

    private func readWindow(
        _ window: Range<Int>, _ selection: Selection?
    ) throws(ParquetDamage) -> Vector {
        let total = selection?.count ?? window.count
        decoder.start(count: total)
        outputBits.pointer(to: UInt64.self).update(repeating: 0, count: total / 64 + 1)
        var row = window.lowerBound
        var done = 0
        var hasNull = false
        let selected = selection?.rows
        defer { withExtendedLifetime(selection) {} }
        while done < total {
            try pages.move(to: row)
            let pieceEnd = min(window.upperBound, pages.pageRows.upperBound)
            var wanted = pieceEnd - row
            if let selection {
                wanted = total - done
                if pieceEnd < window.upperBound {
                    wanted = countRows(
                        of: selection, from: done, below: pieceEnd - window.lowerBound)
                }
            }
            if wanted > 0 {
                try openPage(at: row)
                let rows = selected.map { UnsafePointer($0 + done) }
                let isFull = try readPiece(
                    row..<pieceEnd, rows: rows, base: row - window.lowerBound, wanted: wanted,
                    at: done)
                if !isFull { hasNull = true }
                done += wanted
            }
            row = pieceEnd
        }
        let validity = hasNull ? makeValidity(count: total) : nil
        return try decoder.finish(validity: validity)
    }

    /// Counts the selected rows from place `first` on that lie before `limit`.
    private func countRows(of selection: Selection, from first: Int, below limit: Int) -> Int {
        let rows = selection.rows
        var low = first
        var high = selection.count
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[middle]) < limit { low = middle + 1 } else { high = middle }
        }
        return low - first
    }

    private func makeValidity(count: Int) -> Validity {
        let wordCount = max(1, Validity.wordCount(for: count))
        let validity = Validity(buffer: Buffer(byteCount: wordCount * 8))
        validity.words.update(from: outputBits.pointer(to: UInt64.self), count: wordCount)
        return validity
    }

    /// Opens the current page unless it is open, and passes over its rows before `row`.
    private func openPage(at row: Int) throws(ParquetDamage) {
        if openRows != pages.pageRows || openRows.isEmpty {
            decoder.close()
            // Many a piece of a row group begins behind the pages that a large dictionary served.
            if pages.hasCodes { try readDictionary() }
            let page = try pages.open()
            openRows = pages.pageRows
            levels = page.levels
            nextRow = openRows.lowerBound
            try decoder.open(page)
        }
        guard row >= nextRow else { throw ParquetDamage("windows must ascend") }
        var skipped = row - nextRow
        if levels != nil {
            guard let valueCount = levels!.skip(skipped) else { throw ColumnDecoder.tooShort }
            skipped = valueCount
        }
        if skipped > 0 { try decoder.skip(skipped) }
        nextRow = row
    }

    /// Reads the part of a window that lies in the open page; tells whether it has no NULL.
    private func readPiece(
        _ piece: Range<Int>, rows: UnsafePointer<UInt16>?, base: Int, wanted: Int, at position: Int
    ) throws(ParquetDamage) -> Bool {
        nextRow = piece.upperBound
        let bits = pageBits.pointer(to: UInt64.self)
        var valueCount = piece.count
        if levels != nil {
            bits.update(repeating: 0, count: piece.count / 64 + 1)
            guard let found = levels!.decode(piece.count, into: bits, at: 0) else {
                throw ColumnDecoder.tooShort
            }
            valueCount = found
        }
        let output = outputBits.pointer(to: UInt64.self)
        if valueCount == piece.count {
            if !areRequired { setBits(output, from: position, count: wanted) }
            if let rows {
                try decoder.decode(
                    rows: rows, base: base, count: wanted, span: valueCount, at: position)
            } else {
                try decoder.decode(wanted, at: position)
            }
            return true
        }
        let validCount: Int
        if let rows {
            validCount = listOrdinals(rows, base: base, wanted: wanted, at: position)
            try decoder.decode(
                rows: ordinals.pointer(), base: 0, count: validCount, span: valueCount,
                at: position)
        } else {
            for word in 0...(wanted / 64) where bits[word] != 0 {
                let target = position + word * 64
                output[target >> 6] |= bits[word] << UInt64(target & 63)
                if target & 63 != 0 {
                    output[target >> 6 + 1] |= bits[word] >> UInt64(64 - target & 63)
                }
            }
            validCount = valueCount
            try decoder.decode(validCount, at: position)
        }
        decoder.spread(validCount, over: wanted, at: position, validity: output)
        return validCount == wanted
    }

    /// Translates wanted rows to the ordinals of their values among the piece's values, and marks
    /// in the output which of them have one.
    private func listOrdinals(
        _ rows: UnsafePointer<UInt16>, base: Int, wanted: Int, at position: Int
    ) -> Int {
        let bits = pageBits.pointer(to: UInt64.self)
        let output = outputBits.pointer(to: UInt64.self)
        let ordinals = ordinals.pointer(to: UInt16.self)
        var found = 0
        var word = 0
        var before = 0
        for index in 0..<wanted {
            let row = Int(rows[index]) - base
            while word < row >> 6 {
                before += bits[word].nonzeroBitCount
                word += 1
            }
            let bit = UInt64(row & 63)
            guard (bits[word] >> bit) & 1 != 0 else { continue }
            let inWord = (bits[word] & ((1 << bit) - 1)).nonzeroBitCount
            ordinals[found] = UInt16(before + inWord)
            found += 1
            output[(position + index) >> 6] |= 1 << UInt64((position + index) & 63)
        }
        return found
    }

    private func setBits(_ words: UnsafeMutablePointer<UInt64>, from start: Int, count: Int) {
        var position = start
        let end = start + count
        while position < end {
            let step = min(end - position, 64 - position & 63)
            let bits: UInt64 = step == 64 ? .max : (1 << UInt64(step)) - 1
            words[position >> 6] |= bits << UInt64(position & 63)
            position += step
        }
    }
}
