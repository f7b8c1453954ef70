import StarlingMemory
import StarlingVectors

/// Encodes strings of one form as their digits.
struct TextFormEncoder {
    private let texts: ConcatenatedTexts
    private let form: TextForm
    /// The digit of each byte at each place, 256 a place.
    private let digits: Buffer

    /// Returns nil where strings differ in their length, or in too much else. NULLs have no length.
    init?(_ texts: ConcatenatedTexts, validCount: Int) {
        guard validCount > 0, texts.byteCount % validCount == 0 else { return nil }
        let length = texts.byteCount / validCount
        guard (1...TextForm.lengthMax).contains(length) else { return nil }
        let lengths = texts.lengths
        var wholeCount = 0
        for row in 0..<texts.count where lengths[row] == length { wholeCount += 1 }
        guard wholeCount == validCount,
            let choices = Self.choices(of: texts, length: length)
        else { return nil }
        self.texts = texts
        form = TextForm(choices)
        digits = Buffer.zeroed(byteCount: length * 256)
        let digits = digits.pointer(to: UInt8.self)
        for place in 0..<length {
            for (digit, byte) in choices[place].enumerated() {
                digits[place * 256 + Int(byte)] = UInt8(digit)
            }
        }
    }

    /// The bytes at each place; nil where one has too many.
    private static func choices(of texts: ConcatenatedTexts, length: Int) -> [[UInt8]]? {
        let marks = Buffer.zeroed(byteCount: length * 256)
        let seen = marks.pointer(to: UInt8.self)
        var text = texts.start.assumingMemoryBound(to: UInt8.self)
        for _ in 0..<(texts.byteCount / length) {
            for place in 0..<length { seen[place &* 256 &+ Int(text[place])] = 1 }
            text += length
        }
        var choices: [[UInt8]] = []
        for place in 0..<length {
            let own = (0..<256).filter { seen[place * 256 + $0] > 0 }.map(UInt8.init)
            guard own.count <= TextForm.choiceCountMax else { return nil }
            choices.append(own)
        }
        withExtendedLifetime(marks) {}
        return choices
    }

    /// The bytes that the digits of the first `rowCount` strings take.
    func digitByteCount(rowCount: Int) -> Int {
        let writer = ByteWriter(capacity: rowCount * 8)
        appendNumbers(rowCount: rowCount, to: writer)
        return writer.count
    }

    func append(to writer: ByteWriter) {
        form.append(to: writer)
        appendNumbers(rowCount: texts.count, to: writer)
    }

    private func appendNumbers(rowCount: Int, to writer: ByteWriter) {
        let count = texts.byteCount(of: 0..<rowCount) / form.length
        let buffer = Buffer(byteCount: max(8, count * 8))
        let target = buffer.pointer(to: Int64.self)
        for number in form.numbers {
            gather(number, count: count, into: target)
            IntegerSequenceWriter.write(target, count: count, into: writer)
        }
    }

    /// Puts the digits of some places together, string by string.
    private func gather(
        _ number: TextForm.Number, count: Int, into target: UnsafeMutablePointer<Int64>
    ) {
        let steps = number.places.map { (place: $0, width: Int64(form.width(of: $0))) }
        let (length, digits) = (form.length, digits.pointer(to: UInt8.self))
        steps.withUnsafeBufferPointer { steps in
            var text = texts.start.assumingMemoryBound(to: UInt8.self)
            for row in 0..<count {
                var gathered: Int64 = 0
                for step in steps {
                    let digit = digits[step.place &* 256 &+ Int(text[step.place])]
                    gathered = gathered &<< step.width | Int64(digit)
                }
                target[row] = gathered
                text += length
            }
        }
    }
}
