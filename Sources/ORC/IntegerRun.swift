// One run of integers. The kinds of the second way, which the two highest bits of a run tell:
//
//  - short repeat: one number of 1 to 8 bytes, 3 to 10 times;
//  - direct: numbers of a fixed number of bits, packed from the highest bit on;
//  - patched base: the same, added to a least number, and for the few that don't fit into the bits
//    a list of gaps and higher bits;
//  - delta: a number, a first step, and steps of a fixed number of bits in the same direction.
//
// Whoever makes a run has all of its bytes in memory unless the stream ends too early, which every
// step checks; 64 bytes behind the end may be read.

/// Holds the header of a run and the bytes behind it.
struct IntegerRun {
    static let countMax = 512
    /// The most bytes that a run takes: numbers one by one in the first way take fewer.
    static let byteCountMax = 4 + 8 + countMax * 8 + 32 * 8

    private enum Kind {
        case shortRepeat(byteCount: Int)
        case direct(width: Int)
        case patchedBase(PatchedBase)
        case delta(width: Int)
        case steps(by: Int64)
        case literals
    }

    let count: Int
    private let kind: Kind
    private let start: UnsafeRawPointer
    private let end: UnsafeRawPointer

    static let tooShort = ORCDamage("a stream ends inside of a run")

    /// Reads the header of a run of the first way.
    @inline(__always)
    init(version1 start: UnsafeRawPointer, end: UnsafeRawPointer) throws(ORCDamage) {
        let header = start.load(as: Int8.self)
        self.end = end
        if header < 0 {
            count = -Int(header)
            kind = .literals
            self.start = start + 1
        } else {
            guard end - start >= 3 else { throw Self.tooShort }
            count = Int(header) + 3
            kind = .steps(by: Int64(start.load(fromByteOffset: 1, as: Int8.self)))
            self.start = start + 2
        }
    }

    /// Reads the header of a run of the second way.
    @inline(__always)
    init(version2 start: UnsafeRawPointer, end: UnsafeRawPointer) throws(ORCDamage) {
        let header = Int(start.load(as: UInt8.self))
        self.end = end
        if header < 0x40 {
            count = header & 7 + 3
            kind = .shortRepeat(byteCount: header >> 3 + 1)
            self.start = start + 1
            return
        }
        guard end - start >= 2 else { throw Self.tooShort }
        count = (header & 1) << 8 + Int(start.load(fromByteOffset: 1, as: UInt8.self)) + 1
        let code = header >> 1 & 31
        switch header >> 6 {
        case 1:
            kind = .direct(width: BitUnpacking.width(code))
            self.start = start + 2
        case 2:
            guard end - start >= 4 else { throw Self.tooShort }
            kind = .patchedBase(
                PatchedBase(
                    width: BitUnpacking.width(code),
                    start.load(fromByteOffset: 2, as: UInt8.self),
                    start.load(fromByteOffset: 3, as: UInt8.self)))
            self.start = start + 4
        default:
            kind = .delta(width: code == 0 ? 0 : BitUnpacking.width(code))
            self.start = start + 2
        }
    }

    /// Decodes all numbers, and returns where the next run begins.
    @inline(__always)
    func decode(
        into target: UnsafeMutablePointer<Int64>, isSigned: Bool
    ) throws(ORCDamage) -> UnsafeRawPointer {
        switch kind {
        case .shortRepeat(let byteCount):
            guard end - start >= byteCount else { throw Self.tooShort }
            let bits = BitUnpacking.bigEndian(start, byteCount)
            target.update(
                repeating: isSigned ? bits.unzigzagged : Int64(bitPattern: bits), count: count)
            return start + byteCount
        case .direct(let width):
            let next = try packedEnd(start, width: width, count: count)
            BitUnpacking.unpack(start, width: width, count: count, into: target)
            if isSigned { BitUnpacking.unzigzag(target, count: count) }
            return next
        case .patchedBase(let form):
            let patches = try packedEnd(
                start + form.baseByteCount, width: form.width, count: count)
            let next = try packedEnd(patches, width: form.patchEntryWidth, count: form.patchCount)
            try form.decode(start, patches: patches, count: count, into: target)
            return next
        case .delta(let width):
            return try decodeDelta(width: width, into: target, isSigned: isSigned)
        case .steps(let step):
            var next = start
            let bits = try Varint.read(&next, end)
            var value = isSigned ? bits.unzigzagged : Int64(bitPattern: bits)
            for index in 0..<count {
                target[index] = value
                value &+= step
            }
            return next
        case .literals:
            var next = start
            for index in 0..<count {
                let bits = try Varint.read(&next, end)
                target[index] = isSigned ? bits.unzigzagged : Int64(bitPattern: bits)
            }
            return next
        }
    }

    /// Returns where the next run begins.
    func skip() throws(ORCDamage) -> UnsafeRawPointer {
        var next = start
        switch kind {
        case .shortRepeat(let byteCount):
            guard end - start >= byteCount else { throw Self.tooShort }
            return start + byteCount
        case .direct(let width): return try packedEnd(start, width: width, count: count)
        case .patchedBase(let form):
            next = try packedEnd(start + form.baseByteCount, width: form.width, count: count)
            return try packedEnd(next, width: form.patchEntryWidth, count: form.patchCount)
        case .delta(let width):
            _ = try Varint.read(&next, end)
            _ = try Varint.read(&next, end)
            return try packedEnd(next, width: width, count: max(0, count - 2))
        case .steps:
            _ = try Varint.read(&next, end)
            return next
        case .literals:
            for _ in 0..<count { _ = try Varint.read(&next, end) }
            return next
        }
    }

    private func decodeDelta(
        width: Int, into target: UnsafeMutablePointer<Int64>, isSigned: Bool
    ) throws(ORCDamage) -> UnsafeRawPointer {
        var next = start
        let bits = try Varint.read(&next, end)
        var value = isSigned ? bits.unzigzagged : Int64(bitPattern: bits)
        let step = try Varint.read(&next, end).unzigzagged
        target[0] = value
        if width == 0 {
            for index in 1..<max(1, count) {
                value &+= step
                target[index] = value
            }
            return next
        }
        let stepCount = max(0, count - 2)
        let rest = try packedEnd(next, width: width, count: stepCount)
        guard count > 1 else { return rest }
        value &+= step
        target[1] = value
        BitUnpacking.unpack(next, width: width, count: stepCount, into: target + 2)
        if step < 0 {
            for index in 2..<max(2, count) {
                value &-= target[index]
                target[index] = value
            }
        } else {
            for index in 2..<max(2, count) {
                value &+= target[index]
                target[index] = value
            }
        }
        return rest
    }

    /// Returns the end of packed numbers, which must lie in the stream.
    @inline(__always)
    private func packedEnd(
        _ start: UnsafeRawPointer, width: Int, count: Int
    ) throws(ORCDamage) -> UnsafeRawPointer {
        let byteCount = (width * count + 7) / 8
        guard end - start >= byteCount else { throw Self.tooShort }
        return start + byteCount
    }
}

/// Reads numbers whose bytes have 7 bits each, the lowest first.
enum Varint {
    @inline(__always)
    static func read(
        _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
    ) throws(ORCDamage) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            guard next < end else { throw IntegerRun.tooShort }
            let byte = next.load(as: UInt8.self)
            next += 1
            result |= UInt64(byte & 0x7F) &<< shift
            if byte & 0x80 == 0 { return result }
            shift &+= 7
        }
        throw ORCDamage("a stream has a number of more than 64 bits")
    }
}
