// Text of other encodings as UTF-8.

import StarlingErrors
import StarlingMemory

/// Brings UTF-16 or Latin-1 (with the extra characters of Windows-1252) into UTF-8.
final class TranscodingStream: ByteStream {
    private let source: any ByteStream
    private let encoding: TextEncoding
    private let path: String
    private let input = Buffer(byteCount: 1 << 16)
    /// Bytes at the beginning of `input` that belong to a character that is not complete.
    private var kept = 0
    private var output: [UInt8] = []
    private var position = 0
    private var isAtStart = true

    init(_ source: any ByteStream, from encoding: TextEncoding, _ path: String) {
        self.source = source
        self.encoding = encoding
        self.path = path
    }

    func read(into target: UnsafeMutableRawPointer, count: Int) throws(StarlingError) -> Int {
        while position == output.count {
            guard try refill() else { return 0 }
        }
        let some = min(count, output.count - position)
        output.withUnsafeBytes {
            target.copyMemory(from: $0.baseAddress! + position, byteCount: some)
        }
        position += some
        return some
    }

    private func refill() throws(StarlingError) -> Bool {
        output.removeAll(keepingCapacity: true)
        position = 0
        let more = try source.read(
            into: input.baseAddress + kept, count: input.byteCount - kept)
        if more == 0 {
            if kept > 0 {
                throw StarlingError(.file, "\(path) ends within a character of UTF-16")
            }
            return false
        }
        let bytes = UnsafeRawBufferPointer(start: input.baseAddress, count: kept + more)
        if encoding == .latin1 {
            for byte in bytes { append(Self.windows1252(byte)) }
            return true
        }
        let used = transcodeUTF16(bytes)
        kept = bytes.count - used
        input.baseAddress.copyMemory(from: input.baseAddress + used, byteCount: kept)
        return true
    }

    /// Appends the characters that are complete and tells how many bytes they took.
    private func transcodeUTF16(_ bytes: UnsafeRawBufferPointer) -> Int {
        func unit(_ index: Int) -> UInt32 {
            let (first, second) = (UInt32(bytes[index]), UInt32(bytes[index + 1]))
            return encoding == .utf16LittleEndian ? first | second << 8 : first << 8 | second
        }
        var index = 0
        while index + 1 < bytes.count {
            let high = unit(index)
            if high >= 0xD800, high < 0xDC00 {
                guard index + 3 < bytes.count else { break }
                let low = unit(index + 2)
                if low >= 0xDC00, low < 0xE000 {
                    append(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
                    index += 4
                    continue
                }
            }
            // Half a pair is no character: U+FFFD stands for it, as everywhere.
            let isHalf = high >= 0xD800 && high < 0xE000
            if !(isAtStart && high == 0xFEFF) { append(isHalf ? 0xFFFD : high) }
            isAtStart = false
            index += 2
        }
        return index
    }

    private func append(_ character: UInt32) {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | character >> shift & 0x3F) }
        if character < 0x80 {
            output.append(UInt8(character))
        } else if character < 0x800 {
            output += [UInt8(0xC0 | character >> 6), tail(0)]
        } else if character < 0x10000 {
            output += [UInt8(0xE0 | character >> 12), tail(6), tail(0)]
        } else {
            output += [UInt8(0xF0 | character >> 18), tail(12), tail(6), tail(0)]
        }
    }

    /// The characters of Windows-1252 at 0x80 … 0x9F; Latin-1 has only control characters there.
    private static let windows: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
        0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ]

    private static func windows1252(_ byte: UInt8) -> UInt32 {
        byte >= 0x80 && byte < 0xA0 ? windows[Int(byte) - 0x80] : UInt32(byte)
    }
}
