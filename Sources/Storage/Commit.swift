// A commit as a record of the log.
//
//   record := header (40), changes, zeros up to a multiple of 8
//   header := bytes of the changes and zeros (8), number of the commit (8), its time in microseconds
//             since 1970 (8), checksum of the changes and zeros (8), checksum of these 32 bytes (8)
//
// The seed of both checksums is the place of the record, so that bytes of another place are no record.

import StarlingErrors
import StarlingMemory

/// Is what a transaction changed, in the order of all commits.
package struct Commit: Sendable, Equatable {
    static let headerByteCount = 40

    /// Counts the commits; 1 is the first.
    package var number: UInt64
    /// When it was made, in microseconds since 1970.
    package var microseconds: Int64
    package var changes: [Change]

    package init(number: UInt64, microseconds: Int64, changes: [Change]) {
        self.number = number
        self.microseconds = microseconds
        self.changes = changes
    }

    /// Returns the record that stands at `place` of the log.
    func record(at place: Int) -> ByteWriter {
        let body = ByteWriter()
        for change in changes { change.append(to: body) }
        body.pad(toMultipleOf: 8)
        let record = ByteWriter(capacity: Self.headerByteCount + body.count)
        record.append(UInt64(body.count))
        record.append(number)
        record.append(microseconds)
        record.append(XXHash64.hash(body.bytes, seed: UInt64(place)))
        record.append(XXHash64.hash(record.bytes, seed: UInt64(place)))
        record.append(body.bytes)
        return record
    }

    /// Reads the header at `place`; nil where there is none.
    static func header(of log: [UInt8], at place: Int) -> Header? {
        guard place + headerByteCount <= log.count else { return nil }
        let bytes = log[place..<(place + headerByteCount)]
        var reader = RecordReader(bytes, of: "")
        guard let byteCount = try? reader.count(), let number = try? reader.integer(UInt64.self),
            let time = try? reader.integer(Int64.self),
            let checksum = try? reader.integer(UInt64.self),
            let own = try? reader.integer(UInt64.self),
            own == hash(bytes.dropLast(8), at: place)
        else { return nil }
        return Header(byteCount: byteCount, number: number, microseconds: time, checksum: checksum)
    }

    /// Reads the record behind a header; nil where its bytes are not those that were written.
    static func read(
        _ header: Header, of log: [UInt8], at place: Int, _ path: String
    ) throws(StarlingError) -> Commit? {
        let start = place + headerByteCount
        guard header.byteCount <= log.count - start else { return nil }
        let body = log[start..<(start + header.byteCount)]
        guard hash(body, at: place) == header.checksum else { return nil }
        var reader = RecordReader(body, of: path)
        var changes: [Change] = []
        while let change = try Change(&reader) { changes.append(change) }
        return Commit(
            number: header.number, microseconds: header.microseconds, changes: changes)
    }

    private static func hash(_ bytes: ArraySlice<UInt8>, at place: Int) -> UInt64 {
        bytes.withUnsafeBytes { XXHash64.hash($0, seed: UInt64(place)) }
    }

    /// Says of a record what stands before its changes.
    struct Header {
        var byteCount: Int
        var number: UInt64
        var microseconds: Int64
        var checksum: UInt64
    }
}
