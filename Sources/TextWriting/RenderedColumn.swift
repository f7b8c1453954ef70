// The texts of a column's rows, one behind the other. Values of a dictionary are rendered once.

import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds the text of every row of a vector.
final class RenderedColumn {
    let text = TextBuffer(capacity: 1 << 14)
    /// Where each text ends, behind a zero.
    private let ends: Buffer
    /// For each row, the number of its text; nil where row i has text i.
    private let numbers: Buffer?
    private(set) var byteCountMaximum = 0

    init<Form: TextForm>(_ vector: Vector, _ type: LogicalType, _ form: Form) {
        let stored: Vector
        if let dictionary = vector.dictionary, dictionary.count <= vector.count {
            stored = dictionary.values
            let codes = vector.codes
            numbers = Self.numbers(vector, textCount: stored.count) { codes[$0] }
        } else if vector.isConstant {
            // What is constant lies in the first place.
            var one = vector
            one.count = 1
            stored = one.flattened()
            numbers = Self.numbers(vector, textCount: 1) { _ in 0 }
        } else {
            stored = vector.flattened()
            numbers = nil
        }
        ends = Buffer(byteCount: (stored.count + 2) * 8)
        render(stored, type, form)
        if numbers != nil { text.append(form.nullText) }
        let places = ends.pointer(to: Int.self)
        places[stored.count + 1] = text.count
        guard let numbers else {
            byteCountMaximum = text.count
            return
        }
        let found = numbers.pointer(to: UInt32.self)
        for row in 0..<vector.count {
            let number = Int(found[row])
            byteCountMaximum += places[number + 1] - places[number]
        }
    }

    /// Numbers the texts of rows; that of NULL comes last.
    private static func numbers(
        _ vector: Vector, textCount: Int, number: (Int) -> UInt32
    ) -> Buffer {
        let buffer = Buffer(byteCount: max(1, vector.count) * 4)
        let numbers = buffer.pointer(to: UInt32.self)
        for row in 0..<vector.count { numbers[row] = number(row) }
        if vector.validity != nil {
            for row in 0..<vector.count where !vector.isValid(row) {
                numbers[row] = UInt32(truncatingIfNeeded: textCount)
            }
        }
        withExtendedLifetime(vector) {}
        return buffer
    }

    /// Views the texts while the column lives.
    var view: RenderedView {
        RenderedView(
            text: UnsafePointer(text.start), ends: UnsafePointer(ends.pointer(to: Int.self)),
            numbers: numbers.map { UnsafePointer($0.pointer(to: UInt32.self)) })
    }

    private func render<Form: TextForm>(_ vector: Vector, _ type: LogicalType, _ form: Form) {
        let places = ends.pointer(to: Int.self)
        places[0] = 0
        let target = RenderedRows(vector, into: text, ends: places + 1)
        switch type {
        case .tinyint, .smallint, .int, .bigint, .largeint:
            if target.renderNumbers(scale: 0, form.quote(ofNumbers: type), form.nullText) { return }
        case .decimal(_, let scale):
            if target.renderNumbers(scale: scale, form.quote(ofNumbers: type), form.nullText) {
                return
            }
        case .date:
            if target.renderDates(form) { return }
        case .char, .varchar: return target.renderTexts(form, type)
        default: break
        }
        target.renderAny(form, type)
    }
}

/// Lends the texts of a column.
struct RenderedView {
    let text: UnsafePointer<UInt8>
    let ends: UnsafePointer<Int>
    let numbers: UnsafePointer<UInt32>?

    @inline(__always)
    func range(_ row: Int) -> (start: UnsafePointer<UInt8>, count: Int) {
        let number = numbers.map { Int($0[row]) } ?? row
        let start = ends[number]
        return (text + start, ends[number &+ 1] &- start)
    }
}
