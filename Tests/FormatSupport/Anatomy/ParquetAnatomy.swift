// What lies where in an intact Parquet file: footer, column chunks, pages.

package struct ParquetAnatomy {
    package struct Page {
        /// Its fields lie in `header`; numbers of paths are those of PageHeader in parquet.thrift.
        package var walk: ThriftWalk
        package var header: Range<Int>
        package var body: Range<Int>
        package var all: Range<Int> { header.lowerBound..<body.upperBound }
    }

    package struct ColumnChunk {
        /// The path of its ColumnMetaData in the footer.
        package var path: [Int]
        package var range: Range<Int>
        package var pages: [Page]
    }

    package let bytes: [UInt8]
    package let footer: Range<Int>
    package let footerWalk: ThriftWalk
    package private(set) var chunks: [ColumnChunk] = []

    /// Returns nil where the footer can't be read, as an encrypted one.
    package init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        let end = bytes.count - 8
        guard end > 4, bytes.suffix(4) == Array("PAR1".utf8) else { return nil }
        let length = (0..<4).reduce(0) { $0 | Int(bytes[end + $1]) << (8 * $1) }
        guard length < end else { return nil }
        footer = (end - length)..<end
        footerWalk = ThriftWalk(bytes, from: footer.lowerBound)
        guard footerWalk.isComplete else { return nil }
        for group in 0... {
            guard footerWalk.fields.contains(where: { $0.path.starts(with: [4, group, 1, 0]) })
            else { break }
            for column in 0... {
                let path = [4, group, 1, column, 3]
                guard let data = footerWalk.number(path + [9]),
                    let count = footerWalk.number(path + [7])
                else { break }
                let dictionary = footerWalk.number(path + [11]).flatMap { $0 > 0 ? $0 : nil }
                let start = min(data, dictionary ?? data)
                guard start >= 4, count >= 0, count <= end - start else { continue }
                chunks.append(Self.chunk(bytes, path, start..<(start + count)))
            }
        }
    }

    private static func chunk(
        _ bytes: [UInt8], _ path: [Int], _ range: Range<Int>
    ) -> ColumnChunk {
        var pages: [Page] = []
        var offset = range.lowerBound
        while offset < range.upperBound {
            let walk = ThriftWalk(bytes, from: offset)
            let count = walk.number([3]) ?? -1
            guard walk.isComplete, count >= 0, walk.offset + count <= range.upperBound else {
                break
            }
            let body = walk.offset..<(walk.offset + count)
            pages.append(Page(walk: walk, header: offset..<walk.offset, body: body))
            offset = body.upperBound
        }
        return ColumnChunk(path: path, range: range, pages: pages)
    }

    /// The places where something begins or ends.
    package var boundaries: [Int] {
        var places = [0, 4, footer.lowerBound, footer.upperBound, footer.upperBound + 4]
        places += footerWalk.boundaries
        for chunk in chunks {
            for page in chunk.pages { places += page.walk.boundaries + [page.body.lowerBound] }
            places.append(chunk.range.upperBound)
        }
        return places
    }

    /// Puts a file together: `head` up to the footer, the footer, and the end that belongs to it.
    package static func file(head: [UInt8], footer: [UInt8]) -> [UInt8] {
        let length = (0..<4).map { UInt8(truncatingIfNeeded: footer.count >> (8 * $0)) }
        return head + footer + length + Array("PAR1".utf8)
    }

    /// Writes the footer with other numbers in some of its fields.
    package func footer(changing numbers: [([Int], Int)]) -> [UInt8] {
        var result = Array(bytes[footer])
        // From the end on, so that the places before stay right.
        let places = footerWalk.fields.compactMap { field in
            numbers.first { $0.0 == field.path }.map { (field.range, $0.1) }
        }
        for (range, number) in places.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) {
            let start = range.lowerBound - footer.lowerBound
            result.replaceSubrange(
                start..<(start + range.count), with: ThriftWalk.encoded(number))
        }
        return result
    }
}
