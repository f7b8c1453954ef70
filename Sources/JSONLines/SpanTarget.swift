// Where a walk over objects notes the values of a key, without a reference to count for each value.

/// Takes places of values.
protocol SpanNoting {
    var reading: ValueSpans.Reading { get }

    /// Notes a value; the first of several of a key counts.
    func note(_ entry: Int, _ from: Int, _ to: Int, mark: Int, hasEscapes: Bool)
}

extension ValueSpans: SpanNoting {}

/// Lends the memory of spans that are not grown meanwhile.
struct SpanTarget: SpanNoting {
    private let ends: UnsafeMutablePointer<UInt32>
    private let marks: UnsafeMutablePointer<UInt32>
    let reading: ValueSpans.Reading
    /// Who lends keeps it alive.
    private unowned(unsafe) let spans: ValueSpans

    init(_ spans: ValueSpans) {
        ends = spans.ends
        marks = spans.marks
        reading = spans.reading
        self.spans = spans
    }

    @inline(__always)
    func clear(_ entry: Int) {
        ends[2 &* entry] = 0
        ends[2 &* entry &+ 1] = 0
    }

    /// Takes back what was noted, its escapes included.
    func forget(_ entry: Int) {
        clear(entry)
        spans.forgetEscapes(from: entry)
    }

    @inline(__always)
    func note(_ entry: Int, _ from: Int, _ to: Int, mark: Int, hasEscapes: Bool) {
        guard ends[2 &* entry &+ 1] == 0 else { return }
        if hasEscapes { return spans.note(entry, from, to, mark: mark, hasEscapes: true) }
        ends[2 &* entry] = UInt32(truncatingIfNeeded: from &- 1)
        ends[2 &* entry &+ 1] = UInt32(truncatingIfNeeded: to)
        marks[entry] = UInt32(truncatingIfNeeded: mark)
    }
}
