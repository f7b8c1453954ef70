// Ctrl-R: looks backwards through the history for a text while it is typed.

/// Holds what is looked for and where it was found.
package struct HistorySearch: Equatable {
    package var text = ""
    /// The entry that is shown.
    package var found: Int?
    /// What was there before, for those who give up.
    package let draft: String
    package var isFailing = false
}

extension LineEditor {
    package mutating func beginSearch() { search = HistorySearch(draft: buffer.text) }

    /// Handles a key during the search; nil where the key ends it and is still to be handled.
    package mutating func handleSearching(_ key: Key) -> Outcome? {
        guard var search else { return nil }
        switch key {
        case .text(let text):
            search.text += text
            find(&search, before: search.found.map { $0 + 1 } ?? history.entries.count)
        case .backspace:
            if !search.text.isEmpty { search.text.removeLast() }
            find(&search, before: history.entries.count)
        case .control("r"):
            find(&search, before: search.found ?? history.entries.count)
        case .control("g"), .control("c"), .escape:
            show(search.draft)
            self.search = nil
            return .editing
        default:
            self.search = nil
            return nil
        }
        self.search = search
        return .editing
    }

    private mutating func find(_ search: inout HistorySearch, before end: Int) {
        guard !search.text.isEmpty else {
            search.isFailing = false
            return
        }
        guard let index = history.lastIndex(containing: search.text, before: end) else {
            search.isFailing = true
            return
        }
        search.isFailing = false
        search.found = index
        show(history.entries[index])
    }
}
