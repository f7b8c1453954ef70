import StarlingErrors
import StarlingTables

/// Is how the values of a column of a segment are spread; what is stored is read when someone asks.
package enum SegmentSpread: Sendable {
    case made(ColumnHistogram)
    case stored(ArraySlice<UInt8>)

    /// The histogram; nil where the bytes are none, which estimates can do without.
    var histogram: ColumnHistogram? {
        switch self {
        case .made(let histogram): return histogram
        case .stored(let bytes):
            var reader = RecordReader(bytes, of: "a histogram")
            return try? reader.histogram()
        }
    }
}
