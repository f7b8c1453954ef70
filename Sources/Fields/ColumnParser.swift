// Columns of a window: the loop over fields, once for fixed widths and once for strings, and what
// happens to fields that the loop cannot read at once: NULLs, quotes, faults.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Says what is wrong with a field.
package struct FieldFault {
    /// Counts in the window.
    package var row: Int
    package var text: [UInt8]
}

/// Reads one column.
package struct ColumnParser {
    package let column: Int
    package let isLast: Bool
    package let type: LogicalType
    package let layout: PhysicalType
    let nullTexts: [[UInt8]]
    /// True where a NULL may look like a value.
    let checksNullsFirst: Bool
    let form: TimeForm?
    /// True where the type was found in a sample: numbers whose digits it does not keep are faults.
    let isDetected: Bool
    /// True where times are written with their distance from UTC.
    let isInstant: Bool

    package init(
        column: Int, isLast: Bool, type: LogicalType, layout: PhysicalType,
        nullTexts: [[UInt8]], checksNullsFirst: Bool, form: TimeForm?, isDetected: Bool = false,
        isInstant: Bool = false
    ) {
        self.column = column
        self.isLast = isLast
        self.type = type
        self.layout = layout
        self.nullTexts = nullTexts
        self.checksNullsFirst = checksNullsFirst
        self.form = form
        self.isDetected = isDetected
        self.isInstant = isInstant
    }

    /// Reads the rows of a window, or the selected ones.
    ///
    /// `faults` takes the fields that are no such value; they are NULL in the result.
    package func read(
        _ window: FieldWindow, _ selection: Selection?, faults: inout [FieldFault]
    ) -> Vector {
        switch type {
        case .boolean: parse(BooleanField.self, window, selection, &faults)
        case .tinyint: parse(IntegerField<Int8>.self, window, selection, &faults)
        case .smallint: parse(IntegerField<Int16>.self, window, selection, &faults)
        case .int: parse(IntegerField<Int32>.self, window, selection, &faults)
        case .bigint: parse(IntegerField<Int64>.self, window, selection, &faults)
        case .float: parse(FloatField.self, window, selection, &faults)
        case .double where isDetected: parse(KeptDoubleField.self, window, selection, &faults)
        case .double: parse(DoubleField.self, window, selection, &faults)
        case .date where form == nil: parse(DateField.self, window, selection, &faults)
        case .datetime where form != nil: values(window, selection, &faults)
        case .datetime where isInstant: parse(InstantField.self, window, selection, &faults)
        case .datetime where isDetected:
            parse(KeptDateTimeField.self, window, selection, &faults)
        case .datetime: parse(DateTimeField.self, window, selection, &faults)
        case .char, .varchar, .json: strings(window, selection, &faults)
        default: values(window, selection, &faults)
        }
    }

    private func parse<Operation: FieldOperation>(
        _ operation: Operation.Type, _ window: FieldWindow, _ selection: Selection?,
        _ faults: inout [FieldFault]
    ) -> Vector {
        let count = selection?.count ?? window.count
        var vector = Vector(uninitialized: type.widestPhysicalType, count: count)
        let output = vector.pointer(to: Operation.Output.self)
        let rows = selection.map { UnsafePointer($0.rows) }
        let (text, column, isLast) = (window.text, column, isLast)
        let quick = !checksNullsFirst
        for index in 0..<count {
            let row = rows.map { Int($0[index]) } ?? index
            let field = window.field(row, column, isLast: isLast)
            var value = Operation.filler
            let isRead =
                quick && field.count > 0
                && Operation.parse(text + field.start, field.count, &value)
            if !isRead {
                let isValid = parseSlowly(operation, window, row, field, &value, &faults)
                if !isValid { Self.setNull(&vector, index) }
            }
            output[index] = value
        }
        return vector
    }

    @inline(never)
    private static func setNull(_ vector: inout Vector, _ row: Int) {
        if vector.validity == nil {
            vector.validity = Validity(count: vector.count, allValid: true)
        }
        vector.validity!.setNull(row)
    }

    /// Reads a NULL, a quoted value or one that is unlike most; false where the result is NULL.
    @inline(never)
    private func parseSlowly<Operation: FieldOperation>(
        _ operation: Operation.Type, _ window: FieldWindow, _ row: Int,
        _ field: (start: Int, count: Int), _ value: inout Operation.Output,
        _ faults: inout [FieldFault]
    ) -> Bool {
        guard let bytes = content(window, field) else { return false }
        // Digits are read eight at a time: there must be bytes before them.
        let padded = [UInt8](repeating: 0, count: 64) + bytes + [UInt8](repeating: 0, count: 64)
        let isRead = padded.withUnsafeBufferPointer {
            !bytes.isEmpty && Operation.parse($0.baseAddress! + 64, bytes.count, &value)
        }
        if isRead || bytes.isEmpty { return isRead }
        value = Operation.filler
        faults.append(FieldFault(row: row, text: bytes))
        return false
    }

    /// Returns a field without quotes; nil where it is NULL.
    private func content(
        _ window: FieldWindow, _ field: (start: Int, count: Int)
    ) -> [UInt8]? {
        guard field.count >= 0 else { return nil }
        let raw = UnsafeBufferPointer(start: window.text + field.start, count: field.count)
        guard let quote = window.quote, raw.first == quote else {
            let bytes = Array(raw)
            return nullTexts.contains(bytes) ? nil : bytes
        }
        return Self.unquoted(raw, quote)
    }

    private static func unquoted(
        _ raw: UnsafeBufferPointer<UInt8>, _ quote: UInt8
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var index = 1
        while index < raw.count {
            let byte = raw[index]
            if byte == quote {
                guard index + 1 < raw.count, raw[index + 1] == quote else { break }
                index += 1
            }
            result.append(byte)
            index += 1
        }
        return result
    }

    // MARK: Strings

    private func strings(
        _ window: FieldWindow, _ selection: Selection?, _ faults: inout [FieldFault]
    ) -> Vector {
        let count = selection?.count ?? window.count
        var vector = Vector(uninitialized: .string, count: count)
        let output = vector.pointer(to: StringReference.self)
        let rows = selection.map { UnsafePointer($0.rows) }
        let heap = StringHeap(firstBlockByteCount: 4_096)
        // A quote that is no byte of UTF-8 stands for none.
        let quote = window.quote ?? 0xFF
        let lengthMax = type.stringLength ?? .max
        // NULLs are recognized by their length first.
        var nullLengths: UInt64 = 0
        for text in nullTexts { nullLengths |= 1 &<< UInt64(min(63, text.count)) }
        for index in 0..<count {
            let row = rows.map { Int($0[index]) } ?? index
            let field = window.field(row, column, isLast: isLast)
            let start = window.text + field.start
            let isPlain =
                field.count > 0 && start[0] != quote
                && (nullLengths &>> UInt64(min(63, field.count))) & 1 == 0
                && field.count <= lengthMax
            if isPlain {
                output[index] = reference(start, field.count)
            } else {
                output[index] = .empty
                guard let bytes = content(window, field) else {
                    Self.setNull(&vector, index)
                    continue
                }
                if bytes.count > lengthMax {
                    faults.append(FieldFault(row: row, text: bytes))
                    Self.setNull(&vector, index)
                } else {
                    output[index] = string(bytes, start, field.count, heap)
                }
            }
        }
        vector.owner =
            heap.byteCount > 0 ? OwnerList.joining(window.owner, heap) : window.owner
        return vector
    }

    /// Refers to the text itself where nothing but quotes around it had to go.
    private func string(
        _ bytes: [UInt8], _ start: UnsafePointer<UInt8>, _ count: Int, _ heap: StringHeap
    ) -> StringReference {
        if bytes.count == count { return reference(start, count) }
        if bytes.count + 2 == count { return reference(start + 1, bytes.count) }
        return heap.add(bytes)
    }

    @inline(always)
    private func reference(_ start: UnsafePointer<UInt8>, _ count: Int) -> StringReference {
        let raw = UnsafeRawPointer(start)
        let first = UInt64(raw.loadUnaligned(as: UInt32.self))
        let length = UInt64(truncatingIfNeeded: UInt32(truncatingIfNeeded: count))
        if count > StringReference.inlineCapacity {
            return StringReference(
                head: length | first &<< 32, tail: UInt64(UInt(bitPattern: raw)))
        }
        // Bytes behind the text may be read; what is not of it becomes zero.
        let next = (raw + 4).loadUnaligned(as: UInt64.self)
        let headBits = UInt64(min(count, 4)) &* 8
        let tailBits = UInt64(max(count &- 4, 0)) &* 8
        let headMask = (UInt64(1) &<< headBits) &- 1
        let tailMask = tailBits == 64 ? UInt64.max : (UInt64(1) &<< tailBits) &- 1
        return StringReference(
            head: length | (first & headMask) &<< 32, tail: next & tailMask)
    }

    // MARK: Rare types

    /// Reads value by value: LARGEINT, DECIMAL, bytes, dates of other forms.
    private func values(
        _ window: FieldWindow, _ selection: Selection?, _ faults: inout [FieldFault]
    ) -> Vector {
        let count = selection?.count ?? window.count
        var vector = Vector(uninitialized: layout, count: count)
        let heap = StringHeap()
        for index in 0..<count {
            let row = selection.map { Int($0.rows[index]) } ?? index
            let field = window.field(row, column, isLast: isLast)
            var value = Value.null
            if let bytes = content(window, field), !bytes.isEmpty {
                value = self.value(bytes)
                if value.isNull { faults.append(FieldFault(row: row, text: bytes)) }
            }
            if value.isNull { Self.setNull(&vector, index) }
            VectorBuilder.write(value, into: vector, at: index, heap: heap)
        }
        if layout == .string { vector.owner = heap }
        return vector
    }

    private func value(_ bytes: [UInt8]) -> Value {
        if let form {
            let moment = bytes.withUnsafeBytes { form.moment(trimmingSpace($0)) }
            guard let moment, type == .date else {
                return moment.map { .integer(Int128($0)) } ?? .null
            }
            let days = Int64(dayNumber(ofMicroseconds: moment))
            // A time of day would be lost.
            return days * microsecondsPerDay == moment ? .integer(Int128(days)) : .null
        }
        if type == .varbinary {
            return parseHexadecimal(bytes).map { .bytes($0) } ?? .null
        }
        if case .decimal(let precision, let scale) = type {
            let number = bytes.withUnsafeBytes {
                isDetected
                    ? parseWholeDecimal($0, precision: precision, scale: scale)
                    : parseDecimal($0, precision: precision, scale: scale)
            }
            return number.map { .integer($0) } ?? .null
        }
        return Value(parsing: bytes, as: type) ?? .null
    }
}
