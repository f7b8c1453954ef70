// A piece of text with whole records in it, and the places of its structural characters.

import CPlatform
import StarlingErrors
import StarlingMemory

/// Holds text and where its structure lies.
final class JSONBlock {
    /// Bytes before and behind the text that may be read.
    static let margin = 64

    let buffer: Buffer
    let text: UnsafeMutablePointer<UInt8>
    let start: Int
    let end: Int
    /// Where the text begins in the file; -1 where it does not lie there as it is.
    let fileOffset: Int
    private(set) var places: Buffer
    private(set) var placeCount = 0
    let hasHighBytes: Bool
    /// True where the text ends within a string.
    let endsInString: Bool
    let hasEscapes: Bool

    init(_ buffer: Buffer, _ range: Range<Int>, fileOffset: Int) {
        self.buffer = buffer
        text = buffer.pointer(to: UInt8.self)
        start = range.lowerBound
        end = range.upperBound
        self.fileOffset = fileOffset
        var state = starling_document_state()
        var places = Buffer(byteCount: (range.count / 4 + 4_096) * 4)
        var from = range.lowerBound
        while from < range.upperBound {
            // Steps, since a structural character may be every byte and seldom is.
            let to = min(range.upperBound, from + 1 << 14)
            let wanted = (state.count + (to - from) + 128) * 4
            if wanted > places.byteCount {
                let larger = Buffer(byteCount: wanted * 2)
                larger.baseAddress.copyMemory(
                    from: places.baseAddress, byteCount: state.count * 4)
                places = larger
            }
            starling_find_structure(text, from, to, &state, places.pointer(to: UInt32.self))
            from = to
        }
        self.places = places
        placeCount = state.count
        hasHighBytes = state.has_high_bytes != 0
        endsInString = state.inside != 0
        hasEscapes =
            starling_has_byte(text, range.lowerBound, range.upperBound, UInt8(ascii: "\\")) != 0
    }
}
