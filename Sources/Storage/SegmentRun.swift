/// Names segments that were sorted together: their rows lie in the order of a key, one segment behind
/// the other. Nothing but the choice of what OPTIMIZE sorts again depends on it.
package struct SegmentRun: Sendable, Hashable {
    /// The key, with the numbers of columns instead of their names.
    package var key: String
    /// The number of the first of the segments.
    package var number: UInt64

    package init(key: String, number: UInt64) {
        self.key = key
        self.number = number
    }
}

extension Segment {
    /// The sorted run that the rows are a part of.
    package var run: SegmentRun? { pieces.count == 1 ? pieces[0].run : nil }

    /// Returns the rows as a part of a sorted run.
    package func sorted(in run: SegmentRun?) -> Segment {
        var pieces = pieces
        for place in pieces.indices { pieces[place].run = run }
        return regarded(as: pieces) ?? self
    }
}

extension [Segment] {
    /// Returns the segments as one sorted run, where they are so large that they stay as they are.
    package func sorted(
        by key: String, rowCountMin: Int = Segment.rowCountMax / 4
    ) -> [Segment] {
        let rowCount = reduce(0) { $0 + $1.rowCount }
        guard rowCount >= rowCountMin, let number = first?.numbers.first else { return self }
        return map { $0.sorted(in: SegmentRun(key: key, number: number)) }
    }

    /// The sorted runs that the segments are in, each with their numbers.
    var runs: [(run: SegmentRun, segments: [UInt64])] {
        var runs: [(run: SegmentRun, segments: [UInt64])] = []
        var places: [SegmentRun: Int] = [:]
        for segment in self {
            guard let run = segment.run else { continue }
            if let place = places[run] {
                runs[place].segments += segment.numbers
            } else {
                places[run] = runs.count
                runs.append((run, segment.numbers))
            }
        }
        return runs
    }
}
