// The hybrid of run-length encoding and bit-packing that holds dictionary codes: a header says
// either how often one value repeats, or how many groups of eight packed values follow.
//
// The bytes must be followed by 32 that may be read, which buffers guarantee.

import CPlatform

/// Decodes unsigned integers of up to 32 bits, in order.
struct HybridDecoder {
    private var next: UnsafeRawPointer
    private let end: UnsafeRawPointer
    private let width: Int
    private var repeated: UInt32 = 0
    private var repeatsLeft = 0
    /// The packed values of the current run, the index of the next one, and their number.
    private var packed: UnsafeRawPointer
    private var packedIndex = 0
    private var packedCount = 0

    init(_ start: UnsafeRawPointer, byteCount: Int, width: Int) {
        next = start
        end = start + byteCount
        packed = start
        self.width = width
        // Codes of no bits need no runs, and some writers write none.
        if width == 0 { repeatsLeft = .max >> 1 }
    }

    /// Reads the header of the next run that has values; false where the bytes end or are damaged.
    @inline(never)
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
                let valueByteCount = (width + 7) / 8
                guard end - next >= valueByteCount else { return false }
                var value: UInt32 = 0
                for byte in 0..<valueByteCount {
                    value |=
                        UInt32(next.load(fromByteOffset: byte, as: UInt8.self))
                        << UInt32(byte * 8)
                }
                next += valueByteCount
                repeated = value
                repeatsLeft = count
            } else {
                // Some writers cut the last run short.
                let byteCount = min(count * width, end - next)
                packed = next
                packedIndex = 0
                packedCount = width == 0 ? count * 8 : byteCount * 8 / width
                next += byteCount
            }
        }
        return true
    }

    /// Passes over `count` values; false where there aren't as many.
    mutating func skip(_ count: Int) -> Bool {
        var left = count
        while left > 0 {
            guard readRun() else { return false }
            if repeatsLeft > 0 {
                let step = min(left, repeatsLeft)
                repeatsLeft -= step
                left -= step
            } else {
                let step = min(left, packedCount - packedIndex)
                packedIndex += step
                left -= step
            }
        }
        return true
    }

    /// Decodes `count` values; false where there aren't as many.
    mutating func decode(_ count: Int, into target: UnsafeMutablePointer<UInt32>) -> Bool {
        var done = 0
        while done < count {
            guard readRun() else { return false }
            if repeatsLeft > 0 {
                let step = min(count - done, repeatsLeft)
                (target + done).update(repeating: repeated, count: step)
                repeatsLeft -= step
                done += step
            } else {
                let step = min(count - done, packedCount - packedIndex)
                unpack(step, into: target + done)
                packedIndex += step
                done += step
            }
        }
        return true
    }

    /// Unpacks `count` values of the current run from `packedIndex` on.
    private func unpack(_ count: Int, into target: UnsafeMutablePointer<UInt32>) {
        var done = 0
        var index = packedIndex
        // Up to the next group of eight, where a value begins at a byte.
        while done < count, index & 7 != 0 {
            target[done] = packedValue(index)
            done += 1
            index += 1
        }
        let groups = (count - done) >> 3
        if groups > 0 {
            let source = packed + (index >> 3) * width
            starling_unpack_bits(
                source.assumingMemoryBound(to: UInt8.self), target + done, groups, Int32(width))
            done += groups << 3
            index += groups << 3
        }
        while done < count {
            target[done] = packedValue(index)
            done += 1
            index += 1
        }
    }

    @inline(__always)
    private func packedValue(_ index: Int) -> UInt32 {
        let bit = index &* width
        let word = packed.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self)
        let mask = (UInt64(1) &<< UInt64(width)) &- 1
        return UInt32(truncatingIfNeeded: (word &>> UInt64(bit & 7)) & mask)
    }

    /// Decodes the values at `rows` (ascending, each minus `base`) and passes over `span` in all.
    ///
    /// `scratch` has room for `span` values: where many are wanted, unpacking all is cheaper.
    mutating func decode(
        rows: UnsafePointer<UInt16>, base: Int, count: Int, span: Int,
        into target: UnsafeMutablePointer<UInt32>, scratch: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        guard count * 16 >= span else {
            return decodeFew(rows: rows, base: base, count: count, span: span, into: target)
        }
        guard decode(span, into: scratch) else { return false }
        for index in 0..<count { target[index] = scratch[Int(rows[index]) &- base] }
        return true
    }

    private mutating func decodeFew(
        rows: UnsafePointer<UInt16>, base: Int, count: Int, span: Int,
        into target: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        var done = 0
        var passed = 0
        while done < count {
            let ordinal = Int(rows[done]) - base
            if ordinal > passed {
                // Whole runs without a wanted value cost nothing.
                guard readRun() else { return false }
                let step = min(
                    ordinal - passed, repeatsLeft > 0 ? repeatsLeft : packedCount - packedIndex)
                if repeatsLeft > 0 { repeatsLeft -= step } else { packedIndex += step }
                passed += step
                continue
            }
            guard readRun() else { return false }
            if repeatsLeft > 0 {
                let runEnd = passed + repeatsLeft
                while done < count, Int(rows[done]) &- base < runEnd {
                    target[done] = repeated
                    done &+= 1
                }
                let step = min(runEnd, span) - passed
                repeatsLeft -= step
                passed += step
            } else {
                let runEnd = passed + packedCount - packedIndex
                let shift = packedIndex - passed - base
                while done < count, Int(rows[done]) &- base < runEnd {
                    target[done] = packedValue(Int(rows[done]) &+ shift)
                    done &+= 1
                }
                let step = min(runEnd, span) - passed
                packedIndex += step
                passed += step
            }
        }
        return skip(span - passed)
    }
}
