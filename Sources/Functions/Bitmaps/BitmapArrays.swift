// Bitmaps to arrays of their values, to arrays of smaller bitmaps, and back.

import StarlingBitmaps
import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Gives the values of each row's bitmap as an array; those above 2^63 are no BIGINT.
private func arrays(_ invocation: FunctionInvocation) throws(StarlingError) -> Vector {
    let isConstant = invocation.arguments[0].isConstant
    let count = isConstant ? 1 : invocation.count
    let view = DecodedVector(invocation.arguments[0])
    var lists = Vector(uninitialized: .list, count: count)
    let ranges = lists.pointer(to: ListRange.self)
    var elements: [Int64] = []
    for row in 0..<count {
        let first = elements.count
        if view.isValid(row), let bitmap = view.bitmap(row) {
            if bitmap.greatest ?? 0 > UInt64(Int64.max) {
                throw StarlingError(
                    .data, "bitmap_to_array(): \(bitmap.greatest ?? 0) is out of range of BIGINT")
            }
            elements.reserveCapacity(first + bitmap.count)
            for value in bitmap.values { elements.append(Int64(value)) }
        } else {
            lists.setNull(row)
        }
        guard elements.count <= Int(UInt32.max) else {
            throw StarlingError(.resource, "bitmap_to_array(): more than 2^32 values at once")
        }
        ranges[row] = ListRange(offset: UInt32(first), count: UInt32(elements.count - first))
    }
    let values = Vector(uninitialized: .int64, count: elements.count)
    values.pointer(to: Int64.self).update(from: elements, count: elements.count)
    lists.children = NestedVectors([values])
    withExtendedLifetime(invocation) {}
    if isConstant { lists.makeConstant(count: invocation.count) }
    return lists
}

/// Makes a bitmap of each array; values that are no unsigned numbers do not count.
private func bitmaps(_ invocation: FunctionInvocation) -> Vector {
    let elements = ListElements(invocation.arguments[0].flattened())
    let values = elements.parts[0].flattened().withIntegerLayout(.int128)
    let numbers = values.pointer(to: Int128.self)
    let heap = StringHeap()
    var result = Vector(zeroed: .string, count: invocation.count)
    let output = result.pointer(to: StringReference.self)
    for row in 0..<invocation.count where elements.lists.isValid(row) {
        var bitmap = Bitmap()
        let start = Int(elements.ranges[row].offset)
        for place in start..<(start + Int(elements.ranges[row].count)) where values.isValid(place) {
            if let value = numbers[place].bitmapElement { bitmap.insert(value) }
        }
        output[row] = heap.add(bitmap.serialized)
    }
    result.owner = heap
    return result
}

/// Cuts each bitmap into ones of so many values; an empty bitmap stays one, and NULL stands for no
/// length.
private func parts(_ invocation: FunctionInvocation) -> Vector {
    let views = invocation.arguments.map { DecodedVector($0) }
    let heap = StringHeap()
    var builder = TextListBuilder(count: invocation.count)
    for row in 0..<invocation.count {
        guard views[0].isValid(row), views[1].isValid(row), views[1].number(row) > 0,
            let bitmap = views[0].bitmap(row)
        else {
            builder.addNull()
            continue
        }
        let (length, count) = (views[1].number(row), bitmap.count)
        var start = 0
        repeat {
            let end = start + min(length, count - start)
            builder.add(heap.add(bitmap.part(start..<end).serialized))
            start = end
        } while start < count
        builder.finishRow()
    }
    withExtendedLifetime(invocation) {}
    return builder.finish(owner: heap)
}

enum BitmapArrays {
    static let rows = [
        ScalarFunction(
            "bitmap_to_array", summary: "Gives the values of a bitmap in order as an array.",
            examples: [("bitmap_to_array(bitmap_from_string('1, 7'))", "[1,7]")],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "bitmap_to_array", [.bitmap], 1...1, returns: .array(.bigint))
            },
            evaluate: { invocation throws(StarlingError) in try arrays(invocation) }),
        ScalarFunction(
            "array_to_bitmap",
            summary: "Makes a bitmap of an array; NULLs and negative numbers do not count.",
            examples: [("bitmap_to_string(array_to_bitmap([1, 2, 3, NULL, -1]))", "1,2,3")],
            resolve: { arguments throws(StarlingError) in
                let element = try arguments.element("array_to_bitmap")
                guard element.isInteger || element == .boolean || element == .null else {
                    throw arguments.mismatch(0, of: "array_to_bitmap", expected: "integers")
                }
                return FunctionSignature([.array(.largeint)], returns: .bitmap)
            },
            evaluate: { invocation throws(StarlingError) in bitmaps(invocation) }),
        ScalarFunction(
            "bitmap_parts",
            summary: "Cuts a bitmap into an array of bitmaps of so many values each.",
            examples: [
                (
                    "array_map(b -> bitmap_to_string(b), "
                        + "bitmap_parts(bitmap_from_string('1,2,3,4,5'), 2))",
                    "[\"1,2\",\"3,4\",\"5\"]"
                )
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "bitmap_parts", [.bitmap, .bigint], 2...2, returns: .array(.bitmap))
            },
            evaluate: { invocation throws(StarlingError) in parts(invocation) }),
    ]
}
