// Chooses, for each run of 1,024 integers, between bits above the least of them, with a few that do
// not fit written apart, and differences from one to the next, packed in the same way.

import StarlingMemory

/// Packs integers into a sequence.
struct IntegerSequenceWriter {
    private let writer: ByteWriter
    private let scratch: Buffer
    private let offsets: UnsafeMutablePointer<UInt64>
    private let deltas: UnsafeMutablePointer<Int64>

    private init(into writer: ByteWriter) {
        self.writer = writer
        scratch = Buffer(byteCount: packedCount * 16)
        offsets = scratch.pointer(to: UInt64.self)
        deltas = (scratch.baseAddress + packedCount * 8).assumingMemoryBound(to: Int64.self)
    }

    /// Appends the sequence to `writer`, whose count is a multiple of 8.
    static func write(
        _ values: UnsafePointer<Int64>, count: Int, into writer: ByteWriter
    ) {
        let data = ByteWriter(capacity: count + packedCount)
        let packer = IntegerSequenceWriter(into: data)
        var runs: [PackedRun] = []
        runs.reserveCapacity((count + packedCount - 1) / packedCount)
        for row in stride(from: 0, to: count, by: packedCount) {
            runs.append(packer.add(values + row, count: min(packedCount, count - row)))
        }
        let isPacked = runs.count >= PackedRunHeads.countMin
        writer.append(UInt64(count) | (isPacked ? IntegerSequence.packedMark : 0))
        writer.append(UInt64(data.count))
        if isPacked {
            PackedRunHeads.write(runs, into: writer)
        } else {
            runs.withUnsafeBytes { writer.append($0) }
        }
        writer.append(data.bytes)
    }

    private func add(_ values: UnsafePointer<Int64>, count: Int) -> PackedRun {
        let extent = Extent(values, count: count)
        var run = PackedRun(low: extent.low, high: extent.high, base: extent.low)
        run.offset = UInt32(writer.count)
        var packing = packing(of: values, count: count, low: extent.low, width: extent.width)
        var numbers = values
        if let width = extent.deltaWidth, count > 1 {
            deltas[0] = extent.leastDelta
            for place in 1..<count { deltas[place] = values[place] &- values[place &- 1] }
            let differing = self.packing(
                of: deltas, count: count, low: extent.leastDelta, width: width)
            // Sums cost a little more than numbers that stand alone.
            if differing.byteCount + 2 * packedCount / 8 <= packing.byteCount {
                packing = differing
                numbers = UnsafePointer(deltas)
                run.isDelta = true
            }
        }
        if run.isDelta {
            (run.base, run.step) = (values[0], packing.base)
        } else {
            run.base = packing.base
        }
        run.width = UInt8(packing.width)
        run.exceptionCount = UInt16(packing.exceptionCount)
        run.exceptionByteCount = packing.exceptionByteCount
        write(numbers, count: count, above: packing.base, run)
        return run
    }

    /// Is a way of packing numbers: as bits above a base, and numbers that stand apart.
    private struct Packing {
        var base: Int64
        var width: Int
        var exceptionCount = 0
        var exceptionByteCount = 8

        var byteCount: Int {
            width * packedCount / 8 + (exceptionCount * (exceptionByteCount + 2) + 7) / 8 * 8
        }
    }

    /// Knows the bounds of numbers, and of the differences between neighbours.
    private struct Extent {
        let low: Int64
        let high: Int64
        let leastDelta: Int64
        private let largestDelta: Int64

        init(_ values: UnsafePointer<Int64>, count: Int) {
            var (low, high) = (values[0], values[0])
            // Differences of numbers that lie far apart overflow, but then they are of no use.
            var (least, largest) = (Int64.max, Int64.min)
            for place in 1..<max(count, 1) {
                let value = values[place]
                let delta = value &- values[place &- 1]
                low = min(low, value)
                high = max(high, value)
                least = min(least, delta)
                largest = max(largest, delta)
            }
            (self.low, self.high, leastDelta, largestDelta) = (low, high, least, largest)
        }

        /// The bits of numbers above the least of them.
        var width: Int { 64 - UInt64(bitPattern: high &- low).leadingZeroBitCount }

        /// The bits of differences above the least of them; nil where there are none.
        var deltaWidth: Int? {
            guard leastDelta <= largestDelta, width < 63 else { return nil }
            return 64 - UInt64(bitPattern: largestDelta &- leastDelta).leadingZeroBitCount
        }
    }

