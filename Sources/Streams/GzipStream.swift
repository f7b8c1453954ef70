// GZIP, in any number of members one after the other.

import CZlib
import StarlingErrors

/// Decompresses GZIP.
final class GzipStream: ByteStream {
    private var input: CompressedInput
    private let path: String
    private let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var isInMember = false
    private var isFirst = true

    init(_ source: any ByteStream, path: String) throws(StarlingError) {
        input = CompressedInput(source)
        self.path = path
        state.initialize(to: z_stream())
        // 15 + 16: the largest window, with the header and trailer of GZIP.
        let status = inflateInit2_(
            state, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            throw StarlingError(.resource, "\(path): zlib can't be started")
        }
    }

    deinit {
        inflateEnd(state)
        state.deallocate()
    }

    func read(into target: UnsafeMutableRawPointer, count: Int) throws(StarlingError) -> Int {
        while true {
            guard try input.fill() else {
                if isInMember || isFirst { throw damage("the file ends too early") }
                return 0
            }
            if !isInMember {
                // Padding behind the last member is allowed.
                if !isFirst, input.bytes[0] == 0 {
                    input.advance(1)
                    continue
                }
                if inflateReset(state) != Z_OK { throw damage("zlib can't go on") }
                isInMember = true
                isFirst = false
            }
            let available = input.bytes
            state.pointee.next_in = UnsafeMutablePointer(
                mutating: available.baseAddress?.assumingMemoryBound(to: UInt8.self))
            state.pointee.avail_in = UInt32(available.count)
            state.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
            let room = min(count, 1 << 30)
            state.pointee.avail_out = UInt32(room)
            let status = inflate(state, Z_NO_FLUSH)
            input.advance(available.count - Int(state.pointee.avail_in))
            let written = room - Int(state.pointee.avail_out)
            if status == Z_STREAM_END {
                isInMember = false
            } else if status != Z_OK && status != Z_BUF_ERROR {
                throw damage("the compressed data is damaged")
            }
            if written > 0 { return written }
        }
    }

    private func damage(_ what: String) -> StarlingError {
        StarlingError(.file, "\(path) can't be decompressed with gzip: \(what)")
    }
}
