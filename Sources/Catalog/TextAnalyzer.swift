/// Is an analyzer that CREATE TEXT ANALYZER has made.
package struct TextAnalyzer: Sendable, Equatable {
    package var name: String
    /// What the statement said.
    package var definition: String
    /// What it means, as plans and indexes have it.
    package var meaning: String

    package init(name: String, definition: String, meaning: String) {
        self.name = name
        self.definition = definition
        self.meaning = meaning
    }
}