    /// Chooses how to pack numbers that are `width` bits above the least of them at most.
    private func packing(
        of values: UnsafePointer<Int64>, count: Int, low: Int64, width: Int
    ) -> Packing {
        guard mayHaveOutliers(values, count: count, width: width) else {
            return Packing(base: low, width: width)
        }
        let direct = packing(of: values, count: count, above: low)
        // A few numbers far below the others need not spoil the base.
        let inner = packing(
            of: values, count: count, above: innerBase(values, count: count))
        return inner.byteCount < direct.byteCount ? inner : direct
    }

    /// Tells from a few numbers whether most seem to lie in far fewer bits than all: without the
    /// least and the largest of 16, a quarter of what all span or less.
    private func mayHaveOutliers(
        _ values: UnsafePointer<Int64>, count: Int, width: Int
    ) -> Bool {
        // A short run takes as many bits as a whole one.
        guard count >= packedCount / 2 else { return width > 0 }
        guard width > 2 else { return false }
        return withUnsafeTemporaryAllocation(of: Int64.self, capacity: 16) { sample in
            // An odd step does not fall in with what comes every so many rows.
            let step = count / 16 | 1
            for place in 0..<16 {
                let value = values[place &* step]
                var free = place
                while free > 0, sample[free &- 1] > value {
                    sample[free] = sample[free &- 1]
                    free &-= 1
                }
                sample[free] = value
            }
            let range = UInt64(bitPattern: sample[14] &- sample[1])
            return 64 - range.leadingZeroBitCount + 2 <= width
        }
    }

    /// Finds the width at which packed bits and exceptions together are smallest.
    private func packing(
        of values: UnsafePointer<Int64>, count: Int, above base: Int64
    ) -> Packing {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 65) { counts in
            counts.initialize(repeating: 0)
            for place in 0..<count {
                let offset = UInt64(bitPattern: values[place] &- base)
                counts[64 - offset.leadingZeroBitCount] += 1
            }
            let widest = counts.lastIndex { $0 > 0 } ?? 0
            var best = Packing(base: base, width: widest)
            var found = best
            found.exceptionByteCount = [1, 2, 4].first { $0 * 8 >= widest } ?? 8
            for width in stride(from: widest - 1, through: 0, by: -1) {
                found.width = width
                found.exceptionCount += counts[width + 1]
                if found.byteCount < best.byteCount { best = found }
            }
            return best
        }
    }

    /// Finds a number that almost all others are not below, from a sample: below its first sixteenth
    /// there are others about as far away as half of them are above.
    private func innerBase(_ values: UnsafePointer<Int64>, count: Int) -> Int64 {
        let sample = stride(from: 0, to: count, by: count / 64 | 1).map { values[$0] }
        let sorted = sample.sorted()
        let (low, middle) = (sorted[sample.count / 16], sorted[sample.count / 2])
        let room = Int64(UInt64(bitPattern: middle &- low) / 4)
        let (base, overflows) = low.subtractingReportingOverflow(room)
        return overflows ? low : base
    }

    /// Appends the bits of numbers above a base, and behind them the numbers that these are too few
    /// for.
    private func write(
        _ values: UnsafePointer<Int64>, count: Int, above base: Int64, _ run: PackedRun
    ) {
        for place in 0..<count { offsets[place] = UInt64(bitPattern: values[place] &- base) }
        (offsets + count).update(repeating: 0, count: packedCount - count)
        guard run.exceptionCount > 0 else { return writePacked(run) }
        let limit: UInt64 = run.width == 64 ? .max : (1 << UInt64(run.width)) - 1
        var places: [UInt16] = []
        var exceptions: [UInt64] = []
        for place in 0..<count where offsets[place] > limit {
            exceptions.append(offsets[place])
            places.append(UInt16(place))
            offsets[place] = 0
        }
        writePacked(run)
        for exception in exceptions {
            withUnsafeBytes(of: exception) {
                writer.append(UnsafeRawBufferPointer(rebasing: $0[..<run.exceptionByteCount]))
            }
        }
        places.withUnsafeBytes { writer.append($0) }
        writer.pad(toMultipleOf: 8)
    }

    private func writePacked(_ run: PackedRun) {
        let target = writer.reserve(run.packedByteCount)
        pack(offsets, width: Int(run.width), into: target)
        writer.advance(run.packedByteCount)
    }
}
