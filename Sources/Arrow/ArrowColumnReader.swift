// Reads one column of a record batch: its values, or codes and the values they stand for.

import StarlingErrors
import StarlingKernels
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Reads windows of a column.
final class ArrowColumnReader {
    private let part: ArrowPart
    private let column: ReadColumn
    private let context: ScanContext
    private var values: ArrowValues?
    private var dictionary: ArrowDictionary?

    init(
        _ part: ArrowPart, _ column: ReadColumn, _ context: ScanContext
    ) throws(StarlingError) {
        self.part = part
        self.column = column
        self.context = context
    }

    private var field: ArrowField { part.file.fields[column.column] }
    private var place: String { "\(part.file.path), column \(field.name)" }

    func read(_ rows: Range<Int>, selection: Selection?) throws(StarlingError) -> Vector {
        if field.storage == .nothing {
            return .allNull(column.physicalType, count: selection?.count ?? rows.count)
        }
        let vector = try storedValues().read(rows, selection: selection)
        guard field.dictionary != nil else { return converted(vector) }
        return converted(try decoded(vector))
    }

    /// Opens the column's buffers, which only those do who read it.
    private func storedValues() throws(StarlingError) -> ArrowValues {
        if let values { return values }
        let buffers = part.buffers(ofColumn: column.column)
        let node = part.batch.nodes[part.file.nodePosition(ofColumn: column.column)]
        let values = try ArrowValues(
            field.codes ?? field.storage, field.codes == nil ? field.type : .bigint, buffers,
            ArrowBody(file: part.file.file, codec: part.batch.codec), rowCount: part.rowCount,
            hasNulls: node.nullCount != 0, place: place)
        context.bytesRead.wrappingAdd(
            buffers.reduce(0) { $0 + $1.count }, ordering: .relaxed)
        self.values = values
        return values
    }

    private func converted(_ vector: Vector) -> Vector {
        vector.physicalType == column.physicalType || !vector.physicalType.isInteger
            ? vector : vector.withIntegerLayout(column.physicalType)
    }

    private func decoded(_ codes: Vector) throws(StarlingError) -> Vector {
        if dictionary == nil { dictionary = try part.file.dictionaries.dictionary(of: field) }
        guard let dictionary else { return codes }
        let wide = codes.withIntegerLayout(.int64)
        let stored = wide.pointer(to: Int64.self)
        let narrow = Vector(uninitialized: .int32, count: codes.count)
        let target = narrow.pointer(to: UInt32.self)
        var isOutside = false
        for row in 0..<codes.count {
            let code = wide.isValid(row) ? stored[row] : 0
            isOutside = isOutside || !(0..<Int64(dictionary.values.count)).contains(code)
            target[row] = UInt32(truncatingIfNeeded: code)
        }
        if codes.count > 0, wide.validity.map({ $0.validCount(of: codes.count) == 0 }) ?? false {
            return .allNull(dictionary.values.physicalType, count: codes.count)
        }
        guard !isOutside else {
            throw StarlingError(.file, "\(place): a code lies outside of its dictionary")
        }
        if let distinct = dictionary.distinct {
            return Vector(
                codes: narrow.buffer, of: distinct, count: codes.count, validity: codes.validity)
        }
        var result = dictionary.values.gathered(by: target, count: codes.count)
        result.validity = Validity.intersection(
            result.validity, codes.validity, count: codes.count)
        return result
    }
}
