// What an expression gives for each value of a dictionary, and for NULL.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Keeps the results of one node over one dictionary.
struct DictionaryMapping {
    let dictionary: VectorDictionary
    /// One value a code and, last, that of NULL; nil where some value ended in an error, which
    /// says nothing about the rows: they are then computed one by one.
    private let results: Vector?
    /// For strings: results as a dictionary of their own, and the new code of each code.
    private let renamed: (dictionary: VectorDictionary, codes: Buffer)?

    init(
        _ dictionary: VectorDictionary, computing index: Int, of column: Int,
        in worker: EvaluationWorker
    ) {
        self.dictionary = dictionary
        let all = Result { () throws(StarlingError) in
            try Self.compute(dictionary, index, column, worker)
        }
        guard case .success(let vector) = all else {
            (results, renamed) = (nil, nil)
            return
        }
        results = vector
        renamed = vector.physicalType == .string ? Self.rename(vector) : nil
    }

    private static func compute(
        _ dictionary: VectorDictionary, _ index: Int, _ column: Int, _ worker: EvaluationWorker
    ) throws(StarlingError) -> Vector {
        let values = dictionary.values
        var collector = ColumnCollector(worker.program.nodes[index].facts.physicalType)
        for start in stride(from: 0, to: values.count, by: chunkCapacity) {
            let window = values.slice(from: start, count: min(chunkCapacity, values.count - start))
            collector.append(try worker.evaluate(index, column: column, on: window))
        }
        let null = Vector(constant: .null, values.physicalType, count: 1)
        collector.append(try worker.evaluate(index, column: column, on: null))
        return collector.finish()
    }

    /// True where the boolean result is true for some value or for NULL, or is not known.
    var isEverTrue: Bool { results.map { $0.trueCount() > 0 } ?? true }

    /// Looks the results of the rows up, or returns nil where they have to be computed.
    func apply(to vector: Vector) -> Vector? {
        guard let results else { return nil }
        let codes = vector.validity == nil ? vector.buffer : codesWithNulls(vector)
        let offset = vector.validity == nil ? vector.byteOffset : 0
        let rows = (codes.baseAddress + offset).assumingMemoryBound(to: UInt32.self)
        defer { withExtendedLifetime(codes) {} }
        guard let renamed else { return results.gathered(by: rows, count: vector.count) }
        let target = Buffer(byteCount: vector.count * 4)
        let newCodes = target.pointer(to: UInt32.self)
        let names = renamed.codes.pointer(to: UInt32.self)
        for row in 0..<vector.count { newCodes[row] = names[Int(rows[row])] }
        var result = Vector(
            codes: target, of: renamed.dictionary, count: vector.count, validity: nil)
        if results.validity != nil {
            result.validity = results.gathered(by: rows, count: vector.count).validity
        }
        return result
    }

    /// Gives NULL rows the code behind the last one.
    private func codesWithNulls(_ vector: Vector) -> Buffer {
        let buffer = Buffer(byteCount: vector.count * 4)
        let (source, target) = (vector.codes, buffer.pointer(to: UInt32.self))
        let nullCode = UInt32(dictionary.count)
        for row in 0..<vector.count { target[row] = vector.isValid(row) ? source[row] : nullCode }
        return buffer
    }

    /// Gives equal strings one code each.
    private static func rename(_ strings: Vector) -> (VectorDictionary, Buffer) {
        let codes = Buffer(byteCount: strings.count * 4)
        var known: [[UInt8]: UInt32] = [:]
        let kept = Buffer(byteCount: strings.count * 4)
        let source = strings.pointer(to: StringReference.self)
        for row in 0..<strings.count {
            guard strings.isValid(row) else {
                codes.pointer(to: UInt32.self)[row] = 0
                continue
            }
            let text = source[row].bytes
            if let code = known[text] {
                codes.pointer(to: UInt32.self)[row] = code
            } else {
                let code = UInt32(known.count)
                kept.pointer(to: UInt32.self)[known.count] = UInt32(row)
                known[text] = code
                codes.pointer(to: UInt32.self)[row] = code
            }
        }
        var values = strings
        values.validity = nil
        values = values.gathered(by: kept.pointer(to: UInt32.self), count: known.count)
        return (VectorDictionary(values: values, isSorted: false), codes)
    }
}
