// A pipeline in the making: everything from a source up to some operator, before it is known where
// the rows go.

import StarlingPlans

/// Holds the beginning of a pipeline.
struct Fragment {
    var source: any Source
    var transforms: [any Transform] = []
    var layout: ColumnLayout
    /// No more rows than this come out; nil where nothing is known.
    var rowCountMaximum: Int?
    /// Scans that read for this fragment and whose rows still have the columns they gave: where
    /// filters of joins further on can go.
    var scans: [ScanSource] = []

    /// Adds a transform that gives `layout`.
    mutating func append(_ transform: any Transform, giving layout: ColumnLayout) {
        transforms.append(transform)
        self.layout = layout
    }
}
