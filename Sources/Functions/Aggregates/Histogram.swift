// histogram(x, buckets, ratio): buckets of about the same count, as StarRocks' statistics have
// them. Each is its least and its greatest value, the count up to its end, and how often the
// greatest value is there; counts are divided by the ratio of the sample.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

struct HistogramState: BitwiseCopyable {
    /// Packed values, each behind its length in four bytes.
    var values: ByteList
    var bucketCount: Int64
    var ratio: Double
}

/// Gathers values of any type that orders.
private struct Histogram: RowAggregate {
    struct Rows {
        let values: PackedArgument
        let bucketCounts: Vector
        let ratios: DecodedVector
    }

    private struct Bucket {
        var least: Int
        var greatest: Int
        var count: Int
        var repeats: Int
    }

    let element: LogicalType

    var resultPhysicalType: PhysicalType { .string }
    var gathersRows: Bool { true }
    var referencesSources: Bool { true }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        Rows(
            values: PackedArgument(arguments[0], element, asKey: true),
            bucketCounts: arguments[1].flattened().widened(to: .bigint),
            ratios: DecodedVector(arguments[2]))
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout HistogramState, heap: StringHeap
    ) throws(StarlingError) {
        guard rows.values.isValid(row) else { return }
        if state.bucketCount == 0 {
            let isKnown = rows.bucketCounts.isValid(row) && rows.ratios.isValid(row)
            let count = isKnown ? rows.bucketCounts.pointer(to: Int64.self)[row] : 0
            let ratio = isKnown ? rows.ratios.value(row, as: Double.self) : 0
            guard count > 0, ratio > 0, ratio <= 1 else {
                throw StarlingError(
                    .data,
                    "histogram() takes a positive number of buckets and a ratio of up to 1")
            }
            (state.bucketCount, state.ratio) = (count, ratio)
        }
        append(rows.values.bytes(row), to: &state, heap)
    }

    private func append(
        _ value: StringReference, to state: inout HistogramState, _ heap: StringHeap
    ) {
        state.values.extend(by: 4, heap)
            .storeBytes(of: UInt32(truncatingIfNeeded: value.count), as: UInt32.self)
        state.values.append(value, heap)
    }

    /// Lists the packed values.
    private func values(of state: HistogramState) -> [StringReference] {
        var values: [StringReference] = []
        var place = 0
        while place < Int(state.values.byteCount) {
            let start = state.values.start + place
            let count = Int(start.loadUnaligned(as: UInt32.self))
            values.append(StringReference(start + 4, count: count))
            place += 4 + count
        }
        return values
    }

    func isEmpty(_ state: HistogramState) -> Bool { state.values.isEmpty }

    func merge(_ source: HistogramState, into target: inout HistogramState, heap: StringHeap) {
        (target.bucketCount, target.ratio) = (source.bucketCount, source.ratio)
        target.values.append(source.values, heap)
    }

    func write(_ state: HistogramState, to writer: inout StateWriter) {
        let values = values(of: state)
        writer.append(state.bucketCount)
        writer.append(state.ratio)
        writer.append(count: values.count)
        for value in values { writer.append(value) }
    }

    func read(
        from reader: inout StateReader, heap: StringHeap
    ) throws(StarlingError) -> HistogramState {
        var state = HistogramState(
            values: .empty, bucketCount: try reader.read(), ratio: try reader.readDouble())
        guard state.bucketCount > 0, state.ratio > 0, state.ratio <= 1 else {
            throw StateReader.damage
        }
        for _ in 0..<(try reader.readCount()) {
            let value = try reader.readString(heap)
            guard value.isPackedValue(of: element) else { throw StateReader.damage }
            append(value, to: &state, heap)
        }
        return state
    }

    func results(_ states: StateList<HistogramState>) -> Vector {
        storedResults(states, { text(of: $0) }, isEmpty)
    }

    private func text(of state: HistogramState) -> [UInt8] {
        let values = values(of: state).sorted { $0 < $1 }
        let bucketSize = max(1, Int64(values.count) / state.bucketCount)
        var buckets: [Bucket] = []
        var inBucket: Int64 = 0
        for (place, value) in values.enumerated() {
            let last = buckets.count - 1
            if last >= 0, values[buckets[last].greatest] == value {
                buckets[last].repeats += 1
            } else if last >= 0, inBucket < bucketSize {
                buckets[last].repeats = 1
            } else {
                buckets.append(Bucket(least: place, greatest: place, count: 0, repeats: 1))
                inBucket = 0
            }
            buckets[buckets.count - 1].greatest = place
            buckets[buckets.count - 1].count = place + 1
            inBucket += 1
        }
        var text: [UInt8] = [UInt8(ascii: "[")]
        for (number, bucket) in buckets.enumerated() {
            if number > 0 { text.append(UInt8(ascii: ",")) }
            text.append(UInt8(ascii: "["))
            appendValue(values[bucket.least], to: &text)
            text.append(UInt8(ascii: ","))
            appendValue(values[bucket.greatest], to: &text)
            for count in [bucket.count, bucket.repeats] {
                let scaled = Int128((Double(count) / state.ratio).rounded(.down))
                text += Array(",\"\(scaled)\"".utf8)
            }
            text.append(UInt8(ascii: "]"))
        }
        return text + [UInt8(ascii: "]")]
    }

    private func appendValue(_ value: StringReference, to text: inout [UInt8]) {
        let packed = Vector(uninitialized: .string, count: 1)
        packed.pointer(to: StringReference.self)[0] = value
        var plain: [UInt8] = []
        unpacked(packed, as: element).value(at: 0).appendText(as: element, to: &plain)
        appendJSONString(plain, to: &text)
    }
}

enum Histograms {
    static let rows = [
        AggregateFunction(
            "histogram",
            summary: "Gives buckets of about the same count: least and greatest value, count up to "
                + "its end, and repeats of the greatest value.",
            examples: [
                (
                    "(SELECT histogram(x, 2, 1.0) FROM (VALUES (10), (20), (30), (40)) AS t(x))",
                    "[[\"10\",\"20\",\"2\",\"1\"],[\"30\",\"40\",\"4\",\"1\"]]"
                )
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(3...3, of: "histogram")
                try arguments.expectOrder(0, of: "histogram")
                let type = arguments.types[0]
                guard !type.isNested, type != .json else {
                    throw arguments.mismatch(0, of: "histogram", expected: "a plain value")
                }
                return FunctionSignature([type, .bigint, .double], returns: .string)
            },
            makeKernel: { types throws(StarlingError) in
                RowKernel(Histogram(element: types.signature.argumentTypes[0]))
            })
    ]
}
