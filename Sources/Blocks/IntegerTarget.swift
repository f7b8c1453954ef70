import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Writes integers into a flat vector of whatever extents.
protocol IntegerTargetVisitor {
    func visit<Target: FixedWidthInteger & BitwiseCopyable>(
        _ target: UnsafeMutablePointer<Target>)
}

extension Vector {
    /// Lends the memory of a flat vector of integers, from its first value on.
    @inline(__always)
    func visitIntegers<Visitor: IntegerTargetVisitor>(_ visitor: Visitor) {
        switch physicalType {
        case .int8: visitor.visit(pointer(to: Int8.self))
        case .int16: visitor.visit(pointer(to: Int16.self))
        case .int32: visitor.visit(pointer(to: Int32.self))
        case .int64: visitor.visit(pointer(to: Int64.self))
        case .int128: visitor.visit(pointer(to: Int128.self))
        default: preconditionFailure("\(physicalType) is not an integer extents")
        }
    }
}

/// Says no to a body that has not a value a row.
func checkCount(_ count: Int, of block: BlockBytes) throws(StarlingError) {
    guard block.physicalType.isInteger else {
        throw blockDamage("integers stand for values of another layout")
    }
    guard count == block.rowCount else {
        throw blockDamage("\(count) values stand for \(block.rowCount) rows")
    }
}
