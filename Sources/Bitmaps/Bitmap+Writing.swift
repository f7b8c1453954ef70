// The stored form of a bitmap, which is StarRocks', so that bitmaps can be exchanged as binary or
// base64. A byte tells what follows, all in little-endian order:
//
//     0   nothing: no value
//     1   UInt32: one value below 2^32
//     2   values below 2^32, as the portable roaring format has them
//     3   UInt64: one value
//     4   the count of maps as a LEB128 integer; each map is the upper 32 bits of its values as
//         a UInt32, and the lower ones in the portable format
//     10  UInt32: a count; as many UInt64s. Read, not written.
//
// The portable format (https://github.com/RoaringBitmap/RoaringFormatSpec) has a cookie, a key and
// a count for each container, their offsets, and then the containers: lists, bits, or runs, which
// are written for containers of more than 32 values where they take less room.

extension Bitmap {
    package var serialized: [UInt8] {
        var bytes: [UInt8] = []
        serialize(into: &bytes)
        return bytes
    }

    /// Appends the stored form.
    package func serialize(into bytes: inout [UInt8]) {
        guard let greatest, let least else { return bytes.append(StoredBitmap.Kind.empty) }
        let isNarrow = greatest <= UInt64(UInt32.max)
        if least == greatest {
            bytes.append(isNarrow ? StoredBitmap.Kind.single32 : StoredBitmap.Kind.single64)
            if isNarrow { bytes.append(UInt32(greatest)) } else { bytes.append(greatest) }
            return
        }
        if isNarrow {
            bytes.append(StoredBitmap.Kind.bitmap32)
            return writeMap(0..<keys.count, to: &bytes)
        }
        bytes.append(StoredBitmap.Kind.bitmap64)
        var maps: [Range<Int>] = []
        var start = 0
        for number in 1...keys.count
        where number == keys.count || keys[number] >> 16 != keys[start] >> 16 {
            maps.append(start..<number)
            start = number
        }
        bytes.append(leb128: UInt64(maps.count))
        for map in maps {
            bytes.append(UInt32(keys[map.lowerBound] >> 16))
            writeMap(map, to: &bytes)
        }
    }

    /// Writes containers that share the upper 32 bits in the portable format.
    private func writeMap(_ map: Range<Int>, to bytes: inout [UInt8]) {
        let runs = containers[map].map(\.shorterRuns)
        let hasRuns = runs.contains { $0 != nil }
        if hasRuns {
            bytes.append(UInt32(12_347) | UInt32(map.count - 1) << 16)
            var flags = [UInt8](repeating: 0, count: (map.count + 7) / 8)
            for (number, runs) in runs.enumerated() where runs != nil {
                flags[number / 8] |= 1 << UInt8(number % 8)
            }
            bytes += flags
        } else {
            bytes.append(UInt32(12_346))
            bytes.append(UInt32(map.count))
        }
        for number in map {
            bytes.append(UInt16(truncatingIfNeeded: keys[number]))
            bytes.append(UInt16(containers[number].count - 1))
        }
        if !hasRuns || map.count >= 4 {
            let headerByteCount = (hasRuns ? 4 + (map.count + 7) / 8 : 8) + map.count * 8
            var offset = headerByteCount
            for (container, runs) in zip(containers[map], runs) {
                bytes.append(UInt32(offset))
                offset += container.storedByteCount(runs)
            }
        }
        for (container, runs) in zip(containers[map], runs) {
            container.write(runs, to: &bytes)
        }
    }
}

extension Container {
    /// The starts and lengths less one of its runs, where they take less room than the values.
    fileprivate var shorterRuns: [UInt16]? {
        // Of few values a list is read faster.
        guard count > 32, 2 + runCount * 4 < storedByteCount(nil) else { return nil }
        var runs: [UInt16] = []
        runs.reserveCapacity(runCount * 2)
        for value in listed {
            if let last = runs.last, runs[runs.count - 2] &+ last &+ 1 == value {
                runs[runs.count - 1] = last &+ 1
            } else {
                runs.append(value)
                runs.append(0)
            }
        }
        return runs
    }

    private var runCount: Int {
        var runCount = 0
        if isDense {
            // A run starts at each bit without one before it.
            var last: UInt64 = 0
            for word in words {
                runCount &+= (word & ~(word << 1 | last)).nonzeroBitCount
                last = word >> 63
            }
            return runCount
        }
        for place in values.indices
        where place == 0 || values[place - 1] &+ 1 != values[place] {
            runCount &+= 1
        }
        return runCount
    }

    fileprivate func storedByteCount(_ runs: [UInt16]?) -> Int {
        if let runs { return 2 + runs.count * 2 }
        return isDense ? 8_192 : count * 2
    }

    fileprivate func write(_ runs: [UInt16]?, to bytes: inout [UInt8]) {
        if let runs {
            bytes.append(UInt16(runs.count / 2))
            for number in runs { bytes.append(number) }
        } else if isDense {
            for word in words { bytes.append(word) }
        } else {
            for value in values { bytes.append(value) }
        }
    }
}

extension [UInt8] {
    /// Appends an integer in little-endian order.
    fileprivate mutating func append<Integer: FixedWidthInteger>(_ value: Integer)
    where Integer: UnsignedInteger {
        Swift.withUnsafeBytes(of: value.littleEndian) { self += $0 }
    }

    fileprivate mutating func append(leb128 value: UInt64) {
        var rest = value
        while rest >= 128 {
            append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
