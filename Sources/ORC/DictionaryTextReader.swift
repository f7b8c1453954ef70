// Strings as codes into a dictionary, which a stripe has for each such column. Vectors keep the
// codes as long as the dictionary is small enough for codes to be worth something.

import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads dictionary-encoded strings.
final class DictionaryTextReader: ValueReader {
    private let codes: IntegerDecoder
    private let lengths: IntegerDecoder
    private let bytes: ByteStream
    private let valueCount: Int
    private let codeCountMax: Int
    private let pool: DictionaryPool?
    private let stripeDictionaries: StripeDictionaries
    private let scratch = Buffer(byteCount: chunkCapacity * 8)
    private var opened: TextDictionary?

    /// Dictionaries of more than `codeCountMax` values are gathered to flat vectors.
    init(
        _ node: ORCNode, presence: ByteStream?, codes: IntegerDecoder, lengths: IntegerDecoder,
        bytes: ByteStream, valueCount: Int, codeCountMax: Int, pool: DictionaryPool?,
        shared: StripeDictionaries
    ) {
        self.codes = codes
        self.lengths = lengths
        self.bytes = bytes
        self.valueCount = valueCount
        self.codeCountMax = codeCountMax
        self.pool = pool
        stripeDictionaries = shared
        super.init(node, .string, presence: presence)
    }

    override func dictionary() throws(ORCDamage) -> VectorDictionary? {
        try openDictionary().shared?.own
    }

    private func openDictionary() throws(ORCDamage) -> TextDictionary {
        if let opened { return opened }
        let column = node.column
        let dictionary =
            if let known = stripeDictionaries.dictionary(ofColumn: column) {
                known
            } else {
                stripeDictionaries.keep(
                    TextDictionary(try readValues(), codeCountMax: codeCountMax, pool: pool),
                    ofColumn: column)
            }
        opened = dictionary
        return dictionary
    }

    private func readValues() throws(ORCDamage) -> Vector {
        let texts = try readTexts()
        var values = Vector(uninitialized: .string, count: valueCount)
        values.owner = bytes.owner
        let target = values.pointer(to: StringReference.self)
        var next = texts.start
        for (index, length) in texts.lengths.enumerated() {
            target[index] = StringReference(padded: next, count: Int(length))
            next += Int(length)
        }
        if case .char = node.type { TextReader.removePadding(target, valueCount) }
        return values
    }

    /// Reads the dictionary's bytes, all in one piece, and the lengths of its texts. At most one of
    /// different texts is empty, so there can't be more of them than bytes.
    private func readTexts() throws(ORCDamage) -> (start: UnsafeRawPointer, lengths: [Int64]) {
        var all: [Int64] = []
        var total = 0
        while all.count < valueCount {
            let step = min(valueCount - all.count, chunkCapacity)
            try lengths.decode(step, into: scratch.baseAddress)
            let lengths = scratch.pointer(to: Int64.self)
            for index in 0..<step {
                guard lengths[index] >= 0, lengths[index] <= TextReader.byteCountMax else {
                    throw ORCDamage("a text has an impossible length")
                }
                total += Int(lengths[index])
            }
            guard total <= 1 << 31, all.count + step <= total + 1 else {
                throw ORCDamage("a dictionary has an impossible size")
            }
            all.append(contentsOf: UnsafeBufferPointer(start: lengths, count: step))
        }
        try bytes.require(total)
        return (bytes.next, all)
    }

    override func readValues(
        _ count: Int, _ spread: ValueSpread, _ selection: Selection?
    ) throws(ORCDamage) -> Vector {
        let dictionary = try openDictionary()
        let direct = spread.validity == nil ? selection : nil
        let total = direct?.count ?? spread.count
        let translated = Buffer(byteCount: max(1, total) * 4)
        for block in spread.blocks {
            try codes.decode(spread.valueCount(of: block), into: scratch.baseAddress)
            let isInside = SpreadLoops.convert(
                scratch.baseAddress, isWide: false,
                direct.map { SpreadRows($0) } ?? SpreadRows(block, of: spread),
                Bounds(low: 0, high: Int128(valueCount) - 1),
                into: translated.baseAddress + block.lowerBound * 4, .int32)
            guard isInside else {
                throw ORCDamage("a code lies outside of its dictionary")
            }
        }
        var result: Vector
        let found = translated.pointer(to: UInt32.self)
        if let shared = dictionary.shared {
            if let codes = shared.codes {
                let map = codes.pointer(to: UInt32.self)
                for row in 0..<total { found[row] = map[Int(found[row])] }
            }
            result = Vector(
                codes: translated, of: shared.all, count: total, validity: spread.validity)
        } else {
            result = dictionary.values.gathered(by: found, count: total)
            result.validity = spread.validity
            result.clearStringsUnderNulls()
        }
        guard direct == nil, let selection else { return result }
        return result.gathered(by: selection)
    }

    override func skipValues(_ count: Int) throws(ORCDamage) { try codes.skip(count) }

    override func seekValues(_ positions: inout StreamPositions) throws(ORCDamage) {
        try codes.seek(&positions)
    }
}
