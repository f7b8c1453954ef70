// What writers of text share: blocks that are bytes, compressed one by one (GZIP members and ZSTD
// frames may follow each other), and files that are blocks one after the other.

import CDeflate
import CZstd
import StarlingErrors
import StarlingFiles
import StarlingFormats

/// Names how text is compressed.
enum TextCompression: String, CaseIterable {
    case none, gzip, zstd

    init(_ options: WriteOptions) throws(StarlingError) {
        guard let name = options.text("compression")?.lowercased() else {
            self = .none
            return
        }
        guard let known = TextCompression(rawValue: name) else {
            throw StarlingError(
                .binding, "the compression '\(name)' is unknown for text: none, gzip or zstd")
        }
        self = known
    }

    var fileExtension: String {
        switch self {
        case .none: ""
        case .gzip: ".gz"
        case .zstd: ".zst"
        }
    }

    func compress(_ bytes: [UInt8]) throws(StarlingError) -> [UInt8] {
        switch self {
        case .none: return bytes
        case .gzip: return try Self.gzip(bytes)
        case .zstd:
            let result = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) {
                target, count in
                let size = bytes.withUnsafeBytes {
                    ZSTD_compress(
                        target.baseAddress, target.count, $0.baseAddress, bytes.count, 3)
                }
                count = ZSTD_isError(size) == 0 ? size : 0
            }
            if result.isEmpty { throw StarlingError(.internal, "zstd failed to compress") }
            return result
        }
    }

    private static func gzip(_ bytes: [UInt8]) throws(StarlingError) -> [UInt8] {
        guard let compressor = libdeflate_alloc_compressor(6) else {
            throw StarlingError(.resource, "libdeflate can't be started")
        }
        defer { libdeflate_free_compressor(compressor) }
        let bound = libdeflate_gzip_compress_bound(compressor, bytes.count)
        let result = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            count = bytes.withUnsafeBytes {
                libdeflate_gzip_compress(
                    compressor, $0.baseAddress, bytes.count, target.baseAddress, target.count)
            }
        }
        if result.isEmpty { throw StarlingError(.internal, "gzip failed to compress") }
        return result
    }
}

/// Holds rows as text, perhaps compressed.
package struct EncodedText: EncodedBlock {
    package let rowCount: Int
    let bytes: [UInt8]
}

/// Writes blocks of text one after the other.
final class TextAssembler: FileAssembler {
    private let file: any WritableFile
    private let separator: [UInt8]
    private let footer: [UInt8]
    private var hasRows = false
    private(set) var byteCount = 0

    /// Begins a file; `separator` stands between blocks.
    init(
        _ file: any WritableFile, header: [UInt8], separator: [UInt8] = [], footer: [UInt8] = []
    ) throws(StarlingError) {
        self.file = file
        self.separator = separator
        self.footer = footer
        try write(header)
    }

    private func write(_ bytes: [UInt8]) throws(StarlingError) {
        guard !bytes.isEmpty else { return }
        try file.write(bytes)
        byteCount += bytes.count
    }

    func append(_ block: EncodedText) throws(StarlingError) {
        guard block.rowCount > 0 else { return }
        if hasRows { try write(separator) }
        hasRows = true
        try write(block.bytes)
    }

    func finish() throws(StarlingError) { try write(footer) }
}
