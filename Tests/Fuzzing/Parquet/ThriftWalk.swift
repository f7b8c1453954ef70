// Where the fields of a structure in Thrift's compact protocol lie. It reads intact files only, and
// shares no code with the reader that it helps to test.

/// Walks through a structure and notes the place of every plain value.
struct ThriftWalk {
    struct Field {
        /// The numbers of the fields on the way, and the places in lists.
        var path: [Int]
        /// The type by its code in the protocol.
        var type: UInt8
        /// The bytes of the value, without the header of the field.
        var range: Range<Int>
        /// The value, where it is a number.
        var number = 0
    }

    private let bytes: [UInt8]
    /// Behind the structure, once it has been walked through.
    private(set) var offset: Int
    private(set) var fields: [Field] = []
    /// The places where a field begins or a structure ends.
    private(set) var boundaries: [Int] = []

    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        offset = start
        walkStructure([])
    }

    func number(_ path: [Int]) -> Int? { fields.first { $0.path == path }?.number }

    private mutating func unsigned() -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = bytes[offset]
            offset += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return result }
            shift += 7
        }
    }

    private mutating func integer() -> Int {
        let raw = unsigned()
        return Int(Int64(bitPattern: (raw >> 1) ^ (0 &- (raw & 1))))
    }

    private mutating func walkStructure(_ path: [Int]) {
        var id = 0
        while true {
            boundaries.append(offset)
            let header = bytes[offset]
            offset += 1
            if header == 0 { return }
            id = header >> 4 == 0 ? integer() : id + Int(header >> 4)
            walkValue(path + [id], header & 0x0F)
        }
    }

    private mutating func walkValue(_ path: [Int], _ type: UInt8) {
        let start = offset
        var number = 0
        switch type {
        case 1, 2: break
        case 3: offset += 1
        case 4, 5, 6: number = integer()
        case 7: offset += 8
        case 8: offset = Int(unsigned()) + offset
        case 9, 10:
            let header = bytes[offset]
            offset += 1
            let count = header >> 4 == 15 ? Int(unsigned()) : Int(header >> 4)
            fields.append(Field(path: path, type: type, range: start..<offset))
            for place in 0..<count {
                // Flags in lists take a byte, those of structures none.
                if header & 0x0F <= 2 {
                    offset += 1
                } else {
                    walkValue(path + [place], header & 0x0F)
                }
            }
            return
        case 12: return walkStructure(path)
        default: preconditionFailure("the fixtures have no such type")
        }
        fields.append(Field(path: path, type: type, range: start..<offset, number: number))
    }

    /// Writes a number as a field has it.
    static func encoded(_ number: Int) -> [UInt8] {
        var rest = UInt64(bitPattern: Int64(number << 1) ^ Int64(number >> 63))
        var bytes: [UInt8] = []
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
