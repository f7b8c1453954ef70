/// Opens every block: what it holds, and where its parts are.
struct BlockHeader: BitwiseCopyable {
    var encoding: UInt8
    var physicalType: UInt8
    var hasNulls: UInt8
    var unused: UInt8 = 0
    var rowCount: UInt32
    var nullCount: UInt32
    /// Where the values begin; before them, where there are NULLs, a bit a row in words of 8 bytes.
    var bodyOffset: UInt32
    var byteCount: UInt64 = 0

    static let byteCount = 24
}
