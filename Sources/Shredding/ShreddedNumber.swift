// Numbers in canonical form that a column of numbers can hold so that their text comes back.

import StarlingDocuments
import StarlingTypes

/// Is what the text of a number says.
enum ShreddedNumber {
    case whole(Int64)
    case wide(Int128)
    case floating(Double)
    /// A number that no column of numbers holds exactly.
    case other

    /// Whole numbers up to this are floating-point numbers, too.
    static let floatingWholeMax: Int64 = 1 << 53

    init(_ text: UnsafeRawBufferPointer) {
        var place = text.first == UInt8(ascii: "-") ? 1 : 0
        let isNegative = place == 1
        var number: Int64 = 0
        while place < text.count, isDigit(text[place]) {
            number = number &* 10 &+ Int64(text[place] &- UInt8(ascii: "0"))
            place &+= 1
        }
        if place == text.count, place <= 18 {
            self = .whole(isNegative ? 0 &- number : number)
        } else if place == text.count {
            guard let wide = parseInteger(text) else {
                self = .other
                return
            }
            self = Int64(exactly: wide).map { .whole($0) } ?? .wide(wide)
        } else {
            self = Self.exactly(text).map { .floating($0) } ?? .other
        }
    }

    /// The number as one that a column of floating-point numbers holds.
    var floating: Double? {
        switch self {
        case .floating(let number): number
        case .whole(let number) where number.magnitude <= UInt64(Self.floatingWholeMax):
            Double(number)
        default: nil
        }
    }

    /// Reads a number with a point or an exponent; nil where its digits would not come back.
    private static func exactly(_ text: UnsafeRawBufferPointer) -> Double? {
        guard let number = parseDouble(text), number.isFinite else { return nil }
        // Fifteen digits always come back.
        let hasExponent = text.contains { $0 | 0x20 == UInt8(ascii: "e") }
        if text.count <= 16, !hasExponent { return number }
        var spelling: [UInt8] = []
        appendFloating(number, to: &spelling)
        return spelling.elementsEqual(text) ? number : nil
    }
}

/// Appends a whole number.
@inline(__always)
func appendWhole(_ number: Int64, to output: inout [UInt8]) {
    if number < 0 { output.append(UInt8(ascii: "-")) }
    appendDigits(UInt128(number.magnitude), minimumCount: 1, to: &output)
}

/// Appends a number as canonical JSON has it.
func appendFloating(_ number: Double, to output: inout [UInt8]) {
    if number != 0, number.magnitude <= Double(ShreddedNumber.floatingWholeMax),
        number == number.rounded(.towardZero)
    {
        return appendWhole(Int64(number), to: &output)
    }
    var spelling = number.description
    spelling.withUTF8 { spelling in
        let isPlain =
            !spelling.contains(UInt8(ascii: "e")) && spelling.last != UInt8(ascii: "0")
        if isPlain {
            output.append(contentsOf: spelling)
        } else {
            DocumentNumber(UnsafeRawBufferPointer(spelling))?.append(to: &output)
        }
    }
}
