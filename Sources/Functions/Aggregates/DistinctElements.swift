// array_unique_agg(): the distinct elements of all arrays of a group, NULL among them, in the order
// in which they came first.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

struct DistinctElementsState: BitwiseCopyable {
    var elements: ByteTable<UInt64>
    var isPresent: Bool

    mutating func unite(_ source: DistinctElementsState, _ heap: StringHeap) {
        isPresent = true
        for number in 0..<Int(source.elements.count) {
            _ = elements.find(source.elements.entries[number].key, orInsert: 0, heap)
        }
    }
}

/// Gathers distinct elements as packed bytes.
protocol DistinctElementGathering: RowAggregate where State == DistinctElementsState {
    var elementType: LogicalType { get }
}

extension DistinctElementGathering {
    var gathersRows: Bool { true }

    func isEmpty(_ state: DistinctElementsState) -> Bool { !state.isPresent }

    func merge(
        _ source: DistinctElementsState, into target: inout DistinctElementsState,
        heap: StringHeap
    ) {
        target.unite(source, heap)
    }

    func read(
        from reader: inout StateReader, heap: StringHeap
    ) throws(StarlingError) -> DistinctElementsState {
        let state = try DistinctElementsState.read(from: &reader, heap)
        try state.elements.checkKeys(elementType)
        return state
    }
}

/// Gathers the elements of arrays.
private struct DistinctElements: DistinctElementGathering {
    struct Rows {
        let lists: ListRows
        let elements: PackedArgument
    }

    let type: LogicalType
    let elementType: LogicalType

    var resultPhysicalType: PhysicalType { .string }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        let lists = ListRows(arguments[0], type)
        return Rows(
            lists: lists,
            elements: PackedArgument(lists.lists.parts[0].flattened(), elementType, asKey: true))
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout DistinctElementsState,
        heap: StringHeap
    ) {
        guard rows.lists.isValid(row) else { return }
        state.isPresent = true
        for place in rows.lists.elements(row) {
            _ = state.elements.find(rows.elements.bytes(place), orInsert: 0, heap)
        }
    }

    func results(_ states: StateList<DistinctElementsState>) throws(StarlingError) -> Vector {
        try packedLists("array_unique_agg", states) { state, writer in
            for number in 0..<Int(state.elements.count) {
                writer.append(state.elements.entries[number].key)
            }
        }
    }

    static let row = AggregateFunction(
        "array_unique_agg",
        summary: "Gathers the distinct elements of all arrays of a group, NULL among them.",
        examples: [
            (
                "(SELECT array_sort(array_unique_agg(x)) "
                    + "FROM (VALUES ([1, 2]), ([2, NULL])) AS t(x))", "[null,1,2]"
            )
        ],
        ignoresDuplicates: true, dependsOnOrder: true,
        comparesValues: true,
        resolve: { arguments throws(StarlingError) in
            try arguments.expectCount(1...1, of: "array_unique_agg")
            guard case .array = arguments.types[0] else {
                throw arguments.mismatch(0, of: "array_unique_agg", expected: "an array")
            }
            return FunctionSignature(arguments.types, returns: arguments.types[0])
        },
        makeKernel: { types throws(StarlingError) in
            let type = types.signature.argumentTypes[0]
            guard case .array(let element) = type else {
                throw StarlingError(.internal, "array_unique_agg() over values that are no arrays")
            }
            return RowKernel(DistinctElements(type: type, elementType: element))
        })
}

enum DistinctElementsRows {
    static let rows = [DistinctElements.row]
}
