// Text in which the places of fields are known: what readers of CSV and JSON hand to the parsers of
// columns. Field j of row r lies behind the byte at `ends[bases[r] + j]` and before the one at
// `ends[bases[r] + j + 1]`.

import StarlingMemory
import StarlingVectors

/// Is what column readers see of the rows that are read: text, and where each row's fields lie.
package struct FieldWindow {
    package let text: UnsafePointer<UInt8>
    package let ends: UnsafePointer<UInt32>
    package let bases: UnsafePointer<UInt32>
    package let count: Int
    /// Keeps the text alive.
    package let owner: Buffer
    package let quote: UInt8?

    package init(
        text: UnsafePointer<UInt8>, ends: UnsafePointer<UInt32>, bases: UnsafePointer<UInt32>,
        count: Int, owner: Buffer, quote: UInt8?
    ) {
        self.text = text
        self.ends = ends
        self.bases = bases
        self.count = count
        self.owner = owner
        self.quote = quote
    }

    /// Locates a field; a count below zero marks one that its row does not have.
    @inline(always)
    package func field(_ row: Int, _ column: Int, isLast: Bool) -> (start: Int, count: Int) {
        let base = Int(bases[row]) &+ column
        let start = Int(ends[base]) &+ 1
        let end = Int(ends[base &+ 1])
        // The newline of a row may be two characters.
        let isPair = isLast && end > start && text[end &- 1] == 13
        return (start, end &- start &- (isPair ? 1 : 0))
    }
}
