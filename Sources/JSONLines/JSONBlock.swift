// A piece of text with whole records in it, and the places of its structural characters.

import CPlatform
import StarlingErrors
import StarlingMemory

/// Holds text and where its structure lies.
final class JSONBlock {
    /// Bytes before and behind the text that may be read.
    static let margin = 64
    /// What memory is asked for where a record is larger than what is read at once.
    static let largeRecord = "a record of a JSON file"
    /// Text of so many bytes is of one large record, or of few.
    private static let largeByteCount = 16 << 20
    /// What a record has at most, whether it lies in one line or in many.
    static let recordByteCountMax = 1 << 30

    private let budget: MemoryBudget
    let buffer: Buffer
    let text: UnsafeMutablePointer<UInt8>
    let start: Int
    let end: Int
    /// Where the text begins in the file; -1 where it does not lie there as it is.
    let fileOffset: Int
    private(set) var places = Buffer(byteCount: 0)
    private(set) var placeCount = 0
    private(set) var hasHighBytes = false
    /// True where the text ends within a string.
    private(set) var endsInString = false
    let hasEscapes: Bool

    init(
        _ buffer: Buffer, _ range: Range<Int>, fileOffset: Int, _ budget: MemoryBudget
    ) throws(StarlingError) {
        self.budget = budget
        self.buffer = buffer
        text = buffer.pointer(to: UInt8.self)
        start = range.lowerBound
        end = range.upperBound
        self.fileOffset = fileOffset
        hasEscapes =
            starling_has_byte(text, range.lowerBound, range.upperBound, UInt8(ascii: "\\")) != 0
        try findStructure(from: start)
    }

    /// Finds the structure again from a place on that lies in no string, whatever stood before it.
    func findStructure(from place: Int) throws(StarlingError) {
        var state = starling_document_state()
        let old = places.pointer(to: UInt32.self)
        while state.count < placeCount, Int(old[state.count]) < place { state.count += 1 }
        var from = place
        while from < end {
            // Steps, since a structural character may be every byte and seldom is.
            let to = min(end, from + 1 << 14)
            try makeRoom(state.count + (to - from) + 128, kept: state.count)
            starling_find_structure(text, from, to, &state, places.pointer(to: UInt32.self))
            from = to
        }
        placeCount = state.count
        hasHighBytes = hasHighBytes || state.has_high_bytes != 0
        endsInString = state.inside != 0
    }

    /// Counts the newlines before a place that lie in no string.
    func lineCount(before place: Int) -> Int {
        let places = places.pointer(to: UInt32.self)
        var lines = 0
        for index in 0..<placeCount where text[Int(places[index])] == 10 {
            if Int(places[index]) >= place { break }
            lines += 1
        }
        return lines
    }

    private func makeRoom(_ count: Int, kept: Int) throws(StarlingError) {
        if places.byteCount == 0 { places = Buffer(byteCount: ((end - start) / 4 + 4_096) * 4) }
        guard count * 4 > places.byteCount else { return }
        let larger =
            end - start < Self.largeByteCount
            ? Buffer(byteCount: count * 8)
            : try Buffer(byteCount: count * 8, within: budget, for: Self.largeRecord)
        larger.baseAddress.copyMemory(from: places.baseAddress, byteCount: kept * 4)
        places = larger
    }
}
