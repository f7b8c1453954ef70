import StarlingErrors
import StarlingMemory

/// Is where the bytes of a segment can be read, and what errors call it.
struct StoredSegment: Sendable {
    /// The table's name with its database.
    var table: TableName
    var number: UInt64
    var source: any ReadableSource
    /// Where it begins in the source.
    var offset: Int
    var byteCount: Int

    /// Reads bytes, counted from the segment's beginning, into a buffer of their own.
    func read(_ range: Range<Int>) throws(StarlingError) -> Buffer {
        guard range.lowerBound >= 0, range.upperBound <= byteCount else {
            throw damage("a part lies outside of it")
        }
        do throws(StarlingError) {
            return try source.read((offset + range.lowerBound)..<(offset + range.upperBound))
        } catch {
            throw StarlingError(
                error.kind, "segment \(number) of table \(table): \(error.message)")
        }
    }

    func damage(_ message: String) -> StarlingError {
        StarlingError(
            .data,
            "segment \(number) of table \(table) is damaged: \(message) (\(source.path), from byte "
                + "\(offset) on)")
    }
}

/// Gives bytes that never change.
protocol ReadableSource: Sendable {
    var path: String { get }

    func read(_ range: Range<Int>) throws(StarlingError) -> Buffer
}

/// Is the image of a segment that stands in the log.
struct LoggedImage: ReadableSource {
    let path: String
    let bytes: [UInt8]

    func read(_ range: Range<Int>) throws(StarlingError) -> Buffer {
        guard range.upperBound <= bytes.count else {
            throw StarlingError(.data, "\(path) is damaged: a segment in it is cut off")
        }
        let buffer = Buffer(byteCount: range.count)
        bytes.withUnsafeBytes { all in
            guard let start = all.baseAddress else { return }
            buffer.baseAddress.copyMemory(from: start + range.lowerBound, byteCount: range.count)
        }
        return buffer
    }
}
