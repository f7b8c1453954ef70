// What lies where in an ORC file: the pieces that codecs have made, or else streams and footers, which
// the protocol buffers in its tail tell.

/// Finds the fields of one message.
private struct ProtobufWalk {
    private(set) var numbers: [(field: Int, value: Int)] = []
    private(set) var messages: [(field: Int, range: Range<Int>)] = []

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        var place = range.lowerBound
        func number() -> Int {
            var result = 0
            for shift in stride(from: 0, to: 63, by: 7) where place < range.upperBound {
                let next = bytes[place]
                place += 1
                result |= Int(next & 0x7F) << shift
                if next & 0x80 == 0 { break }
            }
            return result
        }
        while place < range.upperBound {
            let key = number()
            switch key & 7 {
            case 0: numbers.append((key >> 3, number()))
            case 1: place += 8
            case 2:
                let count = number()
                guard count <= range.upperBound - place else { return }
                messages.append((key >> 3, place..<(place + count)))
                place += count
            default: place += 4
            }
        }
    }

    func number(_ field: Int) -> Int { numbers.first { $0.field == field }?.value ?? 0 }
}

extension FileOutline {
    package static func orc(_ bytes: [UInt8]) -> FileOutline {
        let end = bytes.count - 1
        guard end > 3, Int(bytes[end]) < end else { return FileOutline(boundaries: [0, 3]) }
        let script = (end - Int(bytes[end]))..<end
        let tail = ProtobufWalk(bytes, script)
        let footer = (script.lowerBound - tail.number(1))..<script.lowerBound
        let metadata = footer.lowerBound - tail.number(5)
        guard metadata > 3 else { return FileOutline(boundaries: [0, 3, end]) }
        var places = [0, 3, metadata, footer.lowerBound, script.lowerBound, end]
        if tail.number(2) == 0 {
            for (field, range) in ProtobufWalk(bytes, footer).messages where field == 3 {
                places += streams(bytes, ProtobufWalk(bytes, range))
            }
        } else {
            // Everything before is a sequence of pieces, each with its size before it.
            var place = 3
            while place + 3 < script.lowerBound {
                let header = (0..<3).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
                places += [place, place + 3]
                place += 3 + header >> 1
            }
        }
        return FileOutline(
            boundaries: places, tail: metadata,
            hotspots: [footer, metadata..<bytes.count, script, max(0, metadata - 700)..<metadata])
    }

    /// Finds where the streams of a stripe without a codec begin, and its footer.
    private static func streams(_ bytes: [UInt8], _ stripe: ProtobufWalk) -> [Int] {
        var place = stripe.number(1)
        let end = place + stripe.number(2) + stripe.number(3)
        var places = [place, end, end + stripe.number(4)]
        guard places.allSatisfy({ 0...bytes.count ~= $0 }) else { return [] }
        for (field, range) in ProtobufWalk(bytes, end..<places[2]).messages where field == 1 {
            place += ProtobufWalk(bytes, range).number(3)
            places.append(place)
        }
        return places
    }
}
