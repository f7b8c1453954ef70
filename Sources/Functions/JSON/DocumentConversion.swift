// CAST from and to JSON.
//
//  - A string that begins like JSON is read as JSON, NULL where it is none; any other string is a
//    string. Everything else is written as JSON (`DocumentRenderer`).
//  - JSON becomes a scalar where its value can be read as one, else NULL. Arrays become ARRAY,
//    objects MAP or STRUCT, whose fields are found by name; what is missing or does not fit is
//    NULL.

import StarlingDocuments
import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private enum WideMeasure: DocumentMeasure {
    static func measure(_ value: DocumentValue) -> Int128? { value.integer }
}

package enum DocumentConversion {
    /// Converts any vector to JSON.
    package static func toJSON(_ vector: Vector, from source: LogicalType) -> Vector {
        let isConstant = vector.isConstant
        var rows = vector
        if isConstant { rows.count = 1 }
        rows = rows.flattened()
        var result = source.isString ? strings(rows) : rendered(rows, source)
        result.validity = Validity.intersection(
            result.validity, rows.validity, count: rows.count)
        result.clearStringsUnderNulls()
        if isConstant { result.makeConstant(count: vector.count) }
        return result
    }

    private static func strings(_ vector: Vector) -> Vector {
        let texts = vector.pointer(to: StringReference.self)
        let heap = StringHeap()
        var result = Vector(zeroed: .string, count: vector.count)
        let output = result.pointer(to: StringReference.self)
        var writer = DocumentWriter()
        var bytes: [UInt8] = []
        for row in 0..<vector.count where vector.isValid(row) {
            bytes.removeAll(keepingCapacity: true)
            let isThere = texts[row].withBytes { text -> Bool in
                if let value = DocumentValue(text), value.isContainer || value.kind == .string {
                    return writer.append(text, to: &bytes)
                }
                appendQuoted(text, to: &bytes)
                return true
            }
            if isThere {
                output[row] = heap.add(bytes)
            } else {
                result.setNull(row)
            }
        }
        result.owner = heap
        withExtendedLifetime(vector) {}
        return result
    }

    private static func rendered(_ vector: Vector, _ source: LogicalType) -> Vector {
        let renderer = DocumentRenderer(vector, as: source)
        let heap = StringHeap()
        var result = Vector(zeroed: .string, count: vector.count)
        let output = result.pointer(to: StringReference.self)
        var writer = DocumentWriter()
        var raw: [UInt8] = []
        var bytes: [UInt8] = []
        for row in 0..<vector.count where vector.isValid(row) {
            raw.removeAll(keepingCapacity: true)
            bytes.removeAll(keepingCapacity: true)
            renderer.append(row, to: &raw)
            if raw.withUnsafeBytes({ writer.append($0, to: &bytes) }) {
                output[row] = heap.add(bytes)
            } else {
                result.setNull(row)
            }
        }
        result.owner = heap
        return result
    }

    // MARK: From JSON

    /// Converts JSON to any type; integers come in `layout`.
    package static func fromJSON(
        _ vector: Vector, to target: LogicalType, _ layout: PhysicalType
    ) -> Vector {
        let isConstant = vector.isConstant
        var rows = vector
        if isConstant { rows.count = 1 }
        rows = rows.flattened()
        var result = converted(rows, target, layout)
        result.validity = Validity.intersection(
            result.validity, rows.validity, count: rows.count)
        result.clearStringsUnderNulls()
        if isConstant { result.makeConstant(count: vector.count) }
        return result
    }

    private static func converted(
        _ rows: Vector, _ target: LogicalType, _ layout: PhysicalType
    ) -> Vector {
        let invocation = FunctionInvocation(
            arguments: [rows], signature: FunctionSignature([.json], returns: target),
            resultPhysicalType: layout, count: rows.count,
            session: SessionValues(statementTime: 0))
        switch target {
        case .char, .varchar: return documentTexts(TextAtPath(wantsScalar: false), invocation)
        case .boolean:
            return measuredDocuments(TruthMeasure.self, invocation, as: .int8)
                .withIntegerLayout(layout)
        case .bigint:
            return measuredDocuments(WholeMeasure.self, invocation, as: .int64)
                .withIntegerLayout(layout)
        case .tinyint, .smallint, .int, .largeint:
            let limit = target.bounds ?? Bounds(low: .min, high: .max)
            return measuredDocuments(WideMeasure.self, invocation, as: .int128)
                .narrowed(to: layout, within: layout.integerBounds?.intersection(limit) ?? limit)
        case .double: return measuredDocuments(DoubleMeasure.self, invocation, as: .float64)
        default: return byValue(rows, target, layout)
        }
    }

    private static func byValue(
        _ rows: Vector, _ target: LogicalType, _ layout: PhysicalType
    ) -> Vector {
        let documents = DecodedVector(rows)
        var reader = DocumentReader()
        var values: [Value] = []
        values.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            guard rows.isValid(row) else {
                values.append(.null)
                continue
            }
            values.append(
                documents.text(row).withBytes { text in
                    DocumentValue(text).map { reader.value(of: $0, as: target) } ?? .null
                })
        }
        return target.isNested
            ? Vector(values, as: target) : Vector(layout, values: values)
    }
}
