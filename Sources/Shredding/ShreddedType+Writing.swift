// Whole columns of one path as documents or as texts.

import StarlingDocuments
import StarlingErrors
import StarlingTypes
import StarlingVectors

extension ShreddedType {
    /// Writes values of a column as documents; NULL where it is NULL. Elements of lists that are not
    /// wanted are no more than there; where `keys` are given, the others become objects with nothing
    /// but what these lead to.
    package func documents(
        _ values: Vector, elements wanted: Range<Int> = 0..<Int.max, at keys: [[UInt8]] = []
    ) throws(StarlingError) -> Vector {
        if self == .document { return values }
        let view = ShreddedView(self, values, elements: wanted, at: keys)
        return try written(values, view) {
            (view, row, bytes) throws(StarlingError) in try view.append(row, to: &bytes)
        }
    }

    /// Writes the content of strings that are days or moments; NULL where the column is NULL.
    package func texts(_ values: Vector) throws(StarlingError) -> Vector {
        try written(values, ShreddedView(self, values)) {
            (view, row, bytes) throws(StarlingError) in view.appendContent(row, to: &bytes)
        }
    }

    /// The text of a bound of days or moments; their order is the texts'.
    package func text(of bound: Value) -> Value? {
        guard let number = bound.integer.flatMap({ Int64(exactly: $0) }) else { return nil }
        var bytes: [UInt8] = []
        switch self {
        case .day:
            guard let day = Int32(exactly: number) else { return nil }
            appendDate(days: day, to: &bytes)
        case .moment(let form): form.append(number, to: &bytes)
        default: return nil
        }
        return .bytes(bytes)
    }

    private func written(
        _ values: Vector, _ view: ShreddedView?,
        _ append: (ShreddedView, Int, inout [UInt8]) throws(StarlingError) -> Void
    ) throws(StarlingError) -> Vector {
        guard let view else {
            throw StarlingError(.data, "the values of a path are not of its type, \(title)")
        }
        var result = Vector(uninitialized: .string, count: values.count)
        let target = result.pointer(to: StringReference.self)
        let heap = StringHeap()
        var bytes: [UInt8] = []
        let all = Validity(count: values.count, allValid: true)
        var hasNulls = false
        for row in 0..<values.count {
            guard view.isValid(row) else {
                target[row] = .empty
                all.setNull(row)
                hasNulls = true
                continue
            }
            bytes.removeAll(keepingCapacity: true)
            try append(view, row, &bytes)
            target[row] = heap.add(bytes)
        }
        result.validity = hasNulls ? all : nil
        result.owner = heap
        return result
    }
}
