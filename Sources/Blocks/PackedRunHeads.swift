// What a sequence says of its runs, packed: what is the same for all of them takes next to nothing.
//
//   heads := of each field of a run: the least of its numbers (zigzag, in sevens), bits (1 byte),
//            how far above that the number of each run is, the lowest bit first, zeros up to a byte;
//            at last zeros up to a multiple of 8

import StarlingErrors
import StarlingMemory

/// Writes and reads the runs of a sequence, but for their places, which follow from their lengths.
enum PackedRunHeads {
    /// Fewer runs are written as they lie in memory.
    static let countMin = 4
    /// No more runs than these are believed without bytes that stand for them.
    private static let countMax = 65_536
    private static let fieldCount = 7

    static func write(_ runs: [PackedRun], into writer: ByteWriter) {
        for field in 0..<fieldCount { append(runs.map { fields($0)[field] }, to: writer) }
        writer.pad(toMultipleOf: 8)
    }

    private static func fields(_ run: PackedRun) -> [Int64] {
        [
            run.low, run.high &- run.low, run.base &- run.low, run.step, Int64(run.width),
            Int64(run.exceptionCount), Int64(run.form),
        ]
    }

    private static func append(_ numbers: [Int64], to writer: ByteWriter) {
        let least = numbers.min() ?? 0
        let offsets = numbers.map { UInt64(bitPattern: $0 &- least) }
        let width = 64 - (offsets.max() ?? 0).leadingZeroBitCount
        writer.appendZigzag(least)
        writer.append(UInt8(width))
        offsets.withUnsafeBufferPointer {
            guard let address = $0.baseAddress else { return }
            writer.appendPacked(address, count: offsets.count, width: width)
        }
    }

    /// Reads `count` runs, and tells how many bytes they took.
    static func read(
        _ bytes: UnsafeRawBufferPointer, _ count: Int
    ) throws(StarlingError) -> (runs: Buffer, byteCount: Int) {
        // Runs of which all is the same take no bytes, but nobody has so many of them.
        guard count <= bytes.count * 8 + countMax else { throw cutOff }
        var place = 0
        let numbers = Buffer(byteCount: max(1, count) * fieldCount * 8)
        let target = numbers.pointer(to: Int64.self)
        for field in 0..<fieldCount {
            try read(bytes, &place, into: target + field * count, count)
        }
        let runs = Buffer(byteCount: max(1, count) * MemoryLayout<PackedRun>.stride)
        let result = runs.pointer(to: PackedRun.self)
        var offset = 0
        for run in 0..<count {
            func number(_ field: Int) -> Int64 { target[field * count + run] }
            guard
                var own = PackedRun(
                    low: number(0), span: number(1), baseOffset: number(2), step: number(3),
                    width: number(4), exceptionCount: number(5), form: number(6)),
                let start = UInt32(exactly: offset)
            else { throw blockDamage("run \(run) of a sequence of integers cannot be packed so") }
            own.offset = start
            offset += own.byteCount
            (result + run).initialize(to: own)
        }
        return (runs, (place + 7) / 8 * 8)
    }

    private static func read(
        _ bytes: UnsafeRawBufferPointer, _ place: inout Int,
        into target: UnsafeMutablePointer<Int64>, _ count: Int
    ) throws(StarlingError) {
        var encoded: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard place < bytes.count, shift < 64 else { throw cutOff }
            let byte = bytes[place]
            place += 1
            encoded |= UInt64(byte & 0x7F) &<< shift
            shift += 7
            if byte & 0x80 == 0 { break }
        }
        let least = Int64(bitPattern: encoded >> 1) ^ -Int64(bitPattern: encoded & 1)
        guard place < bytes.count, bytes[place] <= 64 else { throw cutOff }
        let width = Int(bytes[place])
        place += 1
        let byteCount = (count * width + 7) / 8
        guard byteCount <= bytes.count - place else { throw cutOff }
        for number in 0..<count {
            var bits: UInt64 = 0
            var (known, bit) = (0, number * width)
            while known < width {
                let (byte, first) = (UInt64(bytes[place + bit / 8]), bit % 8)
                bits |= (byte &>> UInt64(first)) &<< UInt64(known)
                known += 8 - first
                bit += 8 - first
            }
            if width < 64 { bits &= (1 &<< UInt64(width)) &- 1 }
            target[number] = least &+ Int64(bitPattern: bits)
        }
        place += byteCount
    }

    private static var cutOff: StarlingError {
        blockDamage("the runs of a sequence of integers are cut off")
    }
}
