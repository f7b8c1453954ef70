// Numbers as people read them: format_bytes(), money_format(); and in other bases: bin(), conv().

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Writes a count of bytes with the greatest unit that it reaches.
private struct ByteCountText: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let count = arguments.first.number(row)
        guard count >= 0 else { return false }
        let units: [StaticString] = ["B", "KB", "MB", "GB", "TB", "PB", "EB"]
        var place = 0
        while place + 1 < units.count, count >> (10 * (place + 1)) > 0 { place += 1 }
        if place == 0 {
            appendInteger(Int128(count), to: &output)
        } else {
            let unit = Int128(1) << (10 * place)
            var (hundredths, rest) = (Int128(count) * 100).quotientAndRemainder(
                dividingBy: unit)
            // Halves go to the even digit, as printf() rounds them.
            let isAbove = rest * 2 > unit || (rest * 2 == unit && hundredths % 2 == 1)
            if isAbove { hundredths += 1 }
            appendDecimal(hundredths, scale: 2, to: &output)
        }
        output.append(0x20)
        units[place].withUTF8Buffer { output += $0 }
        return true
    }
}

/// Writes cents with commas between thousands.
private func appendMoney(cents: Int128, to output: inout [UInt8]) {
    if cents < 0 { output.append(UInt8(ascii: "-")) }
    let (whole, rest) = cents.magnitude.quotientAndRemainder(dividingBy: 100)
    var digits: [UInt8] = []
    appendDigits(whole, minimumCount: 1, to: &digits)
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { output.append(UInt8(ascii: ",")) }
        output.append(digit)
    }
    output.append(UInt8(ascii: "."))
    appendDigits(rest, minimumCount: 2, to: &output)
}

private struct MoneyOfDecimal: TextOperation {
    let scale: Int

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let number = arguments.first.value(row, as: Int128.self)
        guard let cents = rescale(number, from: scale, to: 2) else { return false }
        appendMoney(cents: cents, to: &output)
        return true
    }
}

private struct MoneyOfDouble: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let number = arguments.first.value(row, as: Double.self)
        let cents = (number * 100).rounded(.toNearestOrAwayFromZero)
        guard cents.magnitude < 1e37 else { return false }
        appendMoney(cents: Int128(cents), to: &output)
        return true
    }
}

private struct BinaryDigits: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let number = UInt64(bitPattern: Int64(arguments.first.number(row)))
        output += Array(String(number, radix: 2).utf8)
        return true
    }
}

/// Writes a number of one base in another one, as MySQL does: 64 bits, without a sign unless the
/// target base is negative.
private struct BaseChange: TextOperation {
    let fromNumber: Bool

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let (source, target) = (arguments.second.number(row), arguments.third.number(row))
        guard (2...36).contains(source.magnitude), (2...36).contains(target.magnitude) else {
            return false
        }
        var digits: [UInt8] = []
        if fromNumber {
            appendInteger(Int128(arguments.first.number(row)), to: &digits)
        } else {
            digits = arguments.first.text(row).bytes
        }
        let value = Self.value(digits, base: UInt64(source.magnitude))
        if target < 0 {
            let signed = Int64(bitPattern: value)
            output += Array(
                String(signed, radix: Int(target.magnitude), uppercase: true).utf8)
        } else {
            output += Array(String(value, radix: target, uppercase: true).utf8)
        }
        return true
    }

    /// Reads digits up to the first that is none; what is too great is the greatest number.
    private static func value(_ digits: [UInt8], base: UInt64) -> UInt64 {
        var rest = digits[...]
        while rest.first == 0x20 { rest.removeFirst() }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        var (value, isTooGreat) = (UInt64(0), false)
        for byte in rest {
            let isLetter = (0x61...0x7A).contains(byte | 0x20)
            guard isDigit(byte) || isLetter else { break }
            let digit = UInt64(isDigit(byte) ? byte - 0x30 : (byte | 0x20) - 0x57)
            guard digit < base else { break }
            let (product, overflow) = value.multipliedReportingOverflow(by: base)
            let (sum, carries) = product.addingReportingOverflow(digit)
            isTooGreat = isTooGreat || overflow || carries
            value = sum
        }
        if isTooGreat { return .max }
        return isNegative ? 0 &- value : value
    }
}

enum NumberTexts {
    static let rows: [ScalarFunction] = [
        .writing(
            "format_bytes", ByteCountText(), [.bigint], 1...1,
            "Writes a count of bytes with its unit: B, KB, MB and so on, each 1,024 of the last.",
            [("format_bytes(123456789)", "117.74 MB"), ("format_bytes(123)", "123 B")]),
        ScalarFunction(
            "money_format",
            summary: "Writes a number with two decimals and commas between thousands.",
            examples: [
                ("money_format(17014116)", "17,014,116.00"), ("money_format(1123.456)", "1,123.46"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "money_format")
                let type = try arguments.number(0, "money_format")
                guard let digits = type.asDecimal else {
                    return FunctionSignature([.double], returns: .string)
                }
                return FunctionSignature(
                    [.decimal(precision: 38, scale: digits.scale)], returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                if case .decimal(_, let scale) = invocation.signature.argumentTypes[0] {
                    return try writtenText(MoneyOfDecimal(scale: scale), invocation)
                }
                return try writtenText(MoneyOfDouble(), invocation)
            }),
        .writing(
            "bin", BinaryDigits(), [.bigint], 1...1, "Writes a number in binary digits.",
            [("bin(12)", "1100")]),
        ScalarFunction(
            "conv", summary: "Writes a number of one base in another one.",
            examples: [
                ("conv(8, 10, 2)", "1000"), ("conv('a', 16, 2)", "1010"),
                ("conv(-17, 10, -18)", "-H"), ("conv(1, 10, 99)", "NULL"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(3...3, of: "conv")
                let type = arguments.types[0]
                let first: LogicalType = type.isInteger || type == .boolean ? .bigint : .string
                _ = try arguments.textSignature(
                    "conv", [first, .bigint, .bigint], 3...3, returns: .string)
                return FunctionSignature([first, .bigint, .bigint], returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                let fromNumber = invocation.signature.argumentTypes[0] == .bigint
                return try writtenText(BaseChange(fromNumber: fromNumber), invocation)
            }),
    ]
}
