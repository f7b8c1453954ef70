// intersect_count(bitmap, dimension, value, …): how many elements the bitmaps of all the named
// values of a dimension have in common.

import StarlingBitmaps
import StarlingErrors
import StarlingTypes
import StarlingVectors

struct IntersectionState: BitwiseCopyable {
    /// A `BitmapState` for each of the named values.
    var bitmaps: ByteList

    var count: Int { Int(bitmaps.byteCount) / MemoryLayout<BitmapState>.stride }

    /// The state of the value with this number; there is one.
    func pointer(_ number: Int) -> UnsafeMutablePointer<BitmapState> {
        bitmaps.start.assumingMemoryBound(to: BitmapState.self) + number
    }

    mutating func begin(count: Int, _ heap: StringHeap) {
        let stride = MemoryLayout<BitmapState>.stride
        bitmaps.extend(by: count * stride, heap)
            .initializeMemory(as: BitmapState.self, repeating: .empty, count: count)
    }

    /// Adds a bitmap to those of a value.
    func add(_ bitmap: Bitmap, to number: Int, _ heap: StringHeap) {
        let state = pointer(number)
        if state.pointee.isEmpty { return state.pointee.begin(bitmap, heap) }
        state.pointee.box.bitmap.formUnion(bitmap)
        state.pointee.box.count(heap)
    }
}

extension IntersectionState: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(count: bitmaps.isEmpty ? 0 : count)
        for number in 0..<count {
            let state = pointer(number).pointee
            let bytes = state.isEmpty ? Bitmap().serialized : state.box.bitmap.serialized
            writer.append(count: bytes.count)
            for byte in bytes { writer.append(byte) }
        }
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> IntersectionState {
        var state = IntersectionState(bitmaps: .empty)
        let count = try reader.readCount()
        if count > 0 { state.begin(count: count, heap) }
        for number in 0..<count {
            let bytes = try reader.readString(heap)
            guard let bitmap = bytes.withBytes({ StoredBitmap($0).read() }) else {
                throw StateReader.damage
            }
            state.add(bitmap, to: number, heap)
        }
        return state
    }
}

/// Gathers a bitmap for each named value.
private struct BitmapIntersection: RowAggregate {
    struct Rows {
        let bitmaps: DecodedVector
        let dimension: PackedArgument
        let values: [PackedArgument]
    }

    let dimension: LogicalType

    var resultPhysicalType: PhysicalType { .int64 }
    var gathersRows: Bool { true }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        Rows(
            bitmaps: DecodedVector(arguments[0]),
            dimension: PackedArgument(arguments[1], dimension, asKey: true),
            values: arguments.dropFirst(2).map { PackedArgument($0, dimension, asKey: true) })
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout IntersectionState, heap: StringHeap
    ) {
        guard rows.bitmaps.isValid(row), rows.dimension.isValid(row) else { return }
        if state.bitmaps.isEmpty { state.begin(count: rows.values.count, heap) }
        var bitmap: Bitmap?
        let key = rows.dimension.bytes(row)
        for (number, value) in rows.values.enumerated()
        where value.isValid(row) && value.bytes(row) == key {
            bitmap = bitmap ?? rows.bitmaps.bitmap(row)
            if let bitmap { state.add(bitmap, to: number, heap) }
        }
    }

    func isEmpty(_ state: IntersectionState) -> Bool { state.bitmaps.isEmpty }

    func merge(
        _ source: IntersectionState, into target: inout IntersectionState, heap: StringHeap
    ) {
        if target.bitmaps.isEmpty { target.begin(count: source.count, heap) }
        for number in 0..<min(source.count, target.count) {
            let state = source.pointer(number).pointee
            if !state.isEmpty { target.add(state.box.bitmap, to: number, heap) }
        }
    }

    func results(_ states: StateList<IntersectionState>) -> Vector {
        let vector = Vector(zeroed: .int64, count: states.count)
        let output = vector.pointer(to: Int64.self)
        for row in 0..<states.count where !states[row].bitmaps.isEmpty {
            output[row] = Int64(intersection(states[row]).count)
        }
        return vector
    }

    private func intersection(_ state: IntersectionState) -> Bitmap {
        var result: Bitmap?
        for number in 0..<state.count {
            let next = state.pointer(number).pointee
            if next.isEmpty { return Bitmap() }
            if result == nil {
                result = next.box.bitmap
            } else {
                result?.formIntersection(next.box.bitmap)
            }
        }
        return result ?? Bitmap()
    }
}

enum BitmapIntersections {
    static let rows = [
        AggregateFunction(
            "intersect_count",
            summary: "Counts the elements that the bitmaps of all named values of a dimension have "
                + "in common.",
            examples: [
                (
                    "(SELECT intersect_count(to_bitmap(x), d, 'a', 'b') "
                        + "FROM (VALUES (1, 'a'), (2, 'a'), (2, 'b')) AS t(x, d))", "1"
                )
            ],
            form: ("intersect_count(bitmap, any, any, …)", "bigint"),
            ignoresDuplicates: true, resultOverNoRows: .integer(0),
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(3...(.max), of: "intersect_count")
                guard arguments.types[0].convertsImplicitly(to: .bitmap) else {
                    throw arguments.mismatch(0, of: "intersect_count", expected: "a bitmap")
                }
                try arguments.expectOrder(1, of: "intersect_count")
                let dimension = arguments.types[1]
                for (position, type) in arguments.types.enumerated().dropFirst(2)
                where !type.convertsImplicitly(to: dimension) {
                    throw arguments.mismatch(
                        position, of: "intersect_count", expected: "a value of type \(dimension)")
                }
                return FunctionSignature(
                    [.bitmap] + arguments.types.dropFirst().map { _ in dimension },
                    returns: .bigint)
            },
            makeKernel: { types throws(StarlingError) in
                RowKernel(BitmapIntersection(dimension: types.signature.argumentTypes[1]))
            })
    ]
}
