// The loops that render the values of a flat vector, one behind the other. Each asks for room for
// all values at once, and leaves to `renderAny` what is rare.

import StarlingTypes
import StarlingVectors

/// Renders the rows of a flat vector and notes where each ends.
struct RenderedRows {
    let vector: Vector
    /// Empty before.
    let text: TextBuffer
    let ends: UnsafeMutablePointer<Int>
    private let validityWords: UnsafePointer<UInt64>?

    init(_ vector: Vector, into text: TextBuffer, ends: UnsafeMutablePointer<Int>) {
        self.vector = vector
        self.text = text
        self.ends = ends
        validityWords = vector.validity.map { UnsafePointer($0.words) }
    }

    @inline(__always)
    private func isValid(_ row: Int) -> Bool {
        guard let validityWords else { return true }
        return (validityWords[row &>> 6] &>> UInt64(row & 63)) & 1 != 0
    }

    /// Renders integers with a point before the last `scale` digits; false where they are too wide.
    func renderNumbers(scale: Int, _ quote: UInt8?, _ nullText: [UInt8]) -> Bool {
        guard scale <= 18 else { return false }
        switch vector.physicalType {
        case .int8: numbers(Int8.self, scale, quote, nullText)
        case .int16: numbers(Int16.self, scale, quote, nullText)
        case .int32: numbers(Int32.self, scale, quote, nullText)
        case .int64: numbers(Int64.self, scale, quote, nullText)
        default: return false
        }
        return true
    }

    private func numbers<Element: FixedWidthInteger & BitwiseCopyable>(
        _: Element.Type, _ scale: Int, _ quote: UInt8?, _ nullText: [UInt8]
    ) {
        let values = vector.pointer(to: Element.self)
        let quoteCount = quote == nil ? 0 : 1
        let quote = quote ?? 0
        var target = text.room(for: vector.count * max(26, nullText.count))
        let start = text.start
        withUnsafeTemporaryAllocation(byteCount: 48, alignment: 16) { scratch in
            let digits = scratch.baseAddress.unsafelyUnwrapped
            for row in 0..<vector.count {
                if isValid(row) {
                    let value = values[row]
                    var place = DigitPairs.write(
                        UInt64(truncatingIfNeeded: value.magnitude), scale: scale, to: digits)
                    if value < 0 {
                        place &-= 1
                        digits.storeBytes(
                            of: UInt8(ascii: "-"), toByteOffset: place, as: UInt8.self)
                    }
                    target[0] = quote
                    target += quoteCount
                    target = DigitPairs.copy(digits, from: place, to: target)
                    target[0] = quote
                    target += quoteCount
                } else {
                    target = put(nullText, to: target)
                }
                ends[row] = target - start
            }
        }
        text.end(at: target)
    }

    @inline(__always)
    private func put(
        _ bytes: [UInt8], to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        for index in bytes.indices { target[index] = bytes[index] }
        return target + bytes.count
    }

    /// Renders dates; false where a year has not four digits.
    func renderDates<Form: TextForm>(_ form: Form) -> Bool {
        switch vector.physicalType {
        case .int16: dates(Int16.self, form)
        case .int32: dates(Int32.self, form)
        default: false
        }
    }

    private func dates<Form: TextForm, Element: FixedWidthInteger & BitwiseCopyable>(
        _: Element.Type, _ form: Form
    ) -> Bool {
        let days = vector.pointer(to: Element.self)
        let quoteCount = form.quoteOfDates == nil ? 0 : 1
        let quote = form.quoteOfDates ?? 0
        var target = text.room(for: vector.count * max(16, form.nullText.count))
        let start = text.start
        for row in 0..<vector.count {
            if isValid(row) {
                let date = CivilDate(days: Int32(truncatingIfNeeded: days[row]))
                guard date.year >= 0, date.year <= 9_999 else {
                    text.end(at: text.start)
                    return false
                }
                target[0] = quote
                target += quoteCount
                let raw = UnsafeMutableRawPointer(target)
                raw.storeBytes(of: DigitPairs.pair(date.year / 100), as: UInt16.self)
                raw.storeBytes(
                    of: DigitPairs.pair(date.year % 100), toByteOffset: 2, as: UInt16.self)
                target[4] = UInt8(ascii: "-")
                raw.storeBytes(of: DigitPairs.pair(date.month), toByteOffset: 5, as: UInt16.self)
                target[7] = UInt8(ascii: "-")
                raw.storeBytes(of: DigitPairs.pair(date.day), toByteOffset: 8, as: UInt16.self)
                target[10] = quote
                target += 10 + quoteCount
            } else {
                target = put(form.nullText, to: target)
            }
            ends[row] = target - start
        }
        text.end(at: target)
        return true
    }

    /// Renders strings: those without a suspicious byte are copied as they are.
    func renderTexts<Form: TextForm>(_ form: Form, _ type: LogicalType) {
        let strings = vector.pointer(to: StringReference.self)
        var left = vector.count * (2 + form.nullText.count)
        for row in 0..<vector.count { left += strings[row].count }
        var target = text.room(for: left)
        let quoteCount = form.quoteOfTexts == nil ? 0 : 1
        let quote = form.quoteOfTexts ?? 0
        let field = FieldText(vector, type)
        for row in 0..<vector.count {
            let string = strings[row]
            left -= string.count
            guard isValid(row) else {
                target = put(form.nullText, to: target)
                ends[row] = target - text.start
                continue
            }
            target[0] = quote
            let copy = target + quoteCount
            if string.isInline {
                // The text lies behind the length, and another reference or padding behind it.
                let reference = UnsafeRawPointer(strings + row)
                copyShort((reference + 4).assumingMemoryBound(to: UInt8.self), 12, to: copy)
            } else {
                copy.update(
                    from: string.address.assumingMemoryBound(to: UInt8.self), count: string.count)
            }
            if form.isPlain(copy, string.count), !suspects(form, copy, string.count) {
                copy[string.count] = quote
                target = copy + string.count + quoteCount
            } else {
                var bytes: [UInt8] = []
                form.append(field, row, to: &bytes)
                text.end(at: target)
                text.append(bytes)
                target = text.room(for: left + (vector.count - row) * (2 + form.nullText.count))
            }
            ends[row] = target - text.start
        }
        text.end(at: target)
    }

    /// Looks through a text by blocks; what lies behind it may be overwritten.
    @inline(__always)
    private func suspects<Form: TextForm>(
        _ form: Form, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int
    ) -> Bool {
        // Harmless in all forms, or at worst a reason to look closer.
        UnsafeMutableRawPointer(bytes + count).storeBytes(
            of: SIMD16(repeating: UInt8(ascii: "a")), as: SIMD16<UInt8>.self)
        var found = SIMDMask<SIMD16<Int8>>(repeating: false)
        var place = 0
        while place < count {
            found
                .|= form.suspects(
                    UnsafeRawPointer(bytes + place).loadUnaligned(as: SIMD16<UInt8>.self))
            place &+= 16
        }
        return any(found)
    }

    /// Renders values one by one.
    func renderAny<Form: TextForm>(_ form: Form, _ type: LogicalType) {
        let field = FieldText(vector, type)
        var bytes: [UInt8] = []
        for row in 0..<vector.count {
            bytes.removeAll(keepingCapacity: true)
            if field.isValid(row) {
                form.append(field, row, to: &bytes)
            } else {
                bytes += form.nullText
            }
            text.append(bytes)
            ends[row] = text.count
        }
    }
}
