// Functions of real numbers. Where mathematics has no value, the result is NULL.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Names a function of one DOUBLE.
private enum RealFunction: String, CaseIterable, Sendable {
    case squareRoot = "sqrt"
    case cubeRoot = "cbrt"
    case exponential = "exp"
    case naturalLogarithm = "ln"
    case binaryLogarithm = "log2"
    case decimalLogarithm = "log10"
    case sine = "sin"
    case cosine = "cos"
    case tangent = "tan"
    case cotangent = "cot"
    case arcSine = "asin"
    case arcCosine = "acos"
    case arcTangent = "atan"
    case hyperbolicSine = "sinh"
    case hyperbolicCosine = "cosh"
    case hyperbolicTangent = "tanh"
    case degrees
    case radians
    case square

    @inline(__always)
    func apply(_ x: Double) -> Double {
        switch self {
        case .squareRoot: x.squareRoot()
        case .cubeRoot: exactCubeRoot(x)
        case .exponential: exp(x)
        case .naturalLogarithm: log(x)
        case .binaryLogarithm: log2(x)
        case .decimalLogarithm: log10(x)
        case .sine: sin(x)
        case .cosine: cos(x)
        case .tangent: tan(x)
        case .cotangent: 1 / tan(x)
        case .arcSine: asin(x)
        case .arcCosine: acos(x)
        case .arcTangent: atan(x)
        case .hyperbolicSine: sinh(x)
        case .hyperbolicCosine: cosh(x)
        case .hyperbolicTangent: tanh(x)
        case .degrees: x * 180 / .pi
        case .radians: x / 180 * .pi
        case .square: x * x
        }
    }

    var aliases: [String] {
        switch self {
        case .squareRoot: ["dsqrt"]
        case .exponential: ["dexp"]
        case .naturalLogarithm: ["dlog1"]
        case .decimalLogarithm: ["dlog10"]
        default: []
        }
    }

    /// A summary, an argument and the result there.
    var documentation: (summary: String, argument: String, result: String) {
        switch self {
        case .squareRoot: ("Gives the square root; NULL for negative numbers.", "2.25", "1.5")
        case .cubeRoot: ("Gives the cube root.", "27", "3")
        case .exponential: ("Raises e to a power.", "0", "1")
        case .naturalLogarithm:
            ("Gives the natural logarithm; NULL for what is not positive.", "1", "0")
        case .binaryLogarithm: ("Gives the logarithm to base 2.", "8", "3")
        case .decimalLogarithm: ("Gives the logarithm to base 10.", "1000", "3")
        case .sine: ("Gives the sine of an angle in radians.", "0", "0")
        case .cosine: ("Gives the cosine of an angle in radians.", "0", "1")
        case .tangent: ("Gives the tangent of an angle in radians.", "0", "0")
        case .cotangent: ("Gives the cotangent of an angle in radians.", "0", "NULL")
        case .arcSine: ("Gives the angle whose sine is given.", "0", "0")
        case .arcCosine: ("Gives the angle whose cosine is given.", "1", "0")
        case .arcTangent: ("Gives the angle whose tangent is given.", "0", "0")
        case .hyperbolicSine: ("Gives the hyperbolic sine.", "0", "0")
        case .hyperbolicCosine: ("Gives the hyperbolic cosine.", "0", "1")
        case .hyperbolicTangent: ("Gives the hyperbolic tangent.", "0", "0")
        case .degrees: ("Converts radians to degrees.", "0", "0")
        case .radians: ("Converts degrees to radians.", "0", "0")
        case .square: ("Multiplies a number by itself.", "3", "9")
        }
    }
}

private struct RealOperation: PartialUnaryOperation {
    let function: RealFunction

    @inline(__always)
    func apply(_ value: Double) -> Double? { definedReal(function.apply(value)) }
}

private struct NotANumber: UnaryOperation {
    func apply(_ value: Double) -> UInt8 { value.isNaN ? 1 : 0 }
}

/// Names a function of two DOUBLEs.
private enum RealPairFunction: Sendable {
    case power, logarithm, arcTangent
}

