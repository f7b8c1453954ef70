// Samples of a table's rows: a few of everywhere, to learn how values are distributed, and whole runs,
// to learn what the statistics of runs exclude.

import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingTables
import StarlingTypes
import StarlingVectors

extension NativeTable {
    /// Reads about `rowCount` rows of some columns, spread over all segments, as a vector a segment
    /// and column.
    package func sample(
        ofColumns positions: [Int], rowCount: Int
    ) throws(StarlingError) -> [[Vector]] {
        let segmentCountMax = 1_024
        let step = max(1, (segments.count + segmentCountMax - 1) / segmentCountMax)
        let chosen = stride(from: 0, to: segments.count, by: step).map { segments[$0] }
        let total = chosen.reduce(0) { $0 + $1.rowCount }
        guard total > 0 else { return positions.map { _ in [] } }
        var samples: [[Vector]] = positions.map { _ in [] }
        var generator = SampleGenerator()
        for segment in chosen {
            let wanted = max(1, segment.rowCount * min(rowCount, total) / total)
            for window in segment.sampledRows(wanted, &generator) {
                for (place, position) in positions.enumerated() {
                    let block = SegmentColumnReader(segment.columns[position])
                    samples[place].append(
                        try block.read(
                            window.rows, window.selection,
                            as: columns[position].type.widestPhysicalType))
                }
            }
        }
        return samples
    }

    /// Reads some columns of up to so many runs of rows that share statistics, as a vector a column
    /// each.
    package func sampledRuns(
        ofColumns positions: [Int], count: Int
    ) throws(StarlingError) -> [[Vector]] {
        var runs: [[Vector]] = []
        for run in sampledRuns(count: count) {
            var vectors: [Vector] = []
            for position in positions {
                vectors.append(
                    try run.segment.columns[position].read(
                        run.rows, as: columns[position].type.widestPhysicalType))
            }
            runs.append(vectors)
        }
        return runs
    }

    /// Chooses up to so many runs of rows that share statistics.
    func sampledRuns(count: Int) -> [(segment: Segment, rows: Range<Int>)] {
        let runCounts = segments.map { ($0.rowCount + packedCount - 1) / packedCount }
        let total = runCounts.reduce(0, +)
        guard total > 0 else { return [] }
        // They are as far from each other as can be, so that few blocks are read twice.
        let wanted = min(count, total)
        var runs: [(segment: Segment, rows: Range<Int>)] = []
        var (place, end) = (0, runCounts[0])
        for number in 0..<wanted {
            let run = number * total / wanted
            while run >= end {
                place += 1
                end += runCounts[place]
            }
            let segment = segments[place]
            let start = (run - (end - runCounts[place])) * packedCount
            runs.append((segment, start..<min(start + packedCount, segment.rowCount)))
        }
        return runs
    }
}

/// Gives numbers that are the same every time.
struct SampleGenerator {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Returns a number below a limit (xorshift).
    mutating func next(below limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(1, limit)))
    }
}

extension Segment {
    /// Chooses about so many rows that are not gone, a few in each window.
    fileprivate func sampledRows(
        _ wanted: Int, _ generator: inout SampleGenerator
    ) -> [(rows: Range<Int>, selection: Selection)] {
        let windowCount = (rowCount + chunkCapacity - 1) / chunkCapacity
        let eachCount = max(1, wanted / windowCount)
        let windowStep = max(1, windowCount / max(1, min(wanted, windowCount)))
        var windows: [(rows: Range<Int>, selection: Selection)] = []
        for window in stride(from: 0, to: windowCount, by: windowStep) {
            let start = window * chunkCapacity
            let rows = start..<min(start + chunkCapacity, rowCount)
            let gap = max(1, rows.count / eachCount)
            var selection = Selection()
            for first in stride(from: 0, to: rows.count, by: gap) {
                let row = first + generator.next(below: min(gap, rows.count - first))
                guard !(hidden?.contains(start + row) ?? false) else { continue }
                selection.rows[selection.count] = UInt16(row)
                selection.count += 1
            }
            if selection.count > 0 { windows.append((rows, selection)) }
        }
        return windows
    }
}
