// The values of one path, as they are found document by document.

import StarlingDocuments
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Becomes a column. Values are refused that their column could not give back exactly.
final class ShreddedColumn {
    /// Lists with more elements than that are refused.
    private static let elementCountMax = 1 << 30

    private let type: ShreddedType
    private let width: Int
    private var values: Buffer
    private var validity: Validity
    private var capacity: Int
    private let heap: StringHeap
    private(set) var takenCount = 0
    /// The elements of lists.
    private let elements: ShreddedColumn?
    private var elementCount = 0
    /// The elements of arrays of objects, and what they are taken apart into.
    private var records: [StringReference] = []
    private var shredded: ShreddedDocuments?

    /// Makes a column for so many rows; strings are kept in `heap`, where whole documents lie, too.
    init(_ type: ShreddedType, count: Int, heap: StringHeap) {
        self.type = type
        self.heap = heap
        capacity = max(1, count)
        width = type.logicalType.widestPhysicalType.byteWidth
        values = .zeroed(byteCount: capacity * width)
        validity = Validity(count: capacity, allValid: false)
        elements =
            if case .list(let element) = type {
                ShreddedColumn(element, count: count, heap: heap)
            } else { nil }
    }

    /// Takes a value for a row; false where it does not fit. What is longer than a reference to it
    /// lies in the heap.
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
        case .list: return putList(value, row)
        case .records: return putRecords(value, row)
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

    // MARK: Arrays

    private func putList(_ value: UnsafeRawBufferPointer, _ row: Int) -> Bool {
        guard value[0] == UInt8(ascii: "["), let elements else { return false }
        let first = elementCount
        let fits = forEachElement(of: value) { element in
            guard elements.append(element, elementCount) else { return false }
            elementCount += 1
            return elementCount < Self.elementCountMax
        }
        guard fits else {
            elementCount = first
            return false
        }
        putRange(first..<elementCount, row)
        return true
    }

    private func putRecords(_ value: UnsafeRawBufferPointer, _ row: Int) -> Bool {
        guard value[0] == UInt8(ascii: "[") else { return false }
        let first = records.count
        let fits = forEachElement(of: value) { element in
            guard let place = element.baseAddress else { return false }
            records.append(StringReference(place, count: element.count))
            return records.count < Self.elementCountMax
        }
        guard fits else {
            records.removeLast(records.count - first)
            return false
        }
        putRange(first..<records.count, row)
        return true
    }

    private func putRange(_ range: Range<Int>, _ row: Int) {
        values.pointer(to: ListRange.self)[row] = ListRange(
            offset: UInt32(truncatingIfNeeded: range.lowerBound),
            count: UInt32(truncatingIfNeeded: range.count))
    }

    /// Puts an element of a list behind others, or in the place of one that was refused later on.
    private func append(_ value: UnsafeRawBufferPointer, _ row: Int) -> Bool {
        reserve(row + 1)
        if value[0] == UInt8(ascii: "n") {
            (values.baseAddress + row * width).initializeMemory(
                as: UInt8.self, repeating: 0, count: width)
            validity.setNull(row)
            return true
        }
        guard put(value, row) else { return false }
        validity.setValid(row)
        return true
    }

    private func reserve(_ count: Int) {
        guard count > capacity else { return }
        let larger = max(count, capacity * 2)
        let buffer = Buffer.zeroed(byteCount: larger * width)
        buffer.baseAddress.copyMemory(from: values.baseAddress, byteCount: capacity * width)
        let mask = Validity(count: larger, allValid: false)
        mask.words.update(from: validity.words, count: Validity.wordCount(for: capacity))
        (values, validity, capacity) = (buffer, mask, larger)
    }

    // MARK: The column

    /// Takes objects in arrays apart; false where they have nothing in common.
    func settle(_ rules: ShreddingRules) -> Bool {
        guard case .records = type else { return true }
        let shredded = DocumentShredding.shred(elements: records, in: heap, rules.ofElements)
        self.shredded = shredded
        return !shredded.paths.isEmpty
    }

    /// Gives the type and the values of so many rows, once these are settled.
    func finish(count: Int) -> (type: ShreddedType, values: Vector) {
        let physicalType = type.logicalType.widestPhysicalType
        var result = Vector(
            physicalType, count: count, buffer: values,
            validity: validity.validCount(of: count) == count ? nil : validity,
            owner: physicalType == .string ? heap : nil)
        if let elements {
            let finished = elements.finish(count: elementCount)
            result.children = NestedVectors([finished.values])
            return (.list(finished.type), result)
        }
        guard let shredded else { return (type, result) }
        let fields = NestedVectors([shredded.remainder] + shredded.columns)
        let structures = Vector(
            .structure, count: records.count, buffer: Buffer(byteCount: 0), children: fields)
        result.children = NestedVectors([structures])
        return (.records(shredded.paths), result)
    }
}
