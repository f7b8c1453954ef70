// The statements that were typed, oldest first. Going back keeps the draft that one came from.

/// Holds earlier statements and the place where a person looks at them.
package struct History {
    private static let countMaximum = 2_000

    package private(set) var entries: [String]
    private var position: Int
    private var draft = ""

    package init(_ entries: [String] = []) {
        self.entries = Array(entries.suffix(Self.countMaximum))
        position = self.entries.count
    }

    /// Adds a statement and goes to the end; returns false where it equals the one before.
    @discardableResult
    package mutating func add(_ text: String) -> Bool {
        defer { position = entries.count }
        guard !text.isEmpty, entries.last != text else { return false }
        if entries.count >= Self.countMaximum { entries.removeFirst() }
        entries.append(text)
        return true
    }

    /// Leaves the past without taking anything from it.
    package mutating func rewind() { position = entries.count }

    package mutating func older(than current: String) -> String? {
        guard position > 0 else { return nil }
        if position == entries.count { draft = current }
        position -= 1
        return entries[position]
    }

    package mutating func newer() -> String? {
        guard position < entries.count else { return nil }
        position += 1
        return position == entries.count ? draft : entries[position]
    }

    /// Finds the last entry before a position that holds a text, letter case aside.
    package func lastIndex(containing text: String, before end: Int) -> Int? {
        let needle = text.lowercased()
        return entries[..<min(end, entries.count)].lastIndex { $0.lowercased().contains(needle) }
    }
}
