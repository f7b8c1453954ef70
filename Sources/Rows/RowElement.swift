// How loops over rows meet physical types. Loops that only move values know widths; loops that
// compare know what equal means. One `switch` each calls a generic method of a visitor struct, and
// all of it is in this module, so that every case becomes a specialized loop.

import StarlingTypes
import StarlingVectors

/// Is a stored value that can be compared as keys are: NaN equals NaN, and the zeros are equal.
protocol RowElement: BitwiseCopyable {
    static func areEqual(_ left: Self, _ right: Self) -> Bool
}

extension FixedWidthInteger where Self: RowElement {
    @inline(__always)
    static func areEqual(_ left: Self, _ right: Self) -> Bool { left == right }
}

extension Int8: RowElement {}
extension Int16: RowElement {}
extension Int32: RowElement {}
extension Int64: RowElement {}

extension BinaryFloatingPoint where Self: RowElement {
    @inline(__always)
    static func areEqual(_ left: Self, _ right: Self) -> Bool {
        left == right || (left != left && right != right)
    }
}

extension Float: RowElement {}
extension Double: RowElement {}

extension StringReference: RowElement {
    @inline(__always)
    static func areEqual(_ left: StringReference, _ right: StringReference) -> Bool {
        left == right
    }
}

/// Holds 128 bits at an address that 8 divides, where an Int128 needs 16.
struct WideInteger: RowElement {
    var low: UInt64
    var high: UInt64

    @inline(__always)
    static func areEqual(_ left: WideInteger, _ right: WideInteger) -> Bool {
        (left.low ^ right.low) | (left.high ^ right.high) == 0
    }
}

/// Runs something for values that are only moved.
protocol RowWidthVisitor {
    associatedtype Result
    func visit<Element: BitwiseCopyable>(_ type: Element.Type) -> Result
}

/// Runs something for values that are compared.
protocol RowElementVisitor {
    associatedtype Result
    func visit<Element: RowElement>(_ type: Element.Type) -> Result
}

@inline(__always)
func visitRowWidth<Visitor: RowWidthVisitor>(
    _ type: PhysicalType, _ visitor: Visitor
) -> Visitor.Result {
    switch type.byteWidth {
    case 1: visitor.visit(UInt8.self)
    case 2: visitor.visit(UInt16.self)
    case 4: visitor.visit(UInt32.self)
    case 8: visitor.visit(UInt64.self)
    default: visitor.visit(WideInteger.self)
    }
}

@inline(__always)
func visitRowElement<Visitor: RowElementVisitor>(
    _ type: PhysicalType, _ visitor: Visitor
) -> Visitor.Result {
    switch type {
    case .int8: visitor.visit(Int8.self)
    case .int16: visitor.visit(Int16.self)
    case .int32: visitor.visit(Int32.self)
    case .int64: visitor.visit(Int64.self)
    case .int128: visitor.visit(WideInteger.self)
    case .float32: visitor.visit(Float.self)
    case .float64: visitor.visit(Double.self)
    case .string: visitor.visit(StringReference.self)
    case .list, .structure: preconditionFailure("rows hold no nested values")
    }
}
