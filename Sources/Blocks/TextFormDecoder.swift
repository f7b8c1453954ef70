import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Writes strings of one form from the numbers of their digits: two places at a time, or eight.
///
/// `@unchecked Sendable`: all of it is written by `init` alone.
struct TextFormDecoder: @unchecked Sendable {
    /// Digits of up to so many bits are looked up at once.
    private static let bitCountMax = 10
    /// Strings are made in batches that stay in the nearest cache, each place of all of them at once.
    private static let batchCount = 128
    /// Strings are copied in steps of so many bytes.
    private static let copyByteCount = 16

    /// Writes some places, those before them being written.
    private struct Step {
        let place: Int
        let number: Int
        let shift: UInt32
        let kind: Kind

        enum Kind {
            case run(DigitRun)
            /// The bytes of a place and the one behind it, by their digits.
            case pair(mask: UInt32, table: Int)
        }
    }

    private let length: Int
    /// A string with the least byte at each place.
    private let template: Buffer
    private let steps: [Step]
    private let tableBytes: Buffer

    init(_ form: TextForm) {
        length = form.length
        template = Buffer.zeroed(byteCount: length + Self.copyByteCount)
        for (place, choices) in form.choices.enumerated() {
            template.pointer(to: UInt8.self)[place] = choices[0]
        }
        var tables = Tables()
        var steps: [Step] = []
        for number in form.numbers.indices {
            Self.append(number, of: form, to: &steps, &tables)
        }
        self.steps = steps
        tableBytes = Buffer(byteCount: max(1, tables.pairs.count) * 2)
        for (place, pair) in tables.pairs.enumerated() {
            tableBytes.pointer(to: UInt16.self)[place] = pair
        }
    }

    private static func append(
        _ number: Int, of form: TextForm, to steps: inout [Step], _ tables: inout Tables
    ) {
        let own = form.numbers[number]
        if let run = run(of: own.places, form) {
            steps.append(Step(place: own.places[0], number: number, shift: 0, kind: .run(run)))
            return
        }
        var shift = own.bitCount
        var places = own.places[...]
        while let place = places.first {
            let (count, width, table) = pair(at: places, form, &tables)
            places = places.dropFirst(count)
            shift -= width
            steps.append(
                Step(
                    place: place, number: number, shift: UInt32(shift),
                    kind: .pair(mask: 1 << UInt32(width) - 1, table: table)))
        }
    }

    /// Returns the run that places make; nil where they make none.
    private static func run(of places: [Int], _ form: TextForm) -> DigitRun? {
        guard let first = places.first, places.count == DigitRun.count,
            places.last == first + DigitRun.count - 1,
            places.allSatisfy({ form.choices[$0] == form.choices[first] }),
            form.width(of: first) == DigitRun.width
        else { return nil }
        return DigitRun(form.choices[first])
    }

    /// Tells how many of the first places are looked up at once, by how many bits, and where.
    private static func pair(
        at places: ArraySlice<Int>, _ form: TextForm, _ tables: inout Tables
    ) -> (count: Int, width: Int, table: Int) {
        let place = places[places.startIndex]
        let width = form.width(of: place)
        let choices = form.choices[place]
        let behind = place + 1 < form.length ? form.choices[place + 1] : [0]
        if places.dropFirst().first == place + 1 {
            let both = width + form.width(of: place + 1)
            if both <= bitCountMax {
                return (2, both, tables.place(of: choices, behind, bitCount: both))
            }
        }
        // Bytes that a later step writes anyway may be any.
        let second = behind.count == 1 ? behind : [0]
        return (1, width, tables.place(of: choices, second, bitCount: width))
    }

    /// Collects tables of two bytes for each digit; those of the same bytes are one.
    private struct Tables {
        private(set) var pairs: [UInt16] = []
        private var known: [[[UInt8]]: Int] = [:]

        mutating func place(of first: [UInt8], _ second: [UInt8], bitCount: Int) -> Int {
            if let place = known[[first, second]] { return place }
            let place = pairs.count
            let width = Int.bitWidth - (second.count - 1).leadingZeroBitCount
            pairs += Array(repeating: 0, count: 1 << bitCount)
            for (high, byte) in first.enumerated() {
                for (low, other) in second.enumerated() {
                    pairs[place + (high << width | low)] = UInt16(byte) | UInt16(other) << 8
                }
            }
            known[[first, second]] = place
            return place
        }
    }

    /// Makes the first `count` strings of a vector from `numbers`, which has the first number of all
    /// strings, then the second.
    func decode(_ numbers: Buffer, count: Int, rowCount: Int) -> Vector {
        // The last step of a string, and of its template, writes beyond its end.
        let texts = Buffer(byteCount: count * length + Self.copyByteCount)
        var vector = Vector(uninitialized: .string, count: rowCount)
        let target = vector.pointer(to: StringReference.self)
        let words = Buffer(byteCount: Self.batchCount * 8)
        for start in stride(from: 0, to: count, by: Self.batchCount) {
            let batchCount = min(Self.batchCount, count - start)
            let text = texts.baseAddress + start * length
            copyTemplate(to: text, count: batchCount)
            for step in steps {
                let source = numbers.pointer(to: UInt32.self) + (step.number * count + start)
                write(step, source, count: batchCount, to: text + step.place, words)
            }
            for row in 0..<batchCount {
                target[start &+ row] = StringReference(padded: text + row * length, count: length)
            }
        }
        vector.owner = texts
        return vector
    }

    private func copyTemplate(to text: UnsafeMutableRawPointer, count: Int) {
        let (length, source) = (length, template.baseAddress)
        var end = text
        for _ in 0..<count {
            for offset in stride(from: 0, to: length, by: Self.copyByteCount) {
                (end + offset).storeBytes(
                    of: source.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self),
                    as: SIMD16<UInt8>.self)
            }
            end += length
        }
    }

    private func write(
        _ step: Step, _ numbers: UnsafePointer<UInt32>, count: Int,
        to text: UnsafeMutableRawPointer, _ scratch: Buffer
    ) {
        switch step.kind {
        case .run(let run):
            let words = scratch.pointer(to: UInt64.self)
            run.write(numbers, count: count, into: words)
            var end = text
            for row in 0..<count {
                end.storeBytes(of: words[row], as: UInt64.self)
                end += length
            }
        // Behind the last place the next string begins.
        case .pair(let mask, let table) where step.place == length - 1:
            writePairs(numbers, step.shift, mask, table, as: UInt8.self, count: count, to: text)
        case .pair(let mask, let table):
            writePairs(numbers, step.shift, mask, table, as: UInt16.self, count: count, to: text)
        }
    }

    @inline(__always)
    private func writePairs<Bytes: FixedWidthInteger & BitwiseCopyable>(
        _ numbers: UnsafePointer<UInt32>, _ shift: UInt32, _ mask: UInt32, _ table: Int,
        as bytes: Bytes.Type, count: Int, to text: UnsafeMutableRawPointer
    ) {
        let pairs = tableBytes.pointer(to: UInt16.self) + table
        let length = length
        var end = text
        for row in 0..<count {
            let pair = pairs[Int((numbers[row] &>> shift) & mask)]
            end.storeBytes(of: Bytes(truncatingIfNeeded: pair), as: Bytes.self)
            end += length
        }
    }
}
