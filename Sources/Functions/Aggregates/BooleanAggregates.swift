// bool_or(), bool_and() and count_if().

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Counts true and false values; all three aggregates follow from the counts.
struct TruthCounts: BitwiseCopyable {
    var count: Int64
    var trueCount: Int64
}

/// Tells whether any or every value is true.
struct TruthTest: AggregateOperation {
    typealias State = TruthCounts
    let isEvery: Bool

    @inline(__always)
    func add(_ value: Int8, to state: inout TruthCounts, heap: StringHeap) {
        state.count &+= 1
        state.trueCount &+= value != 0 ? 1 : 0
    }

    @inline(__always)
    func merge(_ source: TruthCounts, into target: inout TruthCounts, heap: StringHeap) {
        target.count &+= source.count
        target.trueCount &+= source.trueCount
    }

    @inline(__always)
    func isEmpty(_ state: TruthCounts) -> Bool { state.count == 0 }

    @inline(__always)
    func result(_ state: TruthCounts) -> Int8? {
        (isEvery ? state.trueCount == state.count : state.trueCount > 0) ? 1 : 0
    }
}

/// Counts the values that are true; never NULL.
struct TruthCount: AggregateOperation {
    typealias State = Int64

    @inline(__always)
    func add(_ value: Int8, to state: inout Int64, heap: StringHeap) {
        state &+= value != 0 ? 1 : 0
    }

    @inline(__always)
    func merge(_ source: Int64, into target: inout Int64, heap: StringHeap) { target &+= source }

    @inline(__always)
    func isEmpty(_ state: Int64) -> Bool { state == 0 }

    @inline(__always)
    func isNull(_ state: Int64) -> Bool { false }

    @inline(__always)
    func result(_ state: Int64) -> Int64? { state }
}

enum BooleanAggregates {
    static let rows = [
        AggregateFunction(
            "bool_or", aliases: ["boolor_agg"],
            summary: "Tells whether any value is true; NULL where there are none.",
            examples: [("(SELECT bool_or(x > 1) FROM (VALUES (1), (2)) AS t(x))", "1")],
            ignoresDuplicates: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "bool_or")
                return FunctionSignature([.boolean], returns: .boolean)
            },
            makeKernel: { _ throws(StarlingError) in
                OperationKernel("bool_or", TruthTest(isEvery: false), result: .int8)
            }),
        AggregateFunction(
            "bool_and", aliases: ["booland_agg", "every"],
            summary: "Tells whether every value is true; NULL where there are none.",
            examples: [("(SELECT bool_and(x > 1) FROM (VALUES (1), (2)) AS t(x))", "0")],
            ignoresDuplicates: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "bool_and")
                return FunctionSignature([.boolean], returns: .boolean)
            },
            makeKernel: { _ throws(StarlingError) in
                OperationKernel("bool_and", TruthTest(isEvery: true), result: .int8)
            }),
        AggregateFunction(
            "count_if", summary: "Counts the values that are true.",
            examples: [("(SELECT count_if(x > 1) FROM (VALUES (1), (2)) AS t(x))", "1")],
            resultOverNoRows: .integer(0),
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "count_if")
                return FunctionSignature([.boolean], returns: .bigint)
            },
            makeKernel: { _ throws(StarlingError) in
                OperationKernel("count_if", TruthCount(), result: .int64)
            }),
    ]
}
