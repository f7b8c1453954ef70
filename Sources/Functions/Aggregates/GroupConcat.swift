// group_concat(x, …, separator): the texts of a group one after the other. The binder adds the
// separator, "," where the query names none.
//
// Every item is kept with its separator before it, so that two states combine by appending one to
// the other; the first separator is left out at the end. The texts are whole: what
// group_concat_max_len cuts off, the binder takes from the result.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Holds the text of one group so far.
struct ConcatState: BitwiseCopyable {
    var text: ByteList
    /// The length of the first separator.
    var skipped: UInt32
    var isPresent: UInt32
}

/// Joins the texts of all arguments but the last, which is the separator.
private struct GroupConcatenation: RowAggregate {
    var resultPhysicalType: PhysicalType { .string }
    var gathersRows: Bool { true }

    func rows(of arguments: [Vector], count: Int) -> [DecodedVector] {
        arguments.map { DecodedVector($0) }
    }

    func add(
        _ row: Int, of rows: borrowing [DecodedVector], to state: inout ConcatState,
        heap: StringHeap
    ) {
        let last = rows.count - 1
        for position in 0..<last where !rows[position].isValid(row) { return }
        if rows[last].isValid(row) {
            let separator: StringReference = rows[last].value(row)
            state.text.append(separator, heap)
            if state.isPresent == 0 { state.skipped = UInt32(separator.count) }
        }
        state.isPresent = 1
        for position in 0..<last { state.text.append(rows[position].value(row), heap) }
    }

    func isEmpty(_ state: ConcatState) -> Bool { state.isPresent == 0 }

    func merge(_ source: ConcatState, into target: inout ConcatState, heap: StringHeap) {
        if target.isPresent == 0 { target.skipped = source.skipped }
        target.isPresent = 1
        target.text.append(source.text, heap)
    }

    func results(_ states: StateList<ConcatState>) throws(StarlingError) -> Vector {
        var vector = Vector(zeroed: .string, count: states.count)
        let output = vector.pointer(to: StringReference.self)
        for row in 0..<states.count {
            let state = states[row]
            if isEmpty(state) {
                vector.setNull(row)
            } else {
                output[row] = try state.text.string(
                    from: Int(state.skipped), of: "group_concat")
            }
        }
        return vector
    }
}

enum GroupConcat {
    static let rows = [
        AggregateFunction(
            "group_concat", aliases: ["string_agg", "listagg"],
            summary: "Joins the texts of a group, with a separator between them.",
            examples: [
                ("(SELECT group_concat(x) FROM (VALUES ('a')) AS t(x))", "a"),
                (
                    "(SELECT group_concat(x ORDER BY x DESC SEPARATOR '; ') "
                        + "FROM (VALUES ('a'), ('b')) AS t(x))", "b; a"
                ),
            ],
            dependsOnOrder: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...(.max), of: "group_concat")
                for (position, type) in arguments.types.enumerated() where type.isNested {
                    throw arguments.mismatch(position, of: "group_concat", expected: "a string")
                }
                return FunctionSignature(arguments.types.map { _ in .string }, returns: .string)
            },
            makeKernel: { _ throws(StarlingError) in RowKernel(GroupConcatenation()) })
    ]
}
