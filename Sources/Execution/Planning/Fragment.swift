// A pipeline in the making: everything from a source up to some operator, before it is known where
// the rows go.

import StarlingPlans

/// Names a column of a scan that filters of joins can be given to.
struct FilterTarget {
    var scan: ScanSource
    var column: ColumnID
}

/// Holds the beginning of a pipeline.
struct Fragment {
    var source: any Source
    var transforms: [any Transform] = []
    var layout: ColumnLayout
    /// No more rows than this come out; nil where nothing is known.
    var rowCountMaximum: Int?
    /// For columns of the layout: the scans that rows can be left out of already where their value
    /// of the column finds no match in a join further on.
    var targets: [ColumnID: [FilterTarget]] = [:]
    /// The most rows that pass any of its operators, as far as that is known.
    var work = 0.0

    /// Adds a transform that gives `layout`.
    mutating func append(_ transform: any Transform, giving layout: ColumnLayout) {
        transforms.append(transform)
        self.layout = layout
    }
}
