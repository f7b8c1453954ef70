// How kernels meet physical types: a kernel is a generic method of a small visitor struct, and one
// `switch` per family of types calls it. Everything is in this module, so that the compiler makes
// a specialized loop for each case.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Is an integer that values are stored as.
protocol KernelInteger: FixedWidthInteger, SignedInteger, BitwiseCopyable, Sendable {
    var nearestDouble: Double { get }
    var nearestFloat: Float { get }
}

extension KernelInteger {
    @inline(__always) var nearestDouble: Double { Double(self) }
    @inline(__always) var nearestFloat: Float { Float(self) }
}

extension Int8: KernelInteger {}
extension Int16: KernelInteger {}
extension Int32: KernelInteger {}
extension Int64: KernelInteger {}
extension Int128: KernelInteger {
    @inline(__always) var nearestDouble: Double { Double(nearest: self) }
    @inline(__always) var nearestFloat: Float { Float(nearest: self) }
}

/// Is a floating-point number that values are stored as.
protocol KernelFloat: BinaryFloatingPoint, BitwiseCopyable, Sendable {}

extension Float: KernelFloat {}
extension Double: KernelFloat {}

/// Runs something for the integer type of a column.
protocol IntegerVisitor {
    associatedtype Result
    func visit<Element: KernelInteger>(_ type: Element.Type) -> Result
}

/// Runs something for the floating-point type of a column.
protocol FloatVisitor {
    associatedtype Result
    func visit<Element: KernelFloat>(_ type: Element.Type) -> Result
}

/// Runs something for values that are only moved: the width is all that matters.
protocol WidthVisitor {
    associatedtype Result
    func visit<Element: BitwiseCopyable>(_ type: Element.Type) -> Result
}

extension PhysicalType {
    @inline(__always)
    func visitInteger<Visitor: IntegerVisitor>(_ visitor: Visitor) -> Visitor.Result {
        switch self {
        case .int8: visitor.visit(Int8.self)
        case .int16: visitor.visit(Int16.self)
        case .int32: visitor.visit(Int32.self)
        case .int64: visitor.visit(Int64.self)
        case .int128: visitor.visit(Int128.self)
        default: preconditionFailure("\(self) is not an integer layout")
        }
    }

    @inline(__always)
    func visitFloat<Visitor: FloatVisitor>(_ visitor: Visitor) -> Visitor.Result {
        switch self {
        case .float32: visitor.visit(Float.self)
        case .float64: visitor.visit(Double.self)
        default: preconditionFailure("\(self) is not a floating-point layout")
        }
    }
}

/// Calls the visitor with an unsigned stand-in for values of `byteWidth` bytes.
@inline(__always)
func visitWidth<Visitor: WidthVisitor>(_ byteWidth: Int, _ visitor: Visitor) -> Visitor.Result {
    switch byteWidth {
    case 1: visitor.visit(UInt8.self)
    case 2: visitor.visit(UInt16.self)
    case 4: visitor.visit(UInt32.self)
    case 8: visitor.visit(UInt64.self)
    case 16: visitor.visit(StringReference.self)
    default: preconditionFailure("no values are \(byteWidth) bytes wide")
    }
}
