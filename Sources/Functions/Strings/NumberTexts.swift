// Numbers as people read them: format(), format_bytes(), money_format(); and in other bases: bin(),
// oct(), conv().

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

/// Writes a number that has `scale` digits behind the point, with commas between thousands, and
/// zeros for the digits that are asked for beyond them.
private func appendGrouped(
    _ number: Int128, scale: Int, zeros: Int = 0, to output: inout [UInt8]
) {
    if number < 0 { output.append(UInt8(ascii: "-")) }
    let (whole, rest) = number.magnitude.quotientAndRemainder(
        dividingBy: UInt128(powerOfTen(scale)))
    var digits: [UInt8] = []
    appendDigits(whole, minimumCount: 1, to: &digits)
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { output.append(UInt8(ascii: ",")) }
        output.append(digit)
    }
    guard scale + zeros > 0 else { return }
    output.append(UInt8(ascii: "."))
    if scale > 0 { appendDigits(rest, minimumCount: scale, to: &output) }
    for _ in 0..<zeros { output.append(UInt8(ascii: "0")) }
}

/// Writes a number with so many digits behind the point: as many as the second argument says, or
/// the two of money.
private protocol GroupedNumber: TextOperation {
    /// Gives the number with `digits` digits behind the point as a whole number, or with fewer
    /// where it has no more.
    func rounded(_ arguments: TextArguments, _ row: Int, digits: Int) -> (Int128, scale: Int)?
}

/// More digits than this no number has.
private let digitsMaximum = 38

extension GroupedNumber {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let digits =
            arguments.count > 1 ? min(max(0, arguments.second.number(row)), digitsMaximum) : 2
        guard let (number, scale) = rounded(arguments, row, digits: digits) else { return false }
        appendGrouped(number, scale: scale, zeros: digits - scale, to: &output)
        return true
    }
}

private struct GroupedDecimal: GroupedNumber {
    let scale: Int

    func rounded(_ arguments: TextArguments, _ row: Int, digits: Int) -> (Int128, scale: Int)? {
        let kept = min(digits, scale)
        let number = arguments.first.value(row, as: Int128.self)
        return rescale(number, from: scale, to: kept).map { ($0, kept) }
    }
}

private struct GroupedDouble: GroupedNumber {
    func rounded(_ arguments: TextArguments, _ row: Int, digits: Int) -> (Int128, scale: Int)? {
        let number = arguments.first.value(row, as: Double.self)
        // A double has no more digits than these that mean anything.
        let kept = min(digits, 17)
        let power = powerOfTen(kept)
        guard number.magnitude < 1e38 else { return nil }
        let whole = number.rounded(.towardZero)
        let fraction = ((number - whole) * Double(power)).rounded(.toNearestOrAwayFromZero)
        let (scaled, isTooGreat) = Int128(whole).multipliedReportingOverflow(by: power)
        return isTooGreat ? (Int128(whole), 0) : (scaled + Int128(fraction), kept)
    }
}

private struct DigitsOfBase: TextOperation {
    let base: Int

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let number = UInt64(bitPattern: Int64(arguments.first.number(row)))
        output += Array(String(number, radix: base).utf8)
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
        grouped(
            "money_format", 1,
            "Writes a number with two decimals and commas between thousands.",
            [("money_format(17014116)", "17,014,116.00"), ("money_format(1123.456)", "1,123.46")]),
        grouped(
            "format", 2, "Writes a number with so many decimals and commas between thousands.",
            [
                ("format(12332.123456, 4)", "12,332.1235"), ("format(12332.2, 2)", "12,332.20"),
                ("format(12332.123456, -4)", "12,332"),
            ]),
        .writing(
            "bin", DigitsOfBase(base: 2), [.bigint], 1...1, "Writes a number in binary digits.",
            [("bin(12)", "1100")]),
        .writing(
            "oct", DigitsOfBase(base: 8), [.bigint], 1...1, "Writes a number in octal digits.",
            [("oct(190)", "276"), ("oct(-22)", "1777777777777777777752")]),
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

    /// Makes the row of a function whose first argument is the number, and whose second says how
    /// many digits it keeps behind the point.
    private static func grouped(
        _ name: String, _ argumentCount: Int, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(argumentCount...argumentCount, of: name)
                let digits = try arguments.number(0, name).asDecimal
                let number = digits.map {
                    LogicalType.decimal(precision: digitsMaximum, scale: $0.scale)
                }
                return try arguments.textSignature(
                    name, [number ?? .double, .bigint], argumentCount...argumentCount,
                    returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                if case .decimal(_, let scale) = invocation.signature.argumentTypes[0] {
                    return try writtenText(GroupedDecimal(scale: scale), invocation)
                }
                return try writtenText(GroupedDouble(), invocation)
            })
    }
}
