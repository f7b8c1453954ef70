// From a value of SQL back to the bytes that PLAIN encoding has for it, which bloom filters hash.

import StarlingTypes

/// Says what a value looks like in a file.
enum PlainForm {
    /// The value is one of these, where it occurs at all: zero has two forms.
    case bytes([[UInt8]])
    /// No value of the column becomes this one.
    case none
    /// More forms than can be listed.
    case unknown

    init(of value: Value, _ source: ColumnSource) {
        switch (value, source.carrier) {
        case (.integer(let number), .int32), (.integer(let number), .int64):
            self = Self.integer(number, source)
        case (.floating(let number), .float):
            let single = Float(number)
            if Double(single) != number {
                self = number.isNaN ? .unknown : .none
            } else {
                let forms = single == 0 ? [Float(0), -0.0] : [single]
                self = .bytes(forms.map { Self.bytes(UInt64($0.bitPattern), count: 4) })
            }
        case (.floating(let number), .double):
            let forms = number == 0 ? [0, -0.0] : [number]
            self =
                number.isNaN
                ? .unknown : .bytes(forms.map { Self.bytes($0.bitPattern, count: 8) })
        case (.bytes(let bytes), .byteArray) where source.meaning == .asIs: self = .bytes([bytes])
        case (.bytes(let bytes), .fixedLengthByteArray): self = Self.fixed(bytes, source)
        case (.integer(let number), .fixedLengthByteArray)
        where source.meaning == .bigEndianDecimal && source.byteWidth <= 16:
            self = .bytes([
                Array(Self.bytes128(number).reversed().suffix(source.byteWidth))
            ])
        default: self = .unknown
        }
    }

    private static func integer(_ number: Int128, _ source: ColumnSource) -> PlainForm {
        let count = source.carrier == .int32 ? 4 : 8
        var number = number
        switch source.meaning {
        case .thousandfold:
            if number % 1_000 != 0 { return .none }
            number /= 1_000
        case .asIs, .unsigned: break
        default: return .unknown
        }
        let isSigned = source.meaning != .unsigned
        let limit = Int128(1) << Int128(count * 8 - (isSigned ? 1 : 0))
        guard number < limit, number >= (isSigned ? -limit : 0) else { return .none }
        return .bytes([bytes(UInt64(truncatingIfNeeded: number), count: count)])
    }

    private static func fixed(_ bytes: [UInt8], _ source: ColumnSource) -> PlainForm {
        switch source.meaning {
        case .asIs: return bytes.count == source.byteWidth ? .bytes([bytes]) : .none
        case .uuid:
            // Texts that aren't written as this reader writes them equal none.
            let digits = bytes.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
            guard digits.count == 32 else { return .none }
            let raw = stride(from: 0, to: 32, by: 2).map {
                UInt8(digits[$0] * 16 + digits[$0 + 1])
            }
            return FixedText.uuid(raw) == bytes ? .bytes([raw]) : .none
        default: return .unknown
        }
    }

    private static func bytes(_ word: UInt64, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
    }

    private static func bytes128(_ number: Int128) -> [UInt8] {
        (0..<16).map { UInt8(truncatingIfNeeded: number >> Int128($0 * 8)) }
    }
}
