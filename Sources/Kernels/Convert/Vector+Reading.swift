// Texts as numbers, dates and datetimes, by the rules of module Types, a loop for each.

import StarlingTypes
import StarlingVectors

extension Vector {
    /// Reads strings as CAST does, NULL where one is no such value; nil where no loop can.
    package func read(as type: LogicalType, layout: PhysicalType) -> Vector? {
        switch type {
        case .boolean: return integers(BooleanReader(), layout)
        case .tinyint, .smallint, .int, .bigint, .largeint:
            let range = type.bounds ?? Bounds(low: .min, high: .max)
            return integers(IntegerReader(range: range), layout)
        case .decimal(let precision, let scale):
            return integers(DecimalReader(precision: precision, scale: scale), layout)
        case .date: return integers(DateReader(), layout)
        case .datetime: return integers(DateTimeReader(), layout)
        case .float, .double: return floatingPoint(layout)
        default: return nil
        }
    }

    private func integers<Reader: TextReader>(_ reader: Reader, _ layout: PhysicalType) -> Vector? {
        guard layout.isInteger else { return nil }
        return layout.visitInteger(ReadingLoop(source: flattened(), layout: layout, reader: reader))
    }

    private func floatingPoint(_ layout: PhysicalType) -> Vector {
        let source = flattened()
        var result = Vector(uninitialized: .float64, count: count)
        var faults = FaultyRows(count: count)
        let input = source.pointer(to: StringReference.self)
        let output = result.pointer(to: Double.self)
        for row in 0..<count {
            output[row] = 0
            guard source.validity?.isValid(row) ?? true else { continue }
            let number = input[row].withBytes { parseDouble($0) }
            if let number { output[row] = number } else { faults.add(row) }
        }
        result.validity = faults.rest(of: source)
        return result.convertedToFloating(layout)
    }
}

/// Notes the rows whose texts are no such values.
private struct FaultyRows {
    let count: Int
    private var others: Validity?

    init(count: Int) { self.count = count }

    @inline(never)
    mutating func add(_ row: Int) {
        if others == nil { others = Validity(count: count, allValid: true) }
        others?.setNull(row)
    }

    /// The rows that have a value in the source and no fault.
    func rest(of source: Vector) -> Validity? {
        Validity.intersection(others, source.validity, count: count)
    }
}

/// Reads a text; nil where it is no such value.
private protocol TextReader {
    func read(_ text: UnsafeRawBufferPointer) -> Int128?
}

private struct ReadingLoop<Reader: TextReader>: IntegerVisitor {
    let source: Vector
    let layout: PhysicalType
    let reader: Reader

    @inline(__always)
    func visit<Element: KernelInteger>(_ type: Element.Type) -> Vector {
        var result = Vector(uninitialized: layout, count: source.count)
        var faults = FaultyRows(count: source.count)
        let input = source.pointer(to: StringReference.self)
        let output = result.pointer(to: Element.self)
        for row in 0..<source.count {
            output[row] = 0
            guard source.validity?.isValid(row) ?? true else { continue }
            let number = input[row].withBytes { reader.read($0) }
            if let number, let element = Element(exactly: number) {
                output[row] = element
            } else {
                faults.add(row)
            }
        }
        result.validity = faults.rest(of: source)
        return result
    }
}

private struct BooleanReader: TextReader {
    @inline(__always)
    func read(_ text: UnsafeRawBufferPointer) -> Int128? { parseBoolean(text).map { $0 ? 1 : 0 } }
}

private struct IntegerReader: TextReader {
    let range: Bounds

    @inline(__always)
    func read(_ text: UnsafeRawBufferPointer) -> Int128? {
        guard let number = parseInteger(text), range.contains(number) else { return nil }
        return number
    }
}

private struct DecimalReader: TextReader {
    let precision: Int
    let scale: Int

    @inline(__always)
    func read(_ text: UnsafeRawBufferPointer) -> Int128? {
        parseDecimal(text, precision: precision, scale: scale)
    }
}

private struct DateReader: TextReader {
    @inline(__always)
    func read(_ text: UnsafeRawBufferPointer) -> Int128? { parseDate(text).map { Int128($0) } }
}

private struct DateTimeReader: TextReader {
    @inline(__always)
    func read(_ text: UnsafeRawBufferPointer) -> Int128? {
        parseDateTime(text, mayEndInZ: true).map { Int128($0) }
    }
}
