// Aggregates that gather bitmaps: unions, intersections, and the distinct integers of a column.

import StarlingBitmaps
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Says what becomes of a group's bitmap.
private enum BitmapResult: Sendable {
    case bitmap
    case count

    var type: LogicalType { self == .bitmap ? .bitmap : .bigint }

    func results(_ states: StateList<BitmapState>) -> Vector {
        if self == .bitmap {
            return storedResults(states, { $0.box.bitmap.serialized }, \.isEmpty)
        }
        let vector = Vector(zeroed: .int64, count: states.count)
        let output = vector.pointer(to: Int64.self)
        for row in 0..<states.count where !states[row].isEmpty {
            output[row] = Int64(states[row].box.bitmap.count)
        }
        return vector
    }
}

/// Unites or intersects bitmaps.
private struct BitmapGathering: RowAggregate {
    let intersects: Bool
    let result: BitmapResult

    var resultPhysicalType: PhysicalType { result.type.widestPhysicalType }
    var gathersRows: Bool { true }

    func rows(of arguments: [Vector], count: Int) -> DecodedVector { DecodedVector(arguments[0]) }

    func add(
        _ row: Int, of rows: borrowing DecodedVector, to state: inout BitmapState,
        heap: StringHeap
    ) {
        guard rows.isValid(row), let bitmap = rows.bitmap(row) else { return }
        combine(bitmap, into: &state, heap)
    }

    private func combine(_ bitmap: Bitmap, into state: inout BitmapState, _ heap: StringHeap) {
        if state.isEmpty { return state.begin(bitmap, heap) }
        let box = state.box
        if intersects {
            box.bitmap.formIntersection(bitmap)
        } else {
            box.bitmap.formUnion(bitmap)
            box.count(heap)
        }
    }

    func isEmpty(_ state: BitmapState) -> Bool { state.isEmpty }

    func merge(_ source: BitmapState, into target: inout BitmapState, heap: StringHeap) {
        combine(source.box.bitmap, into: &target, heap)
    }

    func results(_ states: StateList<BitmapState>) -> Vector { result.results(states) }
}

/// Gathers the integers of a column; those below 0 or above 64 bits do not count.
private struct IntegerGathering<Input: StoredInteger>: RowAggregate {
    let result: BitmapResult

    var resultPhysicalType: PhysicalType { result.type.widestPhysicalType }
    var gathersRows: Bool { true }

    func rows(of arguments: [Vector], count: Int) -> DecodedVector { DecodedVector(arguments[0]) }

    @inline(__always)
    func add(
        _ row: Int, of rows: borrowing DecodedVector, to state: inout BitmapState,
        heap: StringHeap
    ) {
        guard rows.isValid(row) else { return }
        let value: Input = rows.value(row)
        guard let element = UInt64(exactly: value) else { return }
        if state.isEmpty { state.begin(Bitmap(), heap) }
        state.box.insert(element, heap)
    }

    func isEmpty(_ state: BitmapState) -> Bool { state.isEmpty }

    func merge(_ source: BitmapState, into target: inout BitmapState, heap: StringHeap) {
        if target.isEmpty { return target.begin(source.box.bitmap, heap) }
        let box = target.box
        box.bitmap.formUnion(source.box.bitmap)
        box.count(heap)
    }

    func results(_ states: StateList<BitmapState>) -> Vector { result.results(states) }
}

enum BitmapAggregates {
    static let rows = [
        gathering(
            "bitmap_union", intersects: false, .bitmap, "Gives the values of all bitmaps.",
            "(SELECT bitmap_to_string(bitmap_union(to_bitmap(x))) "
                + "FROM (VALUES (2), (1), (2)) AS t(x))", "1,2"),
        gathering(
            "bitmap_union_count", intersects: false, .count,
            "Counts the distinct values of all bitmaps.",
            "(SELECT bitmap_union_count(to_bitmap(x)) FROM (VALUES (2), (1), (2)) AS t(x))", "2"),
        gathering(
            "bitmap_intersect", intersects: true, .bitmap,
            "Gives the values that every bitmap has.",
            "(SELECT bitmap_to_string(bitmap_intersect(bitmap_from_string(x))) "
                + "FROM (VALUES ('1,2'), ('2,3')) AS t(x))", "2"),
        integers(
            "bitmap_agg", .bitmap, "Gives the integers of a column as a bitmap.",
            "(SELECT bitmap_to_string(bitmap_agg(x)) FROM (VALUES (3), (1), (-1)) AS t(x))",
            "1,3"),
        integers(
            "bitmap_union_int", .count, "Counts the distinct integers of a column.",
            "(SELECT bitmap_union_int(x) FROM (VALUES (3), (1), (3)) AS t(x))", "2"),
    ]

    private static func gathering(
        _ name: String, intersects: Bool, _ result: BitmapResult, _ summary: String,
        _ example: String, _ expected: String
    ) -> AggregateFunction {
        AggregateFunction(
            name, summary: summary, examples: [(example, expected)], ignoresDuplicates: true,
            resultOverNoRows: result == .count ? .integer(0) : nil,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, [.bitmap], 1...1, returns: result.type)
            },
            makeKernel: { _ throws(StarlingError) in
                RowKernel(BitmapGathering(intersects: intersects, result: result))
            })
    }

    private static func integers(
        _ name: String, _ result: BitmapResult, _ summary: String, _ example: String,
        _ expected: String
    ) -> AggregateFunction {
        AggregateFunction(
            name, summary: summary, examples: [(example, expected)], ignoresDuplicates: true,
            resultOverNoRows: result == .count ? .integer(0) : nil,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: name)
                let type = arguments.types[0]
                guard type.isInteger || type == .boolean || type == .null else {
                    throw arguments.mismatch(0, of: name, expected: "an integer")
                }
                return FunctionSignature([type], returns: result.type)
            },
            makeKernel: { types throws(StarlingError) in
                switch types.physicalTypes[0] {
                case .int8: return RowKernel(IntegerGathering<Int8>(result: result))
                case .int16: return RowKernel(IntegerGathering<Int16>(result: result))
                case .int32: return RowKernel(IntegerGathering<Int32>(result: result))
                case .int64: return RowKernel(IntegerGathering<Int64>(result: result))
                case .int128: return RowKernel(IntegerGathering<Int128>(result: result))
                default:
                    throw StarlingError(.internal, "\(name)() over values that are no integers")
                }
            })
    }
}
