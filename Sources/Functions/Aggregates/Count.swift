// count(*) and count(x, …).

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Counts rows, those only in which no argument is NULL.
struct CountKernel: AggregateKernel {
    let rowCountMaximum: Int?

    var stateByteCount: Int { 8 }
    var resultPhysicalType: PhysicalType { .int64 }
    var resultBounds: Bounds? { Bounds(low: 0, high: Int128(rowCountMaximum ?? Int(Int64.max))) }

    func update(
        groups: GroupAddresses, offset: Int, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        let (isAlwaysNull, validity) = Self.validity(of: arguments, count: count)
        if isAlwaysNull { return }
        if let validity {
            let words = validity.words
            for row in 0..<count {
                let bit = Int64((words[row &>> 6] &>> UInt64(row & 63)) & 1)
                (groups[row] + offset).assumingMemoryBound(to: Int64.self).pointee &+= bit
            }
        } else {
            for row in 0..<count {
                (groups[row] + offset).assumingMemoryBound(to: Int64.self).pointee &+= 1
            }
        }
    }

    func update(
        state: UnsafeMutableRawPointer, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        let (isAlwaysNull, validity) = Self.validity(of: arguments, count: count)
        if isAlwaysNull { return }
        let valid = validity?.validCount(of: count) ?? count
        state.assumingMemoryBound(to: Int64.self).pointee &+= Int64(valid)
    }

    func combine(
        targets: GroupAddresses, sources: GroupAddresses, offset: Int, count: Int,
        heap: StringHeap
    ) throws(StarlingError) {
        for row in 0..<count {
            let source = (sources[row] + offset).assumingMemoryBound(to: Int64.self).pointee
            (targets[row] + offset).assumingMemoryBound(to: Int64.self).pointee &+= source
        }
    }

    func finalize(
        groups: GroupAddresses, offset: Int, count: Int
    ) throws(StarlingError) -> Vector {
        let vector = Vector(uninitialized: .int64, count: count)
        let values = vector.pointer(to: Int64.self)
        for row in 0..<count {
            values[row] = (groups[row] + offset).assumingMemoryBound(to: Int64.self).pointee
        }
        return vector
    }

    func write(
        state: UnsafeRawPointer, to writer: inout StateWriter
    ) throws(StarlingError) {
        let count = state.load(as: Int64.self)
        if count != 0 { writer.append(count) }
    }

    func read(
        state: UnsafeMutableRawPointer, from reader: inout StateReader, heap: StringHeap
    ) throws(StarlingError) {
        state.storeBytes(of: try reader.read(), as: Int64.self)
    }

    /// Combines the arguments' validity, one bit a row.
    private static func validity(
        of arguments: [Vector], count: Int
    ) -> (isAlwaysNull: Bool, validity: Validity?) {
        var result: Validity?
        for argument in arguments {
            if argument.isConstantNull { return (true, nil) }
            if argument.isConstant { continue }
            result = Validity.intersection(result, argument.validity, count: count)
        }
        return (false, result)
    }
}

enum Count {
    static let rows = [
        AggregateFunction(
            "count",
            summary: "Counts rows: all with *, else those where no argument is NULL.",
            examples: [
                ("(SELECT count(*) FROM (VALUES (1), (NULL)) AS t(x))", "2"),
                ("(SELECT count(x) FROM (VALUES (1), (NULL)) AS t(x))", "1"),
            ],
            resultOverNoRows: .integer(0),
            resolve: { arguments throws(StarlingError) in
                FunctionSignature(arguments.types, returns: .bigint)
            },
            makeKernel: { types throws(StarlingError) in
                CountKernel(rowCountMaximum: types.rowCountMaximum)
            })
    ]
}
