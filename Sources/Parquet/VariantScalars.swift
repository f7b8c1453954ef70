// Scalars of a VARIANT that are what a path asks for: they need not be written as JSON and read again.

import StarlingTables
import StarlingTypes
import StarlingVectors

/// Gathers scalars for some of the rows of a window.
struct VariantScalars {
    private let form: PathColumn.Form
    private let bounds: Bounds?
    private let vector: Vector
    private let validity: Validity
    private let heap = StringHeap()
    private(set) var rows: [Int] = []

    /// Makes room for rows in a layout; nil for a path that asks for something else.
    init?(_ path: PathColumn, _ physicalType: PhysicalType, count: Int) {
        switch path.form {
        case .whole where physicalType.isInteger, .floating where physicalType == .float64,
            .truth where physicalType == .int8, .text where physicalType == .string:
            break
        default: return nil
        }
        form = path.form
        bounds = path.type.bounds
        vector = Vector(
            physicalType, count: count,
            buffer: .zeroed(byteCount: max(1, count) * physicalType.byteWidth))
        validity = Validity(count: count, allValid: false)
    }

    /// Takes a value of VARIANT; false where it is of another kind.
    mutating func take(_ value: UnsafeRawBufferPointer, _ row: Int) -> Bool {
        guard let header = value.first, put(value, header, row) else { return false }
        validity.setValid(row)
        rows.append(row)
        return true
    }

    private func put(_ value: UnsafeRawBufferPointer, _ header: UInt8, _ row: Int) -> Bool {
        if form == .text {
            guard let text = text(value, header), text.allSatisfy({ $0 < 0x80 }) else {
                return false
            }
            vector.pointer(to: StringReference.self)[row] =
                text.baseAddress.map { heap.add($0, count: text.count) } ?? .empty
            return true
        }
        guard header & 3 == 0, let kind = VariantPrimitive(rawValue: Int(header >> 2)),
            value.count > kind.byteCount
        else { return false }
        switch (form, kind) {
        case (.truth, .isTrue), (.truth, .isFalse):
            vector.pointer(to: Int8.self)[row] = kind == .isTrue ? 1 : 0
        case (.floating, .double):
            vector.pointer(to: Double.self)[row] = Double(
                bitPattern: UInt64(
                    littleEndian: value.loadUnaligned(fromByteOffset: 1, as: UInt64.self)))
        case (.floating, .int8), (.floating, .int16), (.floating, .int32), (.floating, .int64):
            vector.pointer(to: Double.self)[row] = Double(number(value, kind))
        case (.whole, .int8), (.whole, .int16), (.whole, .int32), (.whole, .int64):
            return put(number(value, kind), row)
        default: return false
        }
        return true
    }

    private func number(_ value: UnsafeRawBufferPointer, _ kind: VariantPrimitive) -> Int64 {
        switch kind {
        case .int8: Int64(value.load(fromByteOffset: 1, as: Int8.self))
        case .int16:
            Int64(Int16(littleEndian: value.loadUnaligned(fromByteOffset: 1, as: Int16.self)))
        case .int32:
            Int64(Int32(littleEndian: value.loadUnaligned(fromByteOffset: 1, as: Int32.self)))
        default: Int64(littleEndian: value.loadUnaligned(fromByteOffset: 1, as: Int64.self))
        }
    }

    private func put(_ number: Int64, _ row: Int) -> Bool {
        // Beyond the bounds of the type there is NULL, which the text of the number gives.
        guard bounds?.contains(Int128(number)) ?? false else { return false }
        switch vector.physicalType {
        case .int8: vector.pointer(to: Int8.self)[row] = Int8(truncatingIfNeeded: number)
        case .int16: vector.pointer(to: Int16.self)[row] = Int16(truncatingIfNeeded: number)
        case .int32: vector.pointer(to: Int32.self)[row] = Int32(truncatingIfNeeded: number)
        case .int64: vector.pointer(to: Int64.self)[row] = number
        case .int128: vector.pointer(to: Int128.self)[row] = Int128(number)
        default: return false
        }
        return true
    }

    /// The bytes of a string; nil for other values.
    private func text(
        _ value: UnsafeRawBufferPointer, _ header: UInt8
    ) -> UnsafeRawBufferPointer? {
        var range = 1..<1 + Int(header >> 2)
        if header & 3 == 0, Int(header >> 2) == VariantPrimitive.string.rawValue {
            guard value.count >= 5 else { return nil }
            let count = UInt32(
                littleEndian: value.loadUnaligned(fromByteOffset: 1, as: UInt32.self))
            range = 5..<5 + Int(count)
        } else if header & 3 != 1 {
            return nil
        }
        guard range.upperBound <= value.count else { return nil }
        return UnsafeRawBufferPointer(rebasing: value[range])
    }

    /// The column, which is NULL in all rows that were not taken.
    func finish() -> Vector {
        var result = vector
        result.validity = validity
        if result.physicalType == .string { result.owner = heap }
        return result
    }
}
