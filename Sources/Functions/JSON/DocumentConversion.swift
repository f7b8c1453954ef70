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

enum WideMeasure: DocumentMeasure {
    typealias Output = Int128

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
        return writtenDocuments(count: vector.count) { row, raw in
            guard vector.isValid(row) else { return false }
            texts[row].withBytes { text in
                if let value = DocumentValue(text), value.isContainer || value.kind == .string {
                    raw.append(contentsOf: text)
                } else {
                    appendQuoted(text, to: &raw)
                }
            }
            return true
        }
    }

    private static func rendered(_ vector: Vector, _ source: LogicalType) -> Vector {
        let renderer = DocumentRenderer(vector, as: source)
        return writtenDocuments(count: vector.count) { row, raw in
            guard vector.isValid(row) else { return false }
            renderer.append(row, to: &raw)
            return true
        }
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
        default:
            var columns = DocumentColumns(rows)
            let result = columns.converted(to: target)
            return result.physicalType.isInteger ? result.withIntegerLayout(layout) : result
        }
    }
}
