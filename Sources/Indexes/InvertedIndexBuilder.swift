// Makes the index of a segment's texts, or of its values:
//
// 1. Each text is cut into terms; a term that is new gets the next number, found by hashing.
// 2. The numbers and positions of all tokens stand one behind the other, row after row. Counting how
//    often each number occurs tells where the tokens of each term go, and one more pass takes them
//    there, so that rows and positions of a term ascend.
// 3. The terms are sorted by their bytes and written with their lists.
//
//   index := head, blocks of terms, lists, positions, lengths of texts
//   head := bytes of the head (8), version 2 (4), 1 for counts and 2 for positions (4), rows (8),
//           tokens (8), terms (8), blocks (8), bytes of the blocks, of the lists, of the positions and
//           of the lengths (8 each), checksum of the lengths (8), rows that are NULL (8), bytes of
//           their list (8), it, fences

import StarlingAnalyzers
import StarlingErrors
import StarlingMemory

/// Takes texts row by row.
package struct InvertedIndexBuilder {
    static let version: UInt32 = 2
    private let analyzer: Analyzer
    private let hasPositions: Bool
    private let isCounted: Bool
    private var table = TermTable()
    /// The terms of all tokens, and their positions.
    private var numbers: [UInt32] = []
    private var positions: [UInt32] = []
    /// The token behind the last one of each row.
    private var ends: [Int] = []
    private var nulls: [UInt32] = []
    private var list = TokenList()

    /// Makes an index of terms; without counts it knows only which rows have a term.
    package init(_ analyzer: Analyzer, hasPositions: Bool, isCounted: Bool = true) {
        self.analyzer = analyzer
        self.hasPositions = hasPositions && isCounted
        self.isCounted = isCounted
    }

    package mutating func append(_ text: UnsafeRawBufferPointer) {
        append(texts: { $0(text) })
    }

    /// Adds a row of some texts.
    package mutating func append(texts: RowTexts) {
        analyzer.analyze(texts: texts, into: &list)
        list.bytes.withUnsafeBytes { bytes in
            for token in list.tokens {
                let term = UnsafeRawBufferPointer(
                    rebasing: bytes[token.first..<(token.first + token.count)])
                numbers.append(table.number(of: term))
                positions.append(UInt32(truncatingIfNeeded: token.position))
            }
        }
        ends.append(numbers.count)
    }

    /// Adds a term to a row that `endRow` ends, whatever its bytes are.
    package mutating func append(term: UnsafeRawBufferPointer) {
        numbers.append(table.number(of: term))
        positions.append(0)
    }

    package mutating func endRow() { ends.append(numbers.count) }

    package mutating func appendNull() {
        nulls.append(UInt32(ends.count))
        ends.append(numbers.count)
    }

    /// The bytes that making the index takes, about.
    package var byteCount: Int { numbers.count * 20 + ends.count * 8 + table.byteCount }

    // MARK: Writing

    package func finish() -> ByteWriter {
        let (starts, rows, places) = occurrences
        let lengths = lengths
        var dictionary = TermDictionaryWriter()
        var postings = PostingWriter(isCounted: isCounted, hasPositions: hasPositions)
        var rowsOfTerm = RowsOfTerm()
        table.forEachSorted { number, term in
            let tokens = starts[number]..<starts[number + 1]
            rowsOfTerm.take(rows[tokens])
            let entry = dictionary.begin(
                term, rowCount: rowsOfTerm.rows.count, lists: postings.lists.count,
                positions: postings.positions.count)
            guard rowsOfTerm.rows.count > 1 else {
                entry.appendVarint(UInt64(rowsOfTerm.rows[0]))
                return writeSingle(places[tokens], to: entry)
            }
            postings.write(
                rowsOfTerm.rows, counts: rowsOfTerm.counts, lengths: lengths,
                places: places[tokens], to: entry)
        }
        dictionary.finishBlock()
        return assembled(dictionary, postings, lengths)
    }

    /// Counts the terms of each row, where anybody asks.
    private var lengths: [UInt32] {
        guard isCounted else { return [] }
        var start = 0
        return ends.map { end in
            defer { start = end }
            return UInt32(truncatingIfNeeded: end - start)
        }
    }

    /// Is the rows of a term, and how often each has it.
    private struct RowsOfTerm {
        private(set) var rows: [UInt32] = []
        private(set) var counts: [UInt32] = []

        /// Takes the rows of all tokens, ascending.
        mutating func take(_ tokens: ArraySlice<UInt32>) {
            rows.removeAll(keepingCapacity: true)
            counts.removeAll(keepingCapacity: true)
            tokens.withUnsafeBufferPointer { tokens in
                var place = 0
                while place < tokens.count {
                    let row = tokens[place]
                    var next = place &+ 1
                    while next < tokens.count, tokens[next] == row { next &+= 1 }
                    rows.append(row)
                    counts.append(UInt32(truncatingIfNeeded: next &- place))
                    place = next
                }
            }
        }
    }

    /// Writes how often the one row of a term has it, and where.
    private func writeSingle(_ places: ArraySlice<UInt32>, to entry: ByteWriter) {
        if isCounted { entry.appendVarint(UInt64(places.count)) }
        guard hasPositions else { return }
        var before: UInt32 = 0
        for place in places {
            entry.appendVarint(UInt64(place - before))
            before = place
        }
    }

    /// Puts the tokens of each term together: where they begin, their rows and their positions.
    private var occurrences: (starts: [Int], rows: [UInt32], positions: [UInt32]) {
        var starts = [Int](repeating: 0, count: table.count + 1)
        for number in numbers { starts[Int(number) + 1] += 1 }
        for term in 0..<table.count { starts[term + 1] += starts[term] }
        var next = starts
        var rows = [UInt32](repeating: 0, count: numbers.count)
        var places = [UInt32](repeating: 0, count: numbers.count)
        var token = 0
        for (row, end) in ends.enumerated() {
            while token < end {
                let term = Int(numbers[token])
                rows[next[term]] = UInt32(row)
                places[next[term]] = positions[token]
                next[term] += 1
                token += 1
            }
        }
        return (starts, rows, places)
    }

    private func assembled(
        _ dictionary: TermDictionaryWriter, _ postings: PostingWriter, _ lengths: [UInt32]
    ) -> ByteWriter {
        let nullList = ByteWriter(capacity: 64)
        if !nulls.isEmpty { RowList.write(nulls, rowCount: ends.count, to: nullList) }
        let lengthBytes = ByteWriter(capacity: 64)
        if isCounted { TextLengths.write(lengths, to: lengthBytes) }
        let headByteCount = 104 + nullList.count + dictionary.fenceBytes.count
        let writer = ByteWriter(
            capacity: headByteCount + dictionary.blockBytes.count + postings.lists.count
                + postings.positions.count + lengthBytes.count)
        writer.append(UInt64(headByteCount))
        writer.append(Self.version)
        writer.append(UInt32((isCounted ? 1 : 0) | (hasPositions ? 2 : 0)))
        for number in [
            ends.count, numbers.count, table.count, dictionary.blockCount,
            dictionary.blockBytes.count, postings.lists.count, postings.positions.count,
            lengthBytes.count,
        ] {
            writer.append(UInt64(number))
        }
        writer.append(XXHash64.hash(lengthBytes.bytes))
        writer.append(UInt64(nulls.count))
        writer.append(UInt64(nullList.count))
        writer.append(nullList.bytes)
        writer.append(dictionary.fenceBytes)
        writer.append(dictionary.blockBytes)
        writer.append(postings.lists.bytes)
        writer.append(postings.positions.bytes)
        writer.append(lengthBytes.bytes)
        return writer
    }
}
