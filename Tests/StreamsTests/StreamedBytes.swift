// Files in memory and their content, read in steps of any size.

import StarlingErrors
import StarlingFormatSupport
import StarlingMemory
import StarlingStreams

/// Reads what a file of these bytes holds, `step` bytes at a time.
func content(
    of bytes: [UInt8], _ compression: Compression = .none, _ encoding: TextEncoding = .utf8,
    step: Int = 1_000
) throws(StarlingError) -> [UInt8] {
    let file = MemoryFile(bytes, path: "folder/file")
    let stream = try makeStream(file, compression: compression, encoding: encoding)
    let buffer = Buffer(byteCount: step)
    var result: [UInt8] = []
    while true {
        let count = try stream.read(into: buffer.baseAddress, count: step)
        if count == 0 { return result }
        result += UnsafeRawBufferPointer(start: buffer.baseAddress, count: count)
    }
}

/// Reads hexadecimal digits.
func hexadecimal(_ digits: String) -> [UInt8] {
    let digits = Array(digits.utf8)
    return stride(from: 0, to: digits.count, by: 2).map { place in
        UInt8(String(decoding: digits[place...(place + 1)], as: UTF8.self), radix: 16)!
    }
}

/// What the command-line programs gzip, zstd and lz4 make of texts, with checksums.
enum Packed {
    static let greeting = "Grüße, 世界! "
    static let repetition = String(repeating: "abc", count: 20)

    static let gzip: [String: [UInt8]] = [
        greeting: hexadecimal(
            "1f8b0800000000000203732f3abce7f0fc541d85273ba63d9fdaa3a80000b03952a311000000"),
        "second part": hexadecimal(
            "1f8b08000000000002032b4e4dcecf4b5128482c2a010076bfcab60b000000"),
        "": hexadecimal("1f8b080000000000020303000000000000000000"),
        repetition: hexadecimal("1f8b08000000000002034b4c4a4e241701002dfa91e13c000000"),
    ]
    static let zstd: [String: [UInt8]] = [
        greeting: hexadecimal("28b52ffd24118900004772c3bcc39f652c20e4b896e7958c2120f59fa901"),
        "second part": hexadecimal("28b52ffd240b5900007365636f6e642070617274af874b3e"),
        "": hexadecimal("28b52ffd240001000099e9d851"),
        repetition: hexadecimal("28b52ffd243c4d0000186162630100f67443384b202f"),
    ]
    static let lz4: [String: [UInt8]] = [
        greeting: hexadecimal(
            "04224d186c40110000000000000021110000804772c3bcc39f652c20e4b896e7958c2120"
                + "0000000034edd307"),
        "second part": hexadecimal(
            "04224d186c400b000000000000007c0b0000807365636f6e6420706172740000000094f5d9db"),
        repetition: hexadecimal(
            "04224d186c403c00000000000000380d0000003f61626303002150626361626300000000"
                + "99b30381"),
    ]

    static func bytes(_ text: String, _ compression: Compression) -> [UInt8] {
        switch compression {
        case .none: Array(text.utf8)
        case .gzip: gzip[text]!
        case .zstd: zstd[text]!
        }
    }
}
