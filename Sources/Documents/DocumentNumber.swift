// Numbers of JSON by their digits: exact at any size, one spelling and one order for each value.

import StarlingTypes

/// Holds a number as 0.d₁d₂…dₙ times ten to the power of `pointPlace`; zero has no digits.
package struct DocumentNumber {
    package private(set) var isNegative = false
    /// The values of the digits, none of which is 0 at either end.
    package private(set) var digits: [UInt8] = []
    package private(set) var pointPlace = 0

    private static let exponentDigitMaximum = 9

    init(isNegative: Bool, digits: [UInt8], pointPlace: Int) {
        self.isNegative = isNegative
        self.digits = digits
        self.pointPlace = pointPlace
    }

    /// Reads a number by the grammar of JSON; nil where it is none.
    package init?(_ text: UnsafeRawBufferPointer) {
        var rest = text[...]
        if rest.first == UInt8(ascii: "-") {
            isNegative = true
            rest.removeFirst()
        }
        let whole = rest.prefix { isDigit($0) }
        guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else {
            return nil
        }
        rest.removeFirst(whole.count)
        digits.reserveCapacity(text.count)
        for digit in whole { digits.append(digit &- UInt8(ascii: "0")) }
        pointPlace = whole.count
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            let fraction = rest.prefix { isDigit($0) }
            guard !fraction.isEmpty else { return nil }
            rest.removeFirst(fraction.count)
            for digit in fraction { digits.append(digit &- UInt8(ascii: "0")) }
        }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            var power = 0
            let isDown = rest.first == UInt8(ascii: "-")
            if isDown || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            guard !rest.isEmpty, rest.count <= Self.exponentDigitMaximum else { return nil }
            for digit in rest {
                guard isDigit(digit) else { return nil }
                power = power * 10 + Int(digit &- UInt8(ascii: "0"))
            }
            pointPlace += isDown ? -power : power
            rest = text[text.endIndex...]
        }
        guard rest.isEmpty else { return nil }
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(zeros)
        pointPlace -= zeros
        while digits.last == 0 { digits.removeLast() }
    }

    /// Appends the one spelling that the value has: plain for up to 21 places, as most writers of
    /// JSON do, and for as many digits as have no exponent in SQL; with an exponent else.
    package func append(to output: inout [UInt8]) {
        let zero = UInt8(ascii: "0")
        guard !digits.isEmpty else {
            output += isNegative ? Array("-0.0".utf8) : [zero]
            return
        }
        if isNegative { output.append(UInt8(ascii: "-")) }
        let placeMaximum = digits.count > 17 ? 40 : 21
        let count = digits.count
        if pointPlace > placeMaximum || pointPlace < -5 {
            output.append(digits[0] &+ zero)
            if count > 1 {
                output.append(UInt8(ascii: "."))
                for digit in digits[1...] { output.append(digit &+ zero) }
            }
            let power = pointPlace - 1
            output += [UInt8(ascii: "e"), UInt8(ascii: power < 0 ? "-" : "+")]
            appendDigits(UInt128(power.magnitude), minimumCount: 1, to: &output)
            return
        }
        if pointPlace <= 0 {
            output += [zero, UInt8(ascii: ".")]
            for _ in pointPlace..<0 { output.append(zero) }
            for digit in digits { output.append(digit &+ zero) }
            return
        }
        for place in 0..<max(pointPlace, count) {
            if place == pointPlace { output.append(UInt8(ascii: ".")) }
            output.append(place < count ? digits[place] &+ zero : zero)
        }
    }

    /// Appends bytes that order as numbers do.
    func appendKey(to output: inout [UInt8]) {
        guard !digits.isEmpty else { return output.append(0x80) }
        let mask: UInt8 = isNegative ? 0xFF : 0
        output.append(isNegative ? 0x7F : 0x81)
        let place = UInt32(bitPattern: Int32(truncatingIfNeeded: pointPlace)) ^ 0x8000_0000
        for shift in [24, 16, 8, 0] as [UInt32] {
            output.append(UInt8(truncatingIfNeeded: place &>> shift) ^ mask)
        }
        // One more than the digit, so that the end is less than any.
        for digit in digits { output.append((digit + 1) ^ mask) }
        output.append(mask)
    }
}

/// Tells whether a number's text is already its one spelling, where that is seen at a glance.
func isPlainlyCanonical(_ text: UnsafeRawBufferPointer) -> Bool {
    let zero = UInt8(ascii: "0")
    let start = text.first == UInt8(ascii: "-") ? 1 : 0
    var position = start
    while position < text.count, isDigit(text[position]) { position &+= 1 }
    let wholeCount = position - start
    guard wholeCount > 0, wholeCount <= 21 else { return false }
    let beginsWithZero = text[start] == zero
    if beginsWithZero, wholeCount > 1 { return false }
    if position == text.count { return !beginsWithZero || start == 0 }
    guard text[position] == UInt8(ascii: "."), position + 1 < text.count,
        text[text.count - 1] != zero
    else { return false }
    position &+= 1
    if beginsWithZero {
        // With more zeros behind the point there is an exponent.
        var zeroCount = 0
        while position < text.count, text[position] == zero {
            zeroCount &+= 1
            position &+= 1
        }
        if zeroCount > 5 { return false }
    }
    while position < text.count {
        guard isDigit(text[position]) else { return false }
        position &+= 1
    }
    return true
}
