import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Writes strings of one form from the numbers of their digits, two places at a time.
///
/// `@unchecked Sendable`: all of it is written by `init` alone.
struct TextFormDecoder: @unchecked Sendable {
    /// Digits of up to so many bits are looked up at once.
    private static let bitCountMax = 10
    /// Strings are written in steps of so many bytes.
    private static let stepByteCount = 16

    /// Is one look-up: the bytes at a place and the one behind it.
    private struct Step {
        let place: UInt16
        let shift: UInt16
        let mask: UInt16
        /// Where its bytes begin in the table.
        let table: UInt32
    }

    private let length: Int
    /// A string with the least byte at each place.
    private let template: Buffer
    private let stepBytes: Buffer
    private let tableBytes: Buffer
    /// Where the steps of each number end.
    private let stepEnds: [Int]

    init(_ form: TextForm) {
        length = form.length
        template = Buffer.zeroed(byteCount: length + Self.stepByteCount)
        for (place, choices) in form.choices.enumerated() {
            template.pointer(to: UInt8.self)[place] = choices[0]
        }
        var tables = Tables()
        var steps: [Step] = []
        var stepEnds: [Int] = []
        for number in form.numbers {
            Self.append(number, of: form, to: &steps, &tables)
            stepEnds.append(steps.count)
        }
        self.stepEnds = stepEnds
        stepBytes = Buffer(byteCount: max(1, steps.count) * MemoryLayout<Step>.stride)
        for (place, step) in steps.enumerated() { stepBytes.pointer(to: Step.self)[place] = step }
        tableBytes = Buffer(byteCount: max(1, tables.pairs.count) * 2)
        for (place, pair) in tables.pairs.enumerated() {
            tableBytes.pointer(to: UInt16.self)[place] = pair
        }
    }

    private static func append(
        _ number: TextForm.Number, of form: TextForm, to steps: inout [Step], _ tables: inout Tables
    ) {
        var shift = number.bitCount
        var index = 0
        while index < number.places.count {
            let place = number.places[index]
            var width = form.width(of: place)
            let behind = place + 1 < form.length ? form.choices[place + 1] : [0]
            index += 1
            // Bytes that a later step writes anyway may be any.
            var isPair = behind.count == 1
            if index < number.places.count, number.places[index] == place + 1,
                width + form.width(of: place + 1) <= bitCountMax
            {
                width += form.width(of: place + 1)
                isPair = true
                index += 1
            }
            shift -= width
            steps.append(
                Step(
                    place: UInt16(place), shift: UInt16(shift), mask: UInt16(1 << width - 1),
                    table: tables.place(
                        of: form.choices[place], isPair ? behind : [0], bitCount: width)))
        }
    }

    /// Collects tables of two bytes for each digit; those of the same bytes are one.
    private struct Tables {
        private(set) var pairs: [UInt16] = []
        private var known: [[[UInt8]]: UInt32] = [:]

        mutating func place(of first: [UInt8], _ second: [UInt8], bitCount: Int) -> UInt32 {
            if let place = known[[first, second]] { return place }
            let place = pairs.count
            let width = Int.bitWidth - (second.count - 1).leadingZeroBitCount
            pairs += Array(repeating: 0, count: 1 << bitCount)
            for (high, byte) in first.enumerated() {
                for (low, other) in second.enumerated() {
                    pairs[place + (high << width | low)] = UInt16(byte) | UInt16(other) << 8
                }
            }
            known[[first, second]] = UInt32(place)
            return UInt32(place)
        }
    }

    /// Makes the first `count` strings of a vector from `numbers`, which has the first number of all
    /// strings, then the second.
    func decode(_ numbers: Buffer, count: Int, rowCount: Int) -> Vector {
        // The last step of a string, and of its template, writes beyond its end.
        let texts = Buffer(byteCount: count * length + Self.stepByteCount)
        var vector = Vector(uninitialized: .string, count: rowCount)
        let target = vector.pointer(to: StringReference.self)
        let numbers = numbers.pointer(to: UInt64.self)
        let steps = stepBytes.pointer(to: Step.self)
        let tables = tableBytes.pointer(to: UInt16.self)
        let (length, source) = (length, template.baseAddress)
        stepEnds.withUnsafeBufferPointer { stepEnds in
            var text = texts.baseAddress
            for row in 0..<count {
                for offset in stride(from: 0, to: length, by: Self.stepByteCount) {
                    (text + offset).storeBytes(
                        of: source.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self),
                        as: SIMD16<UInt8>.self)
                }
                var (place, index) = (row, 0)
                for end in stepEnds {
                    let number = numbers[place]
                    while index < end {
                        let step = steps[index]
                        let digits = UInt16(truncatingIfNeeded: number &>> UInt64(step.shift))
                        let pair = tables[Int(step.table) &+ Int(digits & step.mask)]
                        (text + Int(step.place)).storeBytes(of: pair, as: UInt16.self)
                        index &+= 1
                    }
                    place &+= count
                }
                target[row] = StringReference(padded: text, count: length)
                text += length
            }
        }
        vector.owner = texts
        return vector
    }
}
