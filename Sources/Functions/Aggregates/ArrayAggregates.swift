// array_agg(): the values of a group as an array, NULL among them. The state is the packed array
// itself (`packed`), which always ends with its end mark; two states combine by appending.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Gathers values into a packed array.
struct ArrayGathering: RowAggregate {
    let element: LogicalType

    var resultPhysicalType: PhysicalType { .string }
    var gathersRows: Bool { true }

    func rows(of arguments: [Vector], count: Int) -> PackedArgument {
        PackedArgument(arguments[0], element)
    }

    func add(
        _ row: Int, of rows: borrowing PackedArgument, to state: inout ByteList, heap: StringHeap
    ) {
        if state.isEmpty {
            let place = state.extend(by: 2, heap)
            place.storeBytes(of: PackedMarker.value, as: UInt8.self)
        }
        let bytes = rows.bytes(row)
        let count = bytes.count
        let place = state.extend(by: count, heap) - 1
        bytes.withBytes { bytes in
            place.copyMemory(from: bytes.baseAddress.unsafelyUnwrapped, byteCount: count)
        }
        place.storeBytes(of: PackedMarker.end, toByteOffset: count, as: UInt8.self)
    }

    func isEmpty(_ state: ByteList) -> Bool { state.isEmpty }

    func merge(_ source: ByteList, into target: inout ByteList, heap: StringHeap) {
        if target.isEmpty { return target.append(source, heap) }
        // The end mark of the target is where the source's elements go.
        let count = Int(source.byteCount) - 1
        let place = target.extend(by: count - 1, heap) - 1
        place.copyMemory(from: source.start + 1, byteCount: count)
    }

    func read(from reader: inout StateReader, heap: StringHeap) throws(StarlingError) -> ByteList {
        let list = try reader.readList(heap)
        try list.checkPacked(.array(element))
        return list
    }

    func results(_ states: StateList<ByteList>) throws(StarlingError) -> Vector {
        var vector = Vector(zeroed: .string, count: states.count)
        let output = vector.pointer(to: StringReference.self)
        for row in 0..<states.count {
            if states[row].isEmpty {
                vector.setNull(row)
            } else {
                output[row] = try states[row].string(of: "array_agg")
            }
        }
        return vector
    }
}

enum ArrayAggregates {
    static let rows = [
        AggregateFunction(
            "array_agg",
            summary: "Gathers the values of a group into an array, NULL among them.",
            examples: [
                (
                    "(SELECT array_agg(x ORDER BY x) FROM (VALUES (2), (1), (NULL)) AS t(x))",
                    "[null,1,2]"
                )
            ],
            dependsOnOrder: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "array_agg")
                let type = arguments.types[0]
                return FunctionSignature([type], returns: .array(type))
            },
            makeKernel: { types throws(StarlingError) in
                RowKernel(ArrayGathering(element: types.signature.argumentTypes[0]))
            })
    ]
}
