// The same hybrid for single bits: definition levels of flat columns and booleans. Bits come out as
// a bitmap, 64 at a time.

/// Decodes bits in order.
struct BitRunDecoder {
    private var next: UnsafeRawPointer
    private let end: UnsafeRawPointer
    private var repeated = false
    private var repeatsLeft = 0
    private var packed: UnsafeRawPointer
    private var packedIndex = 0
    private var packedCount = 0

    /// Decodes runs.
    init(runs start: UnsafeRawPointer, byteCount: Int) {
        next = start
        end = start + byteCount
        packed = start
    }

    /// Decodes plain bits, lowest first.
    init(bits start: UnsafeRawPointer, byteCount: Int) {
        next = start
        end = start
        packed = start
        packedCount = byteCount * 8
    }

    /// Gives `count` times the same bit.
    init(repeating bit: Bool, count: Int, at start: UnsafeRawPointer) {
        next = start
        end = start
        packed = start
        repeated = bit
        repeatsLeft = count
    }

    private mutating func readRun() -> Bool {
        while repeatsLeft == 0, packedIndex == packedCount {
            var header: UInt64 = 0
            var shift: UInt64 = 0
            while true {
                guard next < end, shift < 42 else { return false }
                let byte = next.load(as: UInt8.self)
                next += 1
                header |= UInt64(byte & 0x7F) << shift
                shift += 7
                if byte & 0x80 == 0 { break }
            }
            let count = Int(header >> 1)
            if header & 1 == 0 {
                guard next < end else { return false }
                let value = next.load(as: UInt8.self)
                next += 1
                guard value <= 1 else { return false }
                repeated = value == 1
                repeatsLeft = count
            } else {
                let byteCount = min(count, end - next)
                packed = next
                packedIndex = 0
                packedCount = byteCount * 8
                next += byteCount
            }
        }
        return true
    }

    /// Passes over `count` bits and returns how many of them are set; nil where there are fewer.
    mutating func skip(_ count: Int) -> Int? {
        var left = count
        var total = 0
        while left > 0 {
            guard readRun() else { return nil }
            if repeatsLeft > 0 {
                let step = min(left, repeatsLeft)
                repeatsLeft -= step
                left -= step
                if repeated { total += step }
            } else {
                let step = min(left, packedCount - packedIndex, 56)
                total += packedBits(step).nonzeroBitCount
                packedIndex += step
                left -= step
            }
        }
        return total
    }

    /// Adds `count` bits to a bitmap that is zero from bit `position` on, and returns how many of
    /// them are set; nil where there are fewer.
    mutating func decode(
        _ count: Int, into words: UnsafeMutablePointer<UInt64>, at position: Int
    ) -> Int? {
        var position = position
        let target = position + count
        var total = 0
        while position < target {
            guard readRun() else { return nil }
            let room = min(target - position, 64 - position & 63)
            let step: Int
            let bits: UInt64
            if repeatsLeft > 0 {
                step = min(room, repeatsLeft)
                bits = repeated ? (step == 64 ? .max : (1 << UInt64(step)) - 1) : 0
                repeatsLeft -= step
            } else {
                step = min(room, packedCount - packedIndex, 56)
                bits = packedBits(step)
                packedIndex += step
            }
            words[position >> 6] |= bits << UInt64(position & 63)
            total += bits.nonzeroBitCount
            position += step
        }
        return total
    }

    /// The next `count` bits (at most 56) of the packed run.
    @inline(__always)
    private func packedBits(_ count: Int) -> UInt64 {
        let word = packed.loadUnaligned(fromByteOffset: packedIndex &>> 3, as: UInt64.self)
        return (word &>> UInt64(packedIndex & 7)) & ((1 &<< UInt64(count)) &- 1)
    }
}
