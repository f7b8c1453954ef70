// The columns of made-up strings that several tables share.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Cuts comments from the text pool.
struct CommentColumn: Sendable {
    let seed: UInt32
    /// Lengths are between 0.4 and 1.6 times this.
    let averageByteCount: Int

    /// Makes strings that point into the pool.
    func strings(_ window: PositionWindow, _ pool: TextPool) -> Vector {
        let text = pool.text
        let states = window.states(seed: seed, usesPerPosition: 2)
        // As the reference generator rounds.
        let byteCountMax = Int(Double(averageByteCount) * 1.6)
        let offsets = UniformRange(0, TextPool.byteCount - byteCountMax)
        let byteCounts = UniformRange(Int(Double(averageByteCount) * 0.4), byteCountMax)

        var vector = Vector(uninitialized: .string, count: states.count)
        let target = vector.pointer(to: StringReference.self)
        for row in 0..<states.count {
            let offset = Int(offsets.value(states[row]))
            let byteCount = Int(byteCounts.value(RandomStream.next(states[row])))
            target[row] = StringReference(text + offset, count: byteCount)
        }
        vector.owner = pool
        return vector
    }
}

/// Makes addresses: 10 to 40 random characters.
struct AddressColumn: Sendable {
    static let characters = Array(
        "0123456789abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ,".utf8)
    static let byteCountMax = 40

    let seed: UInt32

    func strings(_ window: PositionWindow) -> Vector {
        let states = window.states(seed: seed, usesPerPosition: 9)
        let byteCounts = UniformRange(10, Self.byteCountMax)
        return Vector(stringCount: states.count, byteCountMax: Self.byteCountMax) { row, target in
            var state = states[row]
            let byteCount = Int(byteCounts.value(state))
            var bits: Int32 = 0
            for i in 0..<byteCount {
                if i % 5 == 0 {
                    state = RandomStream.next(state)
                    // The width overflows to -2^31 in the reference generator.
                    bits = Int32(Double(state) / 2_147_483_647 * -2_147_483_648)
                }
                target[i] = Self.characters[Int(bits & 0x3F)]
                bits >>= 6
            }
            return byteCount
        }
    }
}

/// Makes phone numbers whose country code follows from the nation.
struct PhoneColumn: Sendable {
    let seed: UInt32
    let nationSeed: UInt32

    func strings(_ window: PositionWindow) -> Vector {
        let states = window.states(seed: seed, usesPerPosition: 3)
        let nations = window.uniform(seed: nationSeed, 0, NationRows.names.words.count - 1)
        let short = UniformRange(100, 999)
        let long = UniformRange(1_000, 9_999)
        return Vector(stringCount: states.count, byteCountMax: 15) { row, target in
            let second = RandomStream.next(states[row])
            let third = RandomStream.next(second)
            writeDigits(nations[row] + 10, count: 2, to: target)
            target[2] = UInt8(ascii: "-")
            writeDigits(short.value(states[row]), count: 3, to: target + 3)
            target[6] = UInt8(ascii: "-")
            writeDigits(short.value(second), count: 3, to: target + 7)
            target[10] = UInt8(ascii: "-")
            writeDigits(long.value(third), count: 4, to: target + 11)
            return 15
        }
    }
}

/// Makes names such as `Customer#000000042`.
struct NumberedNameColumn: Sendable {
    let prefix: StaticString

    func strings(_ numbers: [Int64]) -> Vector {
        let prefixByteCount = prefix.utf8CodeUnitCount
        return Vector(stringCount: numbers.count, byteCountMax: prefixByteCount + 19) {
            row, target in
            target.update(from: prefix.utf8Start, count: prefixByteCount)
            // Nine digits, and more for numbers that have more.
            var digitCount = 9
            var limit: Int64 = 1_000_000_000
            while numbers[row] >= limit {
                digitCount += 1
                limit *= 10
            }
            writeDigits(numbers[row], count: digitCount, to: target + prefixByteCount)
            return prefixByteCount + digitCount
        }
    }
}

/// Writes a number with leading zeros.
@inline(__always)
private func writeDigits(_ number: Int64, count: Int, to target: UnsafeMutablePointer<UInt8>) {
    var rest = number
    for i in stride(from: count - 1, through: 0, by: -1) {
        target[i] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
    }
}

extension Vector {
    /// Makes a string vector; `write` fills the bytes of a row and returns how many they are.
    @inline(__always)
    init(
        stringCount: Int, byteCountMax: Int,
        write: (_ row: Int, _ target: UnsafeMutablePointer<UInt8>) -> Int
    ) {
        let bytes = Buffer(byteCount: stringCount * byteCountMax)
        self.init(uninitialized: .string, count: stringCount)
        owner = bytes
        let references = pointer(to: StringReference.self)
        var target = bytes.pointer(to: UInt8.self)
        for row in 0..<stringCount {
            let byteCount = write(row, target)
            references[row] = StringReference(target, count: byteCount)
            target += byteCount
        }
    }
}
