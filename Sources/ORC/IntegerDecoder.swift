// Run-length encoded integers, in the two ways of the format. The first, of Hive 0.11: a byte says
// how many numbers go up or down by a fixed step, or how many follow one by one. The second has
// runs of up to 512 numbers of four kinds (`IntegerRun`).

import StarlingMemory

/// Decodes integers in order.
final class IntegerDecoder: NumberSource {
    private let stream: ByteStream
    private let isVersion2: Bool
    private let isSigned: Bool
    /// A run of which only a part has been asked for.
    private let run = Buffer(byteCount: IntegerRun.countMax * 8)
    private var runIndex = 0
    private var runCount = 0

    init(_ stream: ByteStream, isVersion2: Bool, isSigned: Bool) {
        self.stream = stream
        self.isVersion2 = isVersion2
        self.isSigned = isSigned
    }

    override func decode(
        _ count: Int, into target: UnsafeMutableRawPointer
    ) throws(ORCDamage) {
        let target = target.assumingMemoryBound(to: Int64.self)
        var done = takeRest(count, into: target)
        while done < count {
            let next = try nextRun()
            if next.count <= count - done {
                try finish(next, into: target + done)
                done += next.count
            } else {
                try finish(next, into: run.pointer())
                runIndex = 0
                runCount = next.count
                done += takeRest(count - done, into: target + done)
            }
        }
    }

    override func skip(_ count: Int) throws(ORCDamage) {
        var left = count - takeRest(count, into: nil)
        while left > 0 {
            let next = try nextRun()
            if next.count <= left {
                try finish(next, into: nil)
                left -= next.count
            } else {
                try finish(next, into: run.pointer())
                runIndex = left
                runCount = next.count
                left = 0
            }
        }
    }

    override func seek(_ positions: inout StreamPositions) throws(ORCDamage) {
        try stream.seek(&positions)
        runIndex = 0
        runCount = 0
        let passed = try positions.take()
        guard passed <= IntegerRun.countMax else {
            throw ORCDamage("the row index has impossible positions")
        }
        try skip(passed)
    }

    /// Takes what is left of the run that was begun.
    private func takeRest(_ count: Int, into target: UnsafeMutablePointer<Int64>?) -> Int {
        let step = min(count, runCount - runIndex)
        guard step > 0 else { return 0 }
        target?.update(from: run.pointer(to: Int64.self) + runIndex, count: step)
        runIndex += step
        return step
    }

    private func nextRun() throws(ORCDamage) -> IntegerRun {
        try stream.prepare(IntegerRun.byteCountMax)
        guard stream.byteCount > 0 else { throw ByteStream.tooShort }
        return isVersion2
            ? try IntegerRun(version2: stream.next, end: stream.end)
            : try IntegerRun(version1: stream.next, end: stream.end)
    }

    /// Decodes a run whose header was read, or only moves behind it.
    private func finish(
        _ next: IntegerRun, into target: UnsafeMutablePointer<Int64>?
    ) throws(ORCDamage) {
        if let target {
            stream.next = try next.decode(into: target, isSigned: isSigned)
        } else {
            stream.next = try next.skip()
        }
    }
}
