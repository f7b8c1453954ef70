// The values of one path, as they are found document by document.

import StarlingDocuments
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Becomes a column. Values are refused that their column could not give back exactly.
final class ShreddedColumn {
    private let type: ShreddedType
    private let values: Buffer
    private let validity: Validity
    private let heap: StringHeap
    private let count: Int
    private(set) var takenCount = 0

    /// Makes a column for so many rows; strings are kept in `heap`, where whole documents lie, too.
    init(_ type: ShreddedType, count: Int, heap: StringHeap) {
        self.type = type
        self.count = count
        self.heap = heap
        values = .zeroed(
            byteCount: max(1, count) * type.logicalType.widestPhysicalType.byteWidth)
        validity = Validity(count: count, allValid: false)
    }

    /// Takes a value that lies in the heap for a row; false where it does not fit.
    @inline(__always)
    func take(_ value: UnsafeRawBufferPointer, _ row: Int) -> Bool {
        guard put(value, row) else { return false }
        validity.setValid(row)
        takenCount &+= 1
        return true
    }

    @inline(__always)
    private func put(_ value: UnsafeRawBufferPointer, _ row: Int) -> Bool {
        switch type {
        case .text: return putText(value, row)
        case .whole:
            guard isNumber(value), case .whole(let number) = ShreddedNumber(value) else {
                return false
            }
            values.pointer(to: Int64.self)[row] = number
        case .truth:
            guard value[0] == UInt8(ascii: "t") || value[0] == UInt8(ascii: "f") else {
                return false
            }
            values.pointer(to: Int8.self)[row] = value[0] == UInt8(ascii: "t") ? 1 : 0
        case .floating:
            guard isNumber(value), let number = ShreddedNumber(value).floating else {
                return false
            }
            values.pointer(to: Double.self)[row] = number
        case .wide:
            guard isNumber(value) else { return false }
            switch ShreddedNumber(value) {
            case .whole(let number): values.pointer(to: Int128.self)[row] = Int128(number)
            case .wide(let number): values.pointer(to: Int128.self)[row] = number
            case .floating, .other: return false
            }
        case .document:
            guard value[0] != UInt8(ascii: "{") else { return false }
            putString(value, row)
        case .day:
            guard let content = content(value), let day = plainDay(content) else { return false }
            values.pointer(to: Int32.self)[row] = day
        case .moment(let form):
            guard let content = content(value), let moment = form.value(of: content) else {
                return false
            }
            values.pointer(to: Int64.self)[row] = moment
        }
        return true
    }

    @inline(__always)
    private func isNumber(_ value: UnsafeRawBufferPointer) -> Bool {
        value[0] == UInt8(ascii: "-") || isDigit(value[0])
    }

    @inline(__always)
    private func putString(_ bytes: UnsafeRawBufferPointer, _ row: Int) {
        values.pointer(to: StringReference.self)[row] =
            bytes.baseAddress.map { StringReference($0, count: bytes.count) } ?? .empty
    }

    /// What stands between the quotes of a string; nil for another value.
    private func content(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard value[0] == UInt8(ascii: "\"") else { return nil }
        return UnsafeRawBufferPointer(rebasing: value[1..<(value.count - 1)])
    }

    private func putText(_ value: UnsafeRawBufferPointer, _ row: Int) -> Bool {
        guard let content = content(value) else { return false }
        guard content.contains(UInt8(ascii: "\\")) else {
            putString(content, row)
            return true
        }
        var plain: [UInt8] = []
        DocumentValue(value)?.appendContent(to: &plain)
        // What the engine escapes in another way would not come back.
        var quoted: [UInt8] = []
        plain.withUnsafeBytes { appendQuoted($0, to: &quoted) }
        guard quoted.elementsEqual(value) else { return false }
        values.pointer(to: StringReference.self)[row] = heap.add(plain)
        return true
    }

    func finish() -> Vector {
        let physicalType = type.logicalType.widestPhysicalType
        return Vector(
            physicalType, count: count, buffer: values,
            validity: takenCount == count ? nil : validity,
            owner: physicalType == .string ? heap : nil)
    }
}
