/// Marks a piece of an SQL text by UTF-8 offsets, from `start` up to but not including `end`.
package struct TextRange: Sendable, Hashable {
    package var start: Int
    package var end: Int

    package init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }

    /// Covers both ranges and what lies between them.
    package func union(_ other: TextRange) -> TextRange {
        TextRange(start: min(start, other.start), end: max(end, other.end))
    }
}