private struct RealPairOperation: PartialBinaryOperation {
    let function: RealPairFunction

    @inline(__always)
    func apply(_ left: Double, _ right: Double) -> Double? {
        switch function {
        case .power: definedReal(pow(left, right))
        case .logarithm:
            left <= 0 || left == 1 || right <= 0 ? nil : log(right) / log(left)
        case .arcTangent: atan2(left, right)
        }
    }
}

/// Takes one step of Newton's from the library's root, which misses even that of 27.
private func exactCubeRoot(_ x: Double) -> Double {
    let root = cbrt(x)
    guard root != 0, root.isFinite else { return root }
    return root - (root * root * root - x) / (3 * root * root)
}

/// Turns what is no finite number into NULL.
@inline(__always)
private func definedReal(_ value: Double) -> Double? { value.isFinite ? value : nil }

enum RealFunctions {
    static let rows: [ScalarFunction] =
        RealFunction.allCases.map { row($0) } + [
            pairRow(
                "power", ["pow", "dpow", "fpow"], .power, "Raises a number to a power.",
                "power(2, 10)", "1024"),
            pairRow(
                "atan2", [], .arcTangent, "Gives the angle of the point (x, y), given y and x.",
                "atan2(0, 1)", "0"),
            logarithmRow,
            constantRow("pi", .pi, "3.141592653589793"),
            constantRow("e", 2.718281828459045, "2.718281828459045"), notANumberRow,
        ]

    private static func row(_ function: RealFunction) -> ScalarFunction {
        let name = function.rawValue
        let (summary, argument, result) = function.documentation
        return ScalarFunction(
            name, aliases: function.aliases, summary: summary,
            examples: [("\(name)(\(argument))", result)],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, [.double], 1...1, returns: .double)
            },
            evaluate: { invocation throws(StarlingError) in
                mapped(
                    RealOperation(function: function), invocation.arguments[0], to: .float64)
            })
    }

    private static let notANumberRow = ScalarFunction(
        "is_nan", summary: "Tells whether a floating-point number is none (NaN).",
        examples: [("is_nan(1.0)", "0"), ("is_nan(NULL)", "NULL")], neverGivesNull: true,
        resolve: { arguments throws(StarlingError) in
            try arguments.textSignature("is_nan", [.double], 1...1, returns: .boolean)
        },
        evaluate: { invocation throws(StarlingError) in
            mapped(NotANumber(), invocation.arguments[0], to: .int8)
                .withIntegerLayout(invocation.resultPhysicalType)
        })

    private static func pairRow(
        _ name: String, _ aliases: [String], _ function: RealPairFunction, _ summary: String,
        _ expression: String, _ result: String
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: [(expression, result)],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, [.double, .double], 2...2, returns: .double)
            },
            evaluate: { invocation throws(StarlingError) in
                mapped(
                    RealPairOperation(function: function), invocation.arguments[0],
                    invocation.arguments[1], to: .float64)
            })
    }

    private static let logarithmRow = ScalarFunction(
        "log", summary: "Gives the natural logarithm, or that to the base given first.",
        examples: [("log(1)", "0"), ("log(2, 8)", "3")],
        resolve: { arguments throws(StarlingError) in
            try arguments.textSignature("log", [.double, .double], 1...2, returns: .double)
        },
        evaluate: { invocation throws(StarlingError) in
            let arguments = invocation.arguments
            return arguments.count == 1
                ? mapped(RealOperation(function: .naturalLogarithm), arguments[0], to: .float64)
                : mapped(
                    RealPairOperation(function: .logarithm), arguments[0], arguments[1],
                    to: .float64)
        })

    private static func constantRow(
        _ name: String, _ value: Double, _ text: String
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: "Gives the number \(name).", examples: [("\(name)()", text)],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, [], 0...0, returns: .double)
            },
            evaluate: { invocation throws(StarlingError) in
                Vector(constant: .floating(value), .float64, count: invocation.count)
            })
    }
}
