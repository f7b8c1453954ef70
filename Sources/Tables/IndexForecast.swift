// What indexes expect of a condition while a query is planned, without reading which rows they have for it.

/// Says how many rows of a table a condition may find, and by what.
package struct IndexForecast: Sendable {
    /// The share of the rows.
    package var share: Double
    /// The indexes that a scan asks for them, as people call them; none where it reads all rows.
    package var indexes: [String]

    package init(share: Double, indexes: [String]) {
        self.share = share
        self.indexes = indexes
    }
}
