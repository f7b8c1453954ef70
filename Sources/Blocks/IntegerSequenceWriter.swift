// Chooses, for each run of 1,024 integers, between bits above the least of them, with a few that do
// not fit written apart, and differences from one to the next.

import StarlingMemory

/// Packs integers into a sequence.
struct IntegerSequenceWriter {
    private let offsets: UnsafeMutablePointer<UInt64>
    private let scratch: Buffer
    private let data = ByteWriter()
    private var runs: [PackedRun] = []

    private init() {
        scratch = Buffer(byteCount: packedCount * 8)
        offsets = scratch.pointer(to: UInt64.self)
    }

    /// Appends the sequence to `writer`, whose count is a multiple of 8.
    static func write(
        _ values: UnsafePointer<Int64>, count: Int, into writer: ByteWriter
    ) {
        var packer = IntegerSequenceWriter()
        var row = 0
        while row < count {
            packer.add(values + row, count: min(packedCount, count - row))
            row += packedCount
        }
        writer.append(UInt64(count))
        writer.append(UInt64(packer.data.count))
        packer.runs.withUnsafeBytes { writer.append($0) }
        writer.append(packer.data.bytes)
    }

    private mutating func add(_ values: UnsafePointer<Int64>, count: Int) {
        var (low, high) = (values[0], values[0])
        for place in 1..<max(count, 1) {
            low = min(low, values[place])
            high = max(high, values[place])
        }
        var run = PackedRun(low: low, high: high, base: low)
        run.offset = UInt32(data.count)
        var direct = directWidth(values, count: count, base: low)
        // A few numbers far below the others need not spoil the base.
        let inner = innerBase(values, count: count)
        let patched = directWidth(values, count: count, base: inner)
        if patched.cost < direct.cost {
            direct = patched
            run.base = inner
        }
        if let (step, width) = deltaWidth(values, count: count), width + 2 <= direct.cost / 128 {
            run.isDelta = 1
            run.base = values[0]
            run.step = step
            run.width = UInt8(width)
            writeDeltas(values, count: count, run)
        } else {
            run.width = UInt8(direct.width)
            run.exceptionCount = UInt16(direct.exceptionCount)
            writeDirect(values, count: count, run)
        }
        runs.append(run)
    }

    /// Finds the width at which packed bits and exceptions together are smallest.
    private func directWidth(
        _ values: UnsafePointer<Int64>, count: Int, base: Int64
    ) -> (width: Int, exceptionCount: Int, cost: Int) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 65) { counts in
            counts.initialize(repeating: 0)
            for place in 0..<count {
                let offset = UInt64(bitPattern: values[place] &- base)
                counts[64 - offset.leadingZeroBitCount] += 1
            }
            var best = (width: 64, exceptionCount: 0, cost: 64 * packedCount / 8)
            var exceptionCount = 0
            for width in stride(from: 63, through: 0, by: -1) {
                exceptionCount += counts[width + 1]
                let cost = width * packedCount / 8 + exceptionCount * 10
                if cost < best.cost { best = (width, exceptionCount, cost) }
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

    /// Finds the least difference between neighbours and the bits of the others above it.
    private func deltaWidth(
        _ values: UnsafePointer<Int64>, count: Int
    ) -> (step: Int64, width: Int)? {
        guard count > 1 else { return nil }
        var (least, largest) = (Int64.max, Int64.min)
        for place in 1..<count {
            let (delta, overflows) = values[place].subtractingReportingOverflow(values[place - 1])
            if overflows { return nil }
            least = min(least, delta)
            largest = max(largest, delta)
        }
        let range = UInt64(bitPattern: largest &- least)
        return (least, 64 - range.leadingZeroBitCount)
    }

    private func writeDeltas(_ values: UnsafePointer<Int64>, count: Int, _ run: PackedRun) {
        offsets.update(repeating: 0, count: packedCount)
        for place in 1..<count {
            let delta = values[place] &- values[place - 1]
            offsets[place] = UInt64(bitPattern: delta &- run.step)
        }
        writePacked(run)
    }

    private func writeDirect(_ values: UnsafePointer<Int64>, count: Int, _ run: PackedRun) {
        offsets.update(repeating: 0, count: packedCount)
        let limit: UInt64 = run.width == 64 ? .max : (1 << UInt64(run.width)) - 1
        var places: [UInt16] = []
        var exceptions: [UInt64] = []
        for place in 0..<count {
            let offset = UInt64(bitPattern: values[place] &- run.base)
            if offset <= limit {
                offsets[place] = offset
            } else {
                exceptions.append(offset)
                places.append(UInt16(place))
            }
        }
        writePacked(run)
        exceptions.withUnsafeBytes { data.append($0) }
        places.withUnsafeBytes { data.append($0) }
        data.pad(toMultipleOf: 8)
    }

    private func writePacked(_ run: PackedRun) {
        let target = data.reserve(run.packedByteCount)
        pack(offsets, width: Int(run.width), into: target)
        data.advance(run.packedByteCount)
    }
}
