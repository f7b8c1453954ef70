/// Names what cuts the texts of a column into terms, and those at paths of its documents.
package struct ColumnAnalyzers: Sendable, Hashable {
    package var own: String?
    /// By the keys that lead to the texts.
    package var paths: [[[UInt8]]: String]

    package init(own: String? = nil, paths: [[[UInt8]]: String] = [:]) {
        self.own = own
        self.paths = paths
    }
}
