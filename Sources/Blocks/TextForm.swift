// What strings of one length have in common: which bytes stand at each place. Ids, hashes, numbers of
// telephones and moments have few of them at each, often only one.
//
//   form := length of the strings (8), of each place the count of its bytes less one (1), the bytes of
//       each place, ascending, zeros up to a multiple of 8

import StarlingErrors
import StarlingMemory

/// Knows the bytes of each place of strings of one length. Which of them a string has at a place is
/// its digit there; the digits of neighbouring places are written as one number.
struct TextForm {
    static let lengthMax = 256
    static let choiceCountMax = 64
    /// So many are eight digits of hexadecimal or decimal numbers, which are written at once.
    private static let numberBitCountMax = 32

    /// The bytes of each place, ascending.
    let choices: [[UInt8]]
    let numbers: [Number]
    /// The bytes that the form takes in the block.
    let byteCount: Int

    var length: Int { choices.count }

    /// Is the digits of some places, each behind the one before it from the highest bit on.
    struct Number {
        /// The places of more than one byte.
        var places: [Int] = []
        var bitCount = 0
    }

    init(_ choices: [[UInt8]]) {
        self.choices = choices
        let byteCount = 8 + choices.count + choices.reduce(0) { $0 + $1.count }
        self.byteCount = (byteCount + 7) / 8 * 8
        var numbers: [Number] = []
        for place in choices.indices where choices[place].count > 1 {
            let width = Self.width(of: choices[place])
            if (numbers.last?.bitCount ?? Self.numberBitCountMax) + width > Self.numberBitCountMax {
                numbers.append(Number())
            }
            numbers[numbers.count - 1].places.append(place)
            numbers[numbers.count - 1].bitCount += width
        }
        self.numbers = numbers
    }

    init(_ body: UnsafeRawBufferPointer) throws(StarlingError) {
        guard body.count >= 8 else { throw Self.damage }
        let length = body.load(as: UInt64.self)
        guard length <= Self.lengthMax, body.count >= 8 + Int(length) else { throw Self.damage }
        var choices: [[UInt8]] = []
        var start = 8 + Int(length)
        for place in 0..<Int(length) {
            let end = start + Int(body[8 + place]) + 1
            guard end - start <= Self.choiceCountMax, end <= body.count else { throw Self.damage }
            choices.append(Array(body[start..<end]))
            start = end
        }
        self.init(choices)
        guard byteCount <= body.count else { throw Self.damage }
    }

    func append(to writer: ByteWriter) {
        writer.append(UInt64(length))
        for place in choices { writer.append(UInt8(place.count - 1)) }
        for place in choices { writer.append(place) }
        writer.pad(toMultipleOf: 8)
    }

    /// The bits of a digit at `place`.
    func width(of place: Int) -> Int { Self.width(of: choices[place]) }

    private static func width(of choices: [UInt8]) -> Int {
        Int.bitWidth - (choices.count - 1).leadingZeroBitCount
    }

    /// The least or the largest string whose first number this is.
    func bound(ofFirst number: Int64, isLeast: Bool) -> [UInt8] {
        var text = choices.map { isLeast ? $0[0] : $0[$0.count - 1] }
        guard let first = numbers.first else { return text }
        var shift = first.bitCount
        for place in first.places {
            shift -= width(of: place)
            let digit = Int(truncatingIfNeeded: number >> shift) & (1 << width(of: place) - 1)
            text[place] = choices[place][min(digit, choices[place].count - 1)]
        }
        return text
    }

    private static var damage: StarlingError {
        blockDamage("the form of its strings is cut off")
    }
}
