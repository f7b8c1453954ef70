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
    private let valueByteCount: Int
    private let valueMask: UInt32
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
        valueByteCount = (width + 7) / 8
        valueMask = valueByteCount == 4 ? .max : (1 << UInt32(valueByteCount * 8)) - 1
        // Codes of no bits need no runs, and some writers write none.
        if width == 0 { repeatsLeft = .max >> 1 }
    }

    /// Makes sure that a run has values left; false where the bytes end or are damaged.
    @inline(__always)
    private mutating func readRun() -> Bool {
        repeatsLeft > 0 || packedIndex < packedCount || readNextRun()
    }

    /// Reads the header of the next run that has values.
    private mutating func readNextRun() -> Bool {
        while repeatsLeft == 0, packedIndex == packedCount {
            guard next < end else { return false }
            var header = UInt64(next.load(as: UInt8.self))
            next += 1
            if header & 0x80 != 0 {
                guard let rest = readHeaderRest() else { return false }
                header = header & 0x7F | rest
            }
            let count = Int(header >> 1)
            if header & 1 == 0 {
                guard end - next >= valueByteCount else { return false }
                // Reads beyond the value, into the padding that pages have.
                repeated = next.loadUnaligned(as: UInt32.self) & valueMask
                next += valueByteCount
                repeatsLeft = count
            } else {
                // Some writers cut the last run short.
                let byteCount = min(count * width, end - next)
                packed = next
                packedIndex = 0
                packedCount = byteCount == count * width ? count * 8 : byteCount * 8 / width
                next += byteCount
            }
        }
        return true
    }

    /// Reads the bytes of a header behind its first; nil where it does not end.
    private mutating func readHeaderRest() -> UInt64? {
        var header: UInt64 = 0
        var shift: UInt64 = 7
        while shift < 42 {
            guard next < end else { return nil }
            let byte = next.load(as: UInt8.self)
            next += 1
            header |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return header }
            shift += 7
        }
        return nil
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
                fill(target + done, step, room: count - done)
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

    /// Writes the repeated value `count` times; short runs in blocks of eight while there is room.
    @inline(__always)
    private func fill(_ target: UnsafeMutablePointer<UInt32>, _ count: Int, room: Int) {
        if count <= 16, room >= 16 {
            let block = SIMD8<UInt32>(repeating: repeated)
            let address = UnsafeMutableRawPointer(target)
            address.storeBytes(of: block, as: SIMD8<UInt32>.self)
            address.storeBytes(of: block, toByteOffset: 32, as: SIMD8<UInt32>.self)
        } else {
            target.update(repeating: repeated, count: count)
        }
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
