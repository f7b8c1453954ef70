// How a number becomes bytes whose order as unsigned bytes is the order of the numbers: integers
// with the sign bit turned, the highest byte first; floating-point numbers as the integers that
// order as they do.

import StarlingTypes
import StarlingVectors

/// Is a number that can be packed.
protocol PackedElement: BitwiseCopyable {
    associatedtype Bits: KernelInteger
    /// Gives an integer that orders as the value; for keys equal values have equal integers.
    static func bits(_ value: Self, asKey: Bool) -> Bits
    static func value(_ bits: Bits) -> Self
}

extension KernelInteger where Self: PackedElement {
    @inline(__always)
    static func bits(_ value: Self, asKey: Bool) -> Self { value }
    @inline(__always)
    static func value(_ bits: Self) -> Self { bits }
}

extension Int8: PackedElement {}
extension Int16: PackedElement {}
extension Int32: PackedElement {}
extension Int64: PackedElement {}
extension Int128: PackedElement {}

extension Float: PackedElement {
    @inline(__always)
    static func bits(_ value: Float, asKey: Bool) -> Int32 {
        var value = value
        if asKey { value = value == 0 ? 0 : value != value ? .nan : value }
        let bits = Int32(bitPattern: value.bitPattern)
        return bits ^ ((bits &>> 31) & .max)
    }
    @inline(__always)
    static func value(_ bits: Int32) -> Float {
        Float(bitPattern: UInt32(bitPattern: bits ^ ((bits &>> 31) & .max)))
    }
}

extension Double: PackedElement {
    @inline(__always)
    static func bits(_ value: Double, asKey: Bool) -> Int64 {
        var value = value
        if asKey { value = value == 0 ? 0 : value != value ? .nan : value }
        let bits = Int64(bitPattern: value.bitPattern)
        return bits ^ ((bits &>> 63) & .max)
    }
    @inline(__always)
    static func value(_ bits: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: bits ^ ((bits &>> 63) & .max)))
    }
}

/// Runs something for the number type of a column.
protocol PackedElementVisitor {
    associatedtype Result
    func visit<Element: PackedElement>(_ type: Element.Type) -> Result
}

extension PhysicalType {
    @inline(__always)
    func visitPacked<Visitor: PackedElementVisitor>(_ visitor: Visitor) -> Visitor.Result {
        switch self {
        case .int8: visitor.visit(Int8.self)
        case .int16: visitor.visit(Int16.self)
        case .int32: visitor.visit(Int32.self)
        case .int64: visitor.visit(Int64.self)
        case .int128: visitor.visit(Int128.self)
        case .float32: visitor.visit(Float.self)
        case .float64: visitor.visit(Double.self)
        case .string, .list, .structure: preconditionFailure("\(self) is no number")
        }
    }
}
