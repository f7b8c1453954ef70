// Samples for kernels: every encoding, share of NULLs and selection of rows.

import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors

extension SampleColumn {
    /// Keeps selected rows; the vector is what a kernel gets behind a filter.
    func selected(by selection: Selection) -> SampleColumn {
        var column = self
        column.values = selection.list.map { values[$0] }
        column.vector = vector.gathered(by: selection)
        return column
    }
}

/// Runs `body` for samples of a layout in each encoding, with no, some and only NULLs, of which all
/// rows, about half, a few or none are selected.
func withEverySample(
    of type: PhysicalType, count: Int = 131, seed: UInt64 = 51,
    run body: (SampleColumn, SampleEncoding) throws -> Void
) rethrows {
    var generator = SeededGenerator(seed: seed &* 16 &+ UInt64(type.rawValue))
    try withEvery("encoding", in: SampleEncoding.allCases) { encoding in
        try withEvery("nulls", in: [0, 0.3, 1]) { nullRate in
            let column = SampleColumn(
                type, encoding, count: count, nullRate: nullRate, using: &generator)
            try withEvery("selected", in: [1, 0.5, 0.03, 0]) { rate in
                let rows = Selection.random(of: count, rate: rate, using: &generator)
                try body(column.selected(by: rows), encoding)
            }
        }
    }
}
