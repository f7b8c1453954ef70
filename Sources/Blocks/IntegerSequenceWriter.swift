// Chooses, for each run of 1,024 integers, between bits above the least of them, with a few that do
// not fit written apart, and differences from one to the next.

import StarlingMemory

/// Packs integers into a sequence.
struct IntegerSequenceWriter {
    private let writer: ByteWriter
    private let offsets: UnsafeMutablePointer<UInt64>
    private let scratch: Buffer
    /// Where the runs and their data begin in the writer.
    private let runStart: Int
    private let dataStart: Int

    private init(_ writer: ByteWriter, count: Int) {
        self.writer = writer
        scratch = Buffer(byteCount: packedCount * 8)
        offsets = scratch.pointer(to: UInt64.self)
        runStart = writer.count + IntegerSequence.headerByteCount
        let runCount = (count + packedCount - 1) / packedCount
        dataStart = runStart + runCount * MemoryLayout<PackedRun>.stride
        _ = writer.reserve(dataStart - writer.count)
        writer.advance(dataStart - writer.count)
    }

    /// Appends the sequence to `writer`, whose count is a multiple of 8.
    static func write(
        _ values: UnsafePointer<Int64>, count: Int, into writer: ByteWriter
    ) {
        let start = writer.count
        let packer = IntegerSequenceWriter(writer, count: count)
        for row in stride(from: 0, to: count, by: packedCount) {
            let run = packer.add(values + row, count: min(packedCount, count - row))
            let place = packer.runStart + row / packedCount * MemoryLayout<PackedRun>.stride
            writer.start.storeBytes(of: run, toByteOffset: place, as: PackedRun.self)
        }
        writer.start.storeBytes(of: UInt64(count), toByteOffset: start, as: UInt64.self)
        let dataCount = UInt64(writer.count - packer.dataStart)
        writer.start.storeBytes(of: dataCount, toByteOffset: start + 8, as: UInt64.self)
    }

    private func add(_ values: UnsafePointer<Int64>, count: Int) -> PackedRun {
        let extent = Extent(values, count: count)
        var run = PackedRun(low: extent.low, high: extent.high, base: extent.low)
        run.offset = UInt32(writer.count - dataStart)
        var direct = Width(width: extent.width, exceptionCount: 0)
        if mayHaveOutliers(values, count: count, width: extent.width) {
            direct = directWidth(values, count: count, base: extent.low)
            // A few numbers far below the others need not spoil the base.
            let inner = innerBase(values, count: count)
            let patched = directWidth(values, count: count, base: inner)
            if patched.cost < direct.cost {
                direct = patched
                run.base = inner
            }
        }
        if let width = extent.deltaWidth, width + 2 <= direct.cost / 128 {
            run.isDelta = 1
            run.base = values[0]
            run.step = extent.leastDelta
            run.width = UInt8(width)
            writeDeltas(values, count: count, run)
        } else {
            run.width = UInt8(direct.width)
            run.exceptionCount = UInt16(direct.exceptionCount)
            writeDirect(values, count: count, run)
        }
        return run
    }

    /// Is a way of packing a run: bits, and numbers that stand apart.
    private struct Width {
        var width: Int
        var exceptionCount: Int

        var cost: Int { width * packedCount / 8 + exceptionCount * 10 }
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

    /// Tells from a few numbers whether most seem to lie in far fewer bits than all: without the
    /// least and the largest of 16, a quarter of what all span or less.
    private func mayHaveOutliers(
        _ values: UnsafePointer<Int64>, count: Int, width: Int
    ) -> Bool {
        // A short run takes as many bits as a whole one.
        guard count >= packedCount / 2 else { return width > 0 }
        guard width > 2 else { return false }
        return withUnsafeTemporaryAllocation(of: Int64.self, capacity: 16) { sample in
            let step = count / 16
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
    private func directWidth(
        _ values: UnsafePointer<Int64>, count: Int, base: Int64
    ) -> Width {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 65) { counts in
            counts.initialize(repeating: 0)
            for place in 0..<count {
                let offset = UInt64(bitPattern: values[place] &- base)
                counts[64 - offset.leadingZeroBitCount] += 1
            }
            var best = Width(width: 64, exceptionCount: 0)
            var exceptionCount = 0
            for width in stride(from: 63, through: 0, by: -1) {
                exceptionCount += counts[width + 1]
                let found = Width(width: width, exceptionCount: exceptionCount)
                if found.cost < best.cost { best = found }
            }
            return best
        }
    }

    /// Finds a number that almost all others are not below, from a sample: below its first sixteenth
    /// there are others about as far away as half of them are above.
    private func innerBase(_ values: UnsafePointer<Int64>, count: Int) -> Int64 {
        let sample = stride(from: 0, to: count, by: max(1, count / 64)).map { values[$0] }
        let sorted = sample.sorted()
        let (low, middle) = (sorted[sample.count / 16], sorted[sample.count / 2])
        let room = Int64(UInt64(bitPattern: middle &- low) / 4)
        let (base, overflows) = low.subtractingReportingOverflow(room)
        return overflows ? low : base
    }

    private func writeDeltas(_ values: UnsafePointer<Int64>, count: Int, _ run: PackedRun) {
        let (offsets, step) = (offsets, run.step)
        offsets[0] = 0
        for place in 1..<max(count, 1) {
            let delta = values[place] &- values[place &- 1]
            offsets[place] = UInt64(bitPattern: delta &- step)
        }
        writePacked(run, count: count)
    }

    private func writeDirect(_ values: UnsafePointer<Int64>, count: Int, _ run: PackedRun) {
        let (offsets, base) = (offsets, run.base)
        for place in 0..<count { offsets[place] = UInt64(bitPattern: values[place] &- base) }
        guard run.exceptionCount > 0 else { return writePacked(run, count: count) }
        let limit: UInt64 = run.width == 64 ? .max : (1 << UInt64(run.width)) - 1
        var places: [UInt16] = []
        var exceptions: [UInt64] = []
        for place in 0..<count where offsets[place] > limit {
            exceptions.append(offsets[place])
            places.append(UInt16(place))
            offsets[place] = 0
        }
        writePacked(run, count: count)
        exceptions.withUnsafeBytes { writer.append($0) }
        places.withUnsafeBytes { writer.append($0) }
        writer.pad(toMultipleOf: 8)
    }

    private func writePacked(_ run: PackedRun, count: Int) {
        (offsets + count).update(repeating: 0, count: packedCount - count)
        let target = writer.reserve(run.packedByteCount)
        pack(offsets, width: Int(run.width), into: target)
        writer.advance(run.packedByteCount)
    }
}
