// What lies where in a file, as far as those who damage it have to know. It is found without the readers
// that are tested so.

/// Holds the structure of an intact file.
package struct FileOutline {
    /// Where something begins or ends, ascending.
    package let boundaries: [Int]
    /// Where what the file says of itself begins, where that stands at its end.
    package let tail: Int?
    /// Where numbers stand that tell what lies where.
    package let hotspots: [Range<Int>]
    /// Bytes that mean something wherever they stand.
    package let marks: [UInt8]

    package init(
        boundaries: [Int], tail: Int? = nil, hotspots: [Range<Int>] = [], marks: [UInt8] = []
    ) {
        self.marks = marks
        self.boundaries = Set(boundaries).filter { $0 >= 0 }.sorted()
        self.tail = tail
        self.hotspots = hotspots.filter { !$0.isEmpty }
    }
}

extension FileOutline {
    /// Finds footers, pages and the fields of their headers; where the footer is encrypted, its bounds.
    package static func parquet(_ bytes: [UInt8]) -> FileOutline {
        guard let anatomy = ParquetAnatomy(bytes) else {
            let length = bytes.suffix(8).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            let tail = max(4, bytes.count - 8 - length)
            return FileOutline(
                boundaries: [0, 4, tail, bytes.count - 8, bytes.count - 4], tail: tail)
        }
        let pages = anatomy.chunks.flatMap(\.pages)
        return FileOutline(
            boundaries: anatomy.boundaries, tail: anatomy.footer.lowerBound,
            hotspots: [anatomy.footer, anatomy.footer] + pages.map(\.header)
                + pages.map {
                    $0.body.lowerBound..<min($0.body.upperBound, $0.body.lowerBound + 24)
                })
    }

    /// Finds what rows and fields begin and end with; `others` are bytes that mean something besides.
    package static func text(
        _ bytes: [UInt8], marks: String, others: String
    ) -> FileOutline {
        let marks = Set(marks.utf8)
        let isPlain = !bytes.starts(with: [0x1F, 0x8B]) && !bytes.starts(with: [0x28, 0xB5, 0x2F])
        let places =
            isPlain
            ? bytes.indices.filter { marks.contains(bytes[$0]) }.flatMap { [$0, $0 + 1] }
            : Array(stride(from: 0, to: bytes.count, by: 1 + bytes.count / 200))
        return FileOutline(
            boundaries: [0] + places, marks: marks + Array(others.utf8) + [0, 0x80, 0xFF])
    }

    /// Finds the entries of the header, and counts, sizes and ends of blocks.
    package static func avro(_ bytes: [UInt8]) -> FileOutline {
        var places = [0, 4]
        var place = 4
        func number() -> Int {
            var bits: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) where place < bytes.count {
                let next = bytes[place]
                place += 1
                bits |= UInt64(next & 0x7F) << shift
                if next & 0x80 == 0 { break }
            }
            places.append(place)
            return Int(Int64(bitPattern: bits >> 1 ^ (0 &- (bits & 1))))
        }
        func pass(_ count: Int) {
            place = min(bytes.count, place + min(bytes.count, max(0, count)))
            places.append(place)
        }
        while place < bytes.count, case let count = number(), count != 0 {
            // A negative count is followed by the size in bytes of that many entries.
            if count < 0 { _ = number() }
            for _ in 0..<count.magnitude {
                pass(number())
                pass(number())
            }
        }
        pass(16)
        var hotspots = [0..<place]
        while place < bytes.count {
            let start = place
            _ = number()
            let size = number()
            hotspots.append(start..<min(bytes.count, place + 40))
            pass(size)
            pass(16)
        }
        return FileOutline(boundaries: places, hotspots: hotspots)
    }

    /// Finds messages, their metadata and their bodies, and the footer.
    package static func arrow(_ bytes: [UInt8]) -> FileOutline {
        func int32(_ place: Int) -> Int {
            guard place >= 0, place + 4 <= bytes.count else { return 0 }
            return Int(
                Int32(
                    truncatingIfNeeded: (0..<4).reduce(0) {
                        $0 | Int(bytes[place + $1]) << (8 * $1)
                    }))
        }
        let isFile = bytes.starts(with: Array("ARROW1".utf8))
        var place = isFile ? 8 : 0
        var places = [0, place]
        var hotspots: [Range<Int>] = []
        while place + 8 <= bytes.count {
            let metadata = int32(place) == -1 ? place + 8 : place + 4
            let length = int32(metadata - 4)
            guard length > 0, metadata + length <= bytes.count else { break }
            // The field 3 of the table in it: how long the body is.
            let table = metadata + int32(metadata)
            let offset = table - int32(table) + 10
            guard offset + 2 <= bytes.count else { break }
            let slot = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
            let body = slot == 0 ? 0 : int32(table + slot)
            places += [place, metadata, metadata + length]
            hotspots.append(place..<(metadata + length))
            place = metadata + length + max(0, body)
            places.append(place)
        }
        guard isFile else { return FileOutline(boundaries: places, hotspots: hotspots) }
        let end = bytes.count - 10
        let footer = end - int32(end)
        return FileOutline(
            boundaries: places + [footer, end, end + 4], tail: footer,
            hotspots: hotspots + [max(0, footer)..<bytes.count])
    }
}
