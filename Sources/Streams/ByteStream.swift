// Bytes that come one after the other: a file from its start, perhaps decompressed or brought into
// UTF-8 on the way.

import StarlingErrors
import StarlingFiles
import StarlingMemory

/// Gives bytes in order; belongs to one reader.
package protocol ByteStream: AnyObject {
    /// Writes up to `count` bytes to `target` and tells how many; 0 is the end.
    func read(into target: UnsafeMutableRawPointer, count: Int) throws(StarlingError) -> Int
}

extension ByteStream {
    /// Reads until `count` bytes are there or the stream ends.
    package func readFully(
        into target: UnsafeMutableRawPointer, count: Int
    ) throws(StarlingError) -> Int {
        var done = 0
        while done < count {
            let more = try read(into: target + done, count: count - done)
            if more == 0 { break }
            done += more
        }
        return done
    }
}

/// Names how a file as a whole is compressed.
package enum Compression: String, Sendable, CaseIterable {
    case none, gzip, zstd

    /// The ends that compression gives to the names of files.
    package static let fileExtensions = ["gz", "gzip", "zst", "zstd"]

    /// Recognizes the compression by a file's first bytes.
    package init(recognizing start: [UInt8]) {
        if start.starts(with: [0x1F, 0x8B]) {
            self = .gzip
        } else if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            self = .zstd
        } else {
            self = .none
        }
    }
}

/// Opens the content of a file.
package func makeStream(
    _ file: any ReadableFile, compression: Compression, encoding: TextEncoding = .utf8
) throws(StarlingError) -> any ByteStream {
    let bytes = FileStream(file)
    let content: any ByteStream =
        switch compression {
        case .none: bytes
        case .gzip: try GzipStream(bytes, path: file.path)
        case .zstd: try ZstdStream(bytes, path: file.path)
        }
    return encoding == .utf8 ? content : TranscodingStream(content, from: encoding, file.path)
}

/// Reads the first bytes of a file's content, at most `count`.
package func readStart(
    of file: any ReadableFile, compression: Compression, encoding: TextEncoding = .utf8, count: Int
) throws(StarlingError) -> [UInt8] {
    let stream = try makeStream(file, compression: compression, encoding: encoding)
    let buffer = Buffer(byteCount: count)
    let read = try stream.readFully(into: buffer.baseAddress, count: count)
    return [UInt8](UnsafeRawBufferPointer(start: buffer.baseAddress, count: read))
}

/// Reads a file from its start.
private final class FileStream: ByteStream {
    private let file: any ReadableFile
    private var position = 0

    init(_ file: any ReadableFile) { self.file = file }

    func read(into target: UnsafeMutableRawPointer, count: Int) throws(StarlingError) -> Int {
        let some = min(count, file.byteCount - position)
        guard some > 0 else { return 0 }
        try file.read(position..<(position + some), into: target)
        position += some
        return some
    }
}
