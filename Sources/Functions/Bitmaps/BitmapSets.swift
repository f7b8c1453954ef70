// Set operations of bitmaps. To or, xor and andnot a NULL on one side is an empty bitmap, as in
// StarRocks; two NULLs give NULL.

import StarlingBitmaps
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Names the set operations.
private enum SetFunction: String, Sendable {
    case and = "bitmap_and"
    case or = "bitmap_or"
    case xor = "bitmap_xor"
    case andNot = "bitmap_andnot"

    func apply(_ left: Bitmap, _ right: Bitmap) -> Bitmap {
        var result = left
        switch self {
        case .and: result.formIntersection(right)
        case .or: result.formUnion(right)
        case .xor: result.formSymmetricDifference(right)
        case .andNot: result.subtract(right)
        }
        return result
    }

    /// Gives the result where one side is NULL.
    func apply(_ left: Bitmap?, _ right: Bitmap?) -> Bitmap? {
        if let left, let right { return apply(left, right) }
        switch self {
        case .and: return nil
        case .or, .xor: return left ?? right
        case .andNot: return left
        }
    }
}

private func combined(_ function: SetFunction, _ invocation: FunctionInvocation) -> Vector {
    let isConstant = invocation.arguments.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : invocation.count
    let views = invocation.arguments.map { DecodedVector($0) }
    let heap = StringHeap()
    var result = Vector(zeroed: .string, count: count)
    let output = result.pointer(to: StringReference.self)
    for row in 0..<count {
        let sides = views.map { $0.isValid(row) ? $0.bitmap(row) : nil }
        if let bitmap = function.apply(sides[0], sides[1]) {
            output[row] = heap.add(bitmap.serialized)
        } else {
            result.setNull(row)
        }
    }
    result.owner = heap
    withExtendedLifetime(invocation) {}
    if isConstant { result.makeConstant(count: invocation.count) }
    return result
}

private struct BitmapRemoval: BitmapOperation {
    func bitmap(_ arguments: TextArguments, _ row: Int) -> Bitmap? {
        guard var bitmap = arguments.first.bitmap(row) else { return nil }
        if let value = UInt64(exactly: arguments.second.number(row)) { bitmap.remove(value) }
        return bitmap
    }
}

private struct BitmapMembership: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int8? {
        guard let value = UInt64(exactly: arguments.second.number(row)) else { return 0 }
        let isThere = arguments.first.text(row).withBytes { StoredBitmap($0).contains(value) }
        return isThere.map { $0 ? 1 : 0 }
    }
}

private struct BitmapOverlap: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int8? {
        guard let left = arguments.first.bitmap(row), let right = arguments.second.bitmap(row)
        else { return nil }
        return left.intersects(right) ? 1 : 0
    }
}

enum BitmapSets {
    static let rows: [ScalarFunction] = [
        row(
            .and, "Gives the values that both bitmaps have.",
            [
                (
                    "bitmap_to_string(bitmap_and(bitmap_from_string('1,2,3'), "
                        + "bitmap_from_string('2,3,4')))", "2,3"
                )
            ]),
        row(
            .or, "Gives the values that one of the bitmaps has or both have.",
            [
                ("bitmap_to_string(bitmap_or(to_bitmap(1), to_bitmap(2)))", "1,2"),
                ("bitmap_to_string(bitmap_or(NULL, to_bitmap(5)))", "5"),
            ]),
        row(
            .xor, "Gives the values that exactly one of the bitmaps has.",
            [
                (
                    "bitmap_to_string(bitmap_xor(bitmap_from_string('1,2,3'), "
                        + "bitmap_from_string('2,3,4')))", "1,4"
                )
            ]),
        row(
            .andNot, "Gives the values of the first bitmap that the second has not.",
            [
                (
                    "bitmap_to_string(bitmap_andnot(bitmap_from_string('1,3'), "
                        + "bitmap_from_string('2,3')))", "1"
                )
            ]),
        .writing(
            "bitmap_remove", BitmapRemoval(), [.bitmap, .bigint], 2...2, returns: .bitmap,
            "Gives the bitmap without a value.",
            [("bitmap_to_string(bitmap_remove(bitmap_from_string('1,3'), 3))", "1")]),
        .measuring(
            "bitmap_contains", BitmapMembership(), [.bitmap, .bigint], 2...2, .boolean,
            "Tells whether a value is in the bitmap.",
            [("bitmap_contains(to_bitmap(1), 2)", "0"), ("bitmap_contains(to_bitmap(1), 1)", "1")]),
        .measuring(
            "bitmap_has_any", BitmapOverlap(), [.bitmap, .bitmap], 2...2, .boolean,
            "Tells whether some value is in both bitmaps.",
            [("bitmap_has_any(to_bitmap(1), bitmap_from_string('1,2'))", "1")]),
    ]

    private static func row(
        _ function: SetFunction, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            function.rawValue, summary: summary, examples: examples, nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    function.rawValue, [.bitmap, .bitmap], 2...2, returns: .bitmap)
            },
            evaluate: { invocation throws(StarlingError) in combined(function, invocation) })
    }
}
