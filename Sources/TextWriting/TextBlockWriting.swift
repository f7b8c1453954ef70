// What writers of text share: blocks that are bytes, compressed one by one (GZIP members and ZSTD
// frames may follow each other), and files that are blocks one after the other.

import CDeflate
import CZstd
import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingMemory

/// Names how text is compressed.
enum TextCompression: String, CaseIterable {
    case none, gzip, zstd

    init(_ options: WriteOptions) throws(StarlingError) {
        guard let name = options.text("compression")?.lowercased() else {
            self = .none
            return
        }
        guard let known = TextCompression(rawValue: name) else {
            throw options.wrong(
                "compression", "the compression '\(name)' is unknown for text: none, gzip or zstd")
        }
        self = known
    }

    /// The option that the ends of a file's name stand for.
    static func options(meantByEnds ends: [String]) -> [(name: String, value: String)] {
        let names = ["gz": gzip, "gzip": gzip, "zst": zstd, "zstd": zstd]
        return ends.compactMap { names[$0] }.suffix(1).map { ("compression", $0.rawValue) }
    }

    var fileExtension: String {
        switch self {
        case .none: ""
        case .gzip: ".gz"
        case .zstd: ".zst"
        }
    }

    func compress(_ text: TextBuffer) throws(StarlingError) -> TextBuffer {
        switch self {
        case .none: return text
        case .gzip: return try Self.gzip(text)
        case .zstd:
            let bound = ZSTD_compressBound(text.count)
            let result = TextBuffer(capacity: bound)
            let size = ZSTD_compress(result.start, bound, text.start, text.count, 3)
            if ZSTD_isError(size) != 0 {
                throw StarlingError(.internal, "zstd failed to compress")
            }
            result.end(at: result.start + size)
            return result
        }
    }

    func compress(_ bytes: [UInt8]) throws(StarlingError) -> TextBuffer {
        let text = TextBuffer(capacity: bytes.count)
        text.append(bytes)
        return try compress(text)
    }

    private static func gzip(_ text: TextBuffer) throws(StarlingError) -> TextBuffer {
        guard let compressor = libdeflate_alloc_compressor(6) else {
            throw StarlingError(.resource, "libdeflate can't be started")
        }
        defer { libdeflate_free_compressor(compressor) }
        let bound = libdeflate_gzip_compress_bound(compressor, text.count)
        let result = TextBuffer(capacity: bound)
        let size = libdeflate_gzip_compress(
            compressor, text.start, text.count, result.start, bound)
        if size == 0 { throw StarlingError(.internal, "gzip failed to compress") }
        result.end(at: result.start + size)
        return result
    }
}

/// Holds rows as text, perhaps compressed.
package struct EncodedText: EncodedBlock {
    package let rowCount: Int
    let bytes: Buffer
    let byteCount: Int

    init(rowCount: Int, text: TextBuffer) {
        self.rowCount = rowCount
        bytes = text.storage
        byteCount = text.count
    }
}

/// Writes blocks of text one after the other.
final class TextAssembler: FileAssembler {
    private let file: any WritableFile
    private let separator: TextBuffer?
    private let footer: TextBuffer?
    private let compression: TextCompression
    private var hasRows = false
    private(set) var byteCount = 0

    /// Begins a file; `separator` stands between blocks.
    init(
        _ file: any WritableFile, _ compression: TextCompression, header: TextBuffer?,
        separator: TextBuffer? = nil, footer: TextBuffer? = nil
    ) throws(StarlingError) {
        self.file = file
        self.compression = compression
        self.separator = separator
        self.footer = footer
        try write(header)
    }

    private func write(_ text: TextBuffer?) throws(StarlingError) {
        guard let text, text.count > 0 else { return }
        try write(text.storage, text.count)
    }

    private func write(_ bytes: Buffer, _ count: Int) throws(StarlingError) {
        try file.write(bytes.baseAddress, count: count)
        byteCount += count
    }

    func append(_ block: EncodedText) throws(StarlingError) {
        guard block.rowCount > 0 else { return }
        if hasRows { try write(separator) }
        hasRows = true
        try write(block.bytes, block.byteCount)
    }

    func finish() throws(StarlingError) {
        try write(footer)
        // No bytes at all are none that GZIP or ZSTD makes of no text.
        if byteCount == 0, compression != .none { try write(compression.compress([])) }
    }
}
