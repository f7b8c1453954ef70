import StarlingErrors
import StarlingMemory

/// Holds compressed bytes that were read and not yet used up.
struct CompressedInput {
    private let source: any ByteStream
    private let buffer = Buffer(byteCount: 1 << 17)
    private(set) var position = 0
    private var end = 0

    init(_ source: any ByteStream) { self.source = source }

    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: buffer.baseAddress + position, count: end - position)
    }

    /// Makes sure that there are bytes; false at the end.
    mutating func fill() throws(StarlingError) -> Bool {
        if position < end { return true }
        position = 0
        end = try source.read(into: buffer.baseAddress, count: buffer.byteCount)
        return end > 0
    }

    mutating func advance(_ count: Int) { position += count }
}
