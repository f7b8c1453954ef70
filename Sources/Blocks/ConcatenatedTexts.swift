import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds the strings of a column one behind the other, nothing for a NULL.
struct ConcatenatedTexts {
    let count: Int
    private let bytes: ByteWriter
    private let lengthBytes: Buffer

    init(_ flat: Vector) {
        count = flat.count
        lengthBytes = Buffer(byteCount: max(8, flat.count * 8))
        bytes = ByteWriter(capacity: max(8, flat.count * 8))
        let target = lengthBytes.pointer(to: Int64.self)
        let strings = flat.pointer(to: StringReference.self)
        for row in 0..<flat.count {
            guard flat.isValid(row) else {
                target[row] = 0
                continue
            }
            target[row] = Int64(strings[row].count)
            strings[row].withBytes { bytes.append($0) }
        }
    }

    var lengths: UnsafePointer<Int64> { UnsafePointer(lengthBytes.pointer(to: Int64.self)) }
    var start: UnsafeRawPointer { UnsafeRawPointer(bytes.start) }
    var byteCount: Int { bytes.count }
    var all: UnsafeRawBufferPointer { bytes.bytes }

    /// The bytes of the first `rowCount` strings.
    func byteCount(ofFirst rowCount: Int) -> Int {
        (0..<rowCount).reduce(0) { $0 + Int(lengths[$1]) }
    }
}
