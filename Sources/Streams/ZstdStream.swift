// ZSTD, in any number of frames one after the other.

import CZstd
import StarlingErrors

/// Decompresses ZSTD.
final class ZstdStream: ByteStream {
    private var input: CompressedInput
    private let path: String
    private let state: OpaquePointer
    private var isInFrame = true

    init(_ source: any ByteStream, path: String) throws(StarlingError) {
        guard let state = ZSTD_createDStream() else {
            throw StarlingError(.resource, "\(path): zstd can't be started")
        }
        input = CompressedInput(source)
        self.path = path
        self.state = state
    }

    deinit { ZSTD_freeDStream(state) }

    func read(into target: UnsafeMutableRawPointer, count: Int) throws(StarlingError) -> Int {
        while true {
            // The library may hold back output that needs no more input.
            let hasInput = try input.fill()
            let available = input.bytes
            var source = ZSTD_inBuffer(
                src: available.baseAddress, size: hasInput ? available.count : 0, pos: 0)
            var output = ZSTD_outBuffer(dst: target, size: count, pos: 0)
            let status = ZSTD_decompressStream(state, &output, &source)
            if ZSTD_isError(status) != 0 {
                throw damage(String(cString: ZSTD_getErrorName(status)))
            }
            input.advance(source.pos)
            if hasInput { isInFrame = status != 0 }
            if output.pos > 0 { return output.pos }
            if !hasInput {
                if isInFrame { throw damage("the file ends too early") }
                return 0
            }
        }
    }

    private func damage(_ what: String) -> StarlingError {
        StarlingError(.file, "\(path) can't be decompressed with zstd: \(what)")
    }
}
