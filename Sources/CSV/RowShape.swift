import StarlingMemory

/// Builds an index in which every row has the same number of fields; those that a row lacks end
/// before they begin.
struct RowShape {
    private let width: Int
    private var ends: [UInt32] = []
    private var bases: [UInt32] = []

    init(width: Int, count: Int) {
        self.width = width
        ends.reserveCapacity(count * (width + 1))
        bases.reserveCapacity(count + 1)
    }

    /// Takes a row with some number of fields; those behind the last column are dropped.
    mutating func add(_ base: Int, _ source: UnsafePointer<UInt32>, _ fieldCount: Int) {
        bases.append(UInt32(truncatingIfNeeded: ends.count))
        for index in 0...min(width, fieldCount) { ends.append(source[base + index]) }
        for _ in min(width, fieldCount)..<width { ends.append(ends[ends.count - 1]) }
    }

    func finish() -> (ends: Buffer, bases: Buffer, count: Int) {
        (Self.copy(ends), Self.copy(bases), bases.count)
    }

    private static func copy(_ values: [UInt32]) -> Buffer {
        let buffer = Buffer(byteCount: max(4, values.count * 4))
        values.withUnsafeBytes { all in
            if let first = all.baseAddress {
                buffer.baseAddress.copyMemory(from: first, byteCount: all.count)
            }
        }
        return buffer
    }
}
