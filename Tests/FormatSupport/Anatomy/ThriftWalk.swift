// Where the fields of a structure in Thrift's compact protocol lie. It shares no code with the
// reader that it helps to test.

/// Walks through a structure and notes the place of every plain value.
package struct ThriftWalk {
    package struct Field {
        /// The numbers of the fields on the way, and the places in lists.
        package var path: [Int]
        /// The type by its code in the protocol.
        package var type: UInt8
        /// The bytes of the value, without the header of the field.
        package var range: Range<Int>
        /// The value, where it is a number.
        package var number = 0
    }

    private let bytes: [UInt8]
    /// Behind the structure, once it has been walked through.
    package private(set) var offset: Int
    package private(set) var fields: [Field] = []
    /// The places where a field begins or a structure ends.
    package private(set) var boundaries: [Int] = []
    /// False where the bytes are something else, such as an encrypted header.
    package private(set) var isComplete = true

    package init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        offset = start
        walkStructure([])
    }

    package func number(_ path: [Int]) -> Int? { fields.first { $0.path == path }?.number }

    /// Reads a byte; 0, which ends structures, where there is none.
    private mutating func byte() -> UInt8 {
        guard isComplete, bytes.indices.contains(offset) else {
            isComplete = false
            return 0
        }
        offset += 1
        return bytes[offset - 1]
    }

    private mutating func advance(_ count: UInt64) {
        guard count <= UInt64(max(0, bytes.count - offset)) else { return isComplete = false }
        offset += Int(count)
    }

    private mutating func unsigned() -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = byte()
            result |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return result }
        }
        isComplete = false
        return 0
    }

    private mutating func integer() -> Int {
        let raw = unsigned()
        return Int(Int64(bitPattern: (raw >> 1) ^ (0 &- (raw & 1))))
    }

    private mutating func walkStructure(_ path: [Int]) {
        var id = 0
        while true {
            boundaries.append(offset)
            let header = byte()
            if header == 0 || path.count > 20 { return }
            id = header >> 4 == 0 ? integer() : id &+ Int(header >> 4)
            walkValue(path + [id], header & 0x0F)
        }
    }

    private mutating func walkValue(_ path: [Int], _ type: UInt8) {
        let start = offset
        var number = 0
        switch type {
        case 1, 2: break
        case 3: advance(1)
        case 4, 5, 6: number = integer()
        case 7: advance(8)
        case 8: advance(unsigned())
        case 9, 10:
            let header = byte()
            let count = header >> 4 == 15 ? unsigned() : UInt64(header >> 4)
            fields.append(Field(path: path, type: type, range: start..<offset))
            for place in 0..<Int(clamping: count) where isComplete {
                // Flags in lists take a byte, those of structures none.
                if header & 0x0F <= 2 {
                    advance(1)
                } else {
                    walkValue(path + [place], header & 0x0F)
                }
            }
            return
        case 12: return walkStructure(path)
        default: isComplete = false
        }
        guard isComplete else { return }
        fields.append(Field(path: path, type: type, range: start..<offset, number: number))
    }

    /// Writes a number as a field has it.
    package static func encoded(_ number: Int) -> [UInt8] {
        var rest = UInt64(bitPattern: Int64(number << 1) ^ Int64(number >> 63))
        var bytes: [UInt8] = []
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
