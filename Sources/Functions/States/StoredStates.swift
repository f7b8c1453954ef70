// How the states of aggregates are stored: field by field, in the order in which a state has them
// (`StateWriter`). docs/states.md lists them; a form that is there never changes, a new one gets a
// new version (`StateKernel`).

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

// MARK: Values

extension StoredState where Self: FixedWidthInteger {
    func write(to writer: inout StateWriter) { writer.append(self) }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Self {
        try reader.read(Self.self)
    }
}

extension Int8: StoredState {}
extension Int16: StoredState {}
extension Int32: StoredState {}
extension Int64: StoredState {}
extension UInt64: StoredState {}

extension Float: StoredState {
    func write(to writer: inout StateWriter) { writer.append(bitPattern) }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Float {
        Float(bitPattern: try reader.read())
    }
}

extension Double: StoredState {
    func write(to writer: inout StateWriter) { writer.append(self) }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Double {
        try reader.readDouble()
    }
}

extension TwoWords: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(low)
        writer.append(high)
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> TwoWords {
        TwoWords(low: try reader.read(), high: try reader.read())
    }
}

extension StringReference: StoredState {
    func write(to writer: inout StateWriter) { writer.append(self) }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> StringReference {
        try reader.readString(heap)
    }
}

extension ByteList: StoredState {
    func write(to writer: inout StateWriter) { writer.append(self) }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> ByteList {
        try reader.readList(heap)
    }

    /// Says no to bytes that are no packed value of the type.
    func checkPacked(_ type: LogicalType) throws(StarlingError) {
        let bytes = UnsafeRawBufferPointer(start: isEmpty ? nil : start, count: Int(byteCount))
        guard isPacked(bytes, as: type) else { throw StateReader.damage }
    }
}

extension ByteTable: StoredState where Value: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(count: Int(count))
        for number in 0..<Int(count) {
            writer.append(entries[number].key)
            entries[number].value.write(to: &writer)
        }
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Self {
        var table = Self.empty
        for _ in 0..<(try reader.readCount()) {
            let key = try reader.readString(heap)
            _ = table.find(key, orInsert: try Value.read(from: &reader, heap), heap)
        }
        return table
    }
}

extension ByteTable {
    /// Says no to keys that are no packed values of the type.
    func checkKeys(_ type: LogicalType) throws(StarlingError) {
        for number in 0..<Int(count) {
            guard entries[number].key.isPackedValue(of: type) else { throw StateReader.damage }
        }
    }
}

extension StringReference {
    func isPackedValue(of type: LogicalType) -> Bool { withBytes { isPacked($0, as: type) } }
}

// MARK: Numbers

extension TruthCounts: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(count)
        writer.append(trueCount)
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> TruthCounts {
        TruthCounts(count: try reader.read(), trueCount: try reader.read())
    }
}

extension SumState: StoredState {
    func write(to writer: inout StateWriter) {
        sum.write(to: &writer)
        writer.append(count)
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Self {
        Self(sum: try Sum.read(from: &reader, heap), count: try reader.read())
    }
}

extension VarianceState: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(count)
        for number in [mean, squares] { writer.append(number) }
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> VarianceState {
        VarianceState(
            count: try reader.read(), mean: try reader.readDouble(),
            squares: try reader.readDouble())
    }
}

extension CovarianceState: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(count)
        for number in [meanX, meanY, xx, xy, yy] { writer.append(number) }
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> CovarianceState {
        CovarianceState(
            count: try reader.read(), meanX: try reader.readDouble(),
            meanY: try reader.readDouble(), xx: try reader.readDouble(),
            xy: try reader.readDouble(), yy: try reader.readDouble())
    }
}

extension MomentState: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(count)
        for number in [mean, second, third, fourth] { writer.append(number) }
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> MomentState {
        MomentState(
            count: try reader.read(), mean: try reader.readDouble(),
            second: try reader.readDouble(), third: try reader.readDouble(),
            fourth: try reader.readDouble())
    }
}

// MARK: Values and lists

extension ExtremeState: StoredState where Kept: StoredState {
    func write(to writer: inout StateWriter) { value.write(to: &writer) }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Self {
        Self(value: try Kept.read(from: &reader, heap), isPresent: true)
    }
}

extension ConcatState: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(count: Int(skipped))
        writer.append(text)
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> ConcatState {
        let skipped = try reader.readCount()
        let text = try reader.readList(heap)
        guard skipped <= Int(text.byteCount) else { throw StateReader.damage }
        return ConcatState(text: text, skipped: UInt32(skipped), isPresent: 1)
    }
}

extension PercentileState: StoredState {
    func write(to writer: inout StateWriter) {
        digest.write(to: &writer)
        writer.append(fractions)
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> PercentileState {
        let digest = try Digest.read(from: &reader, heap)
        let fractions = try reader.readList(heap)
        guard fractions.byteCount % 8 == 0 else { throw StateReader.damage }
        for number in 0..<(Int(fractions.byteCount) / 8) {
            let fraction = fractions.start.load(fromByteOffset: number * 8, as: Double.self)
            guard fraction >= 0, fraction <= 1 else { throw StateReader.damage }
        }
        return PercentileState(digest: digest, fractions: fractions)
    }
}

// MARK: Events

extension RetentionState: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(bits)
        writer.append(count: Int(count))
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> RetentionState {
        let bits = try reader.read(UInt64.self)
        let count = try reader.read(UInt8.self)
        guard count <= EventRows.eventCountMaximum else { throw StateReader.damage }
        return RetentionState(bits: bits, count: Int32(count), isPresent: 1)
    }
}

extension FunnelState: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(window)
        writer.append(mode)
        writer.append(eventCount)
        writer.append(events)
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> FunnelState {
        let window: Int64 = try reader.read()
        let mode: Int32 = try reader.read()
        let eventCount: Int32 = try reader.read()
        let events = try reader.readList(heap)
        guard events.byteCount % 16 == 0,
            (0...EventRows.eventCountMaximum).contains(Int(eventCount))
        else { throw StateReader.damage }
        for number in 0..<(Int(events.byteCount) / 16) {
            let place = events.start.load(fromByteOffset: number * 16 + 8, as: Int64.self)
            guard place >= 0, place < Int64(eventCount) else { throw StateReader.damage }
        }
        return FunnelState(
            events: events, window: window, mode: mode, eventCount: eventCount, isPresent: 1)
    }
}

extension FrequentItemsState: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(itemCount)
        writer.append(counterCount)
        counts.write(to: &writer)
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> FrequentItemsState {
        let itemCount: Int32 = try reader.read()
        let counterCount: Int32 = try reader.read()
        guard itemCount > 0, counterCount >= itemCount, counterCount <= 100_000 else {
            throw StateReader.damage
        }
        let counts = try ByteTable<Int64>.read(from: &reader, heap)
        return FrequentItemsState(
            counts: counts, itemCount: itemCount, counterCount: counterCount)
    }
}

extension MapSumState: StoredState {
    func write(to writer: inout StateWriter) { sums.write(to: &writer) }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> MapSumState {
        MapSumState(sums: try ByteTable<TwoWords>.read(from: &reader, heap), isPresent: true)
    }
}

extension DistinctElementsState: StoredState {
    func write(to writer: inout StateWriter) { elements.write(to: &writer) }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> DistinctElementsState {
        DistinctElementsState(
            elements: try ByteTable<UInt64>.read(from: &reader, heap), isPresent: true)
    }
}
