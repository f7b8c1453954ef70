// Numbers and containers from the bytes of a stored bitmap, none of them beyond its end.

/// Reads from a place onwards.
struct StoredReader {
    private let bytes: UnsafeRawBufferPointer
    private var position: Int

    init(_ bytes: UnsafeRawBufferPointer, position: Int) {
        self.bytes = bytes
        self.position = position
    }

    var bytesLeft: Int { bytes.count - position }
    var isAtEnd: Bool { bytesLeft == 0 }

    mutating func read<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type
    ) -> Integer? {
        guard bytesLeft >= MemoryLayout<Integer>.size else { return nil }
        let value = bytes.loadUnaligned(fromByteOffset: position, as: Integer.self)
        position += MemoryLayout<Integer>.size
        return Integer(littleEndian: value)
    }

    mutating func readLEB128() -> UInt64? {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while let byte = read(UInt8.self), shift < 63 {
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
            shift += 7
        }
        return nil
    }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, count <= bytesLeft else { return nil }
        let part = UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
        position += count
        return part
    }

    /// Reads one map of the portable format and gives its containers to `body`.
    mutating func readMap(upper: UInt32, _ body: (StoredBitmap.Part) -> Bool) -> Bool {
        guard let cookie = read(UInt32.self) else { return false }
        var flags: UnsafeRawBufferPointer?
        var count = Int(cookie >> 16) + 1
        if cookie & 0xFFFF == 12_347 {
            flags = take((count + 7) / 8)
            if flags == nil { return false }
        } else {
            guard cookie == 12_346, let stored = read(UInt32.self), stored <= 65_536 else {
                return false
            }
            count = Int(stored)
        }
        guard let header = take(count * 4) else { return false }
        // Offsets only say where containers lie that follow each other anyhow.
        if flags == nil || count >= 4 {
            guard take(count * 4) != nil else { return false }
        }
        var keys = StoredReader(header, position: 0)
        for number in 0..<count {
            guard let key = keys.read(UInt16.self), let last = keys.read(UInt16.self) else {
                return false
            }
            let hasRuns = flags.map { $0[number / 8] >> UInt8(number % 8) & 1 == 1 } ?? false
            let part = readPart(
                UInt64(upper) << 16 | UInt64(key), count: Int(last) + 1, hasRuns: hasRuns)
            guard let part, body(part) else { return false }
        }
        return true
    }

    private mutating func readPart(
        _ key: UInt64, count: Int, hasRuns: Bool
    ) -> StoredBitmap.Part? {
        if hasRuns {
            guard let runCount = read(UInt16.self), let bytes = take(Int(runCount) * 4) else {
                return nil
            }
            return StoredBitmap.Part(key: key, form: .runs, count: count, bytes: bytes)
        }
        let isList = count <= Container.listCountMaximum
        guard let bytes = take(isList ? count * 2 : 8_192) else { return nil }
        return StoredBitmap.Part(
            key: key, form: isList ? .list : .bits, count: count, bytes: bytes)
    }
}
