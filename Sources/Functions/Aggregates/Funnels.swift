// retention() and window_funnel(): how far users come in a chain of events. Each row says with an
// array of conditions which events it is.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Views arrays of BOOLEAN as sets of the places that are true.
struct EventRows {
    private let lists: ListRows
    private let elements: Vector
    private let flags: DecodedVector

    static let eventCountMaximum = 64

    init(_ argument: Vector, of name: String) throws(StarlingError) {
        lists = ListRows(argument, .array(.boolean))
        elements = lists.lists.parts[0].flattened()
        flags = DecodedVector(elements)
        for row in 0..<argument.count where lists.elements(row).count > Self.eventCountMaximum {
            throw StarlingError(.data, "\(name)() takes up to 64 conditions")
        }
    }

    /// The count of conditions; nil for a NULL.
    func count(_ row: Int) -> Int? { lists.isValid(row) ? lists.elements(row).count : nil }

    /// A bit for each condition that is true.
    func bits(_ row: Int) -> UInt64 {
        var bits: UInt64 = 0
        for (number, place) in lists.elements(row).enumerated() where flags.isValid(place) {
            let flag: Int8 = flags.value(place)
            if flag != 0 { bits |= 1 << UInt64(number) }
        }
        return bits
    }
}

struct RetentionState: BitwiseCopyable {
    var bits: UInt64
    var count: Int32
    var isPresent: Int32
}

/// Tells which conditions some row meets, all of them only where one meets the first.
struct Retention: RowAggregate {
    var resultPhysicalType: PhysicalType { .string }

    func rows(of arguments: [Vector], count: Int) throws(StarlingError) -> EventRows {
        try EventRows(arguments[0], of: "retention")
    }

    func add(
        _ row: Int, of rows: borrowing EventRows, to state: inout RetentionState,
        heap: StringHeap
    ) {
        guard let count = rows.count(row) else { return }
        state.isPresent = 1
        state.count = max(state.count, Int32(count))
        state.bits |= rows.bits(row)
    }

    func isEmpty(_ state: RetentionState) -> Bool { state.isPresent == 0 }

    func merge(_ source: RetentionState, into target: inout RetentionState, heap: StringHeap) {
        target.isPresent = 1
        target.count = max(target.count, source.count)
        target.bits |= source.bits
    }

    func results(_ states: StateList<RetentionState>) throws(StarlingError) -> Vector {
        try packedLists("retention", states) { state, writer in
            for number in 0..<UInt64(state.count) {
                let isMet = state.bits & 1 != 0 && state.bits >> number & 1 != 0
                writer.append(isMet ? 1 : 0 as Int8)
            }
        }
    }
}

enum Funnels {
    static let rows = [
        AggregateFunction(
            "retention",
            summary: "Tells which conditions some row meets, provided that one meets the first.",
            examples: [
                (
                    "(SELECT retention([x = 1, x = 2, x = 3]) FROM (VALUES (1), (3)) AS t(x))",
                    "[1,0,1]"
                )
            ],
            ignoresDuplicates: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "retention")
                guard case .array = arguments.types[0] else {
                    throw arguments.mismatch(
                        0, of: "retention", expected: "an array of conditions")
                }
                return FunctionSignature([.array(.boolean)], returns: .array(.boolean))
            },
            makeKernel: { _ throws(StarlingError) in RowKernel(Retention()) }),
        AggregateFunction(
            "window_funnel",
            summary: "Counts how many events of a chain follow on each other within a time.",
            examples: [
                (
                    "(SELECT window_funnel(60, t, 0, [e = 'a', e = 'b', e = 'c']) FROM (VALUES "
                        + "('a', DATETIME '2024-01-01 10:00:00'), "
                        + "('b', DATETIME '2024-01-01 10:00:30'), "
                        + "('c', DATETIME '2024-01-01 10:02:00')) AS t(e, t))", "2"
                )
            ],
            form: ("window_funnel(bigint, datetime, int, array<boolean>)", "int"),
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(4...4, of: "window_funnel")
                guard case .array = arguments.types[3] else {
                    throw arguments.mismatch(
                        3, of: "window_funnel", expected: "an array of conditions")
                }
                var time = arguments.types[1]
                if time.isInteger {
                    time = .bigint
                } else {
                    time = try arguments.temporal(1, "window_funnel")
                }
                return FunctionSignature(
                    [.bigint, time, .int, .array(.boolean)], returns: .int)
            },
            makeKernel: { types throws(StarlingError) in
                RowKernel(WindowFunnel(time: types.signature.argumentTypes[1]))
            }),
    ]
}
