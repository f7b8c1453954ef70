// Counts, ends and parts of bitmaps.

import StarlingBitmaps
import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private struct BitmapCount: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        arguments.first.text(row).withBytes { StoredBitmap($0).count() }.map { Int64($0) }
    }
}

private struct BitmapEnd: TextMeasure {
    let isGreatest: Bool

    func measure(_ arguments: TextArguments, _ row: Int) -> Int128? {
        guard let bitmap = arguments.first.bitmap(row) else { return nil }
        return (isGreatest ? bitmap.greatest : bitmap.least).map { Int128($0) }
    }
}

/// Takes so many values from a place of their order on.
private struct BitmapSlice: BitmapOperation {
    func bitmap(_ arguments: TextArguments, _ row: Int) -> Bitmap? {
        guard let bitmap = arguments.first.bitmap(row) else { return nil }
        let (offset, length, count) = (
            arguments.second.number(row), arguments.third.number(row), bitmap.count
        )
        let start = offset < 0 ? count &+ offset : offset
        guard length > 0, start >= 0, start < count else { return nil }
        return bitmap.part(start..<(start + min(length, count - start)))
    }
}

/// Takes the values from one to before another.
private struct BitmapRange: BitmapOperation {
    func bitmap(_ arguments: TextArguments, _ row: Int) -> Bitmap? {
        guard let bitmap = arguments.first.bitmap(row) else { return nil }
        let start = UInt64(max(0, arguments.second.number(row)))
        let end = UInt64(max(0, arguments.third.number(row)))
        guard start < end else { return nil }
        let part = bitmap.part(bitmap.countBelow(start)..<bitmap.countBelow(end))
        return part.isEmpty ? nil : part
    }
}

/// Takes so many values from one on, or up to one where the count is negative.
private struct BitmapLimit: BitmapOperation {
    func bitmap(_ arguments: TextArguments, _ row: Int) -> Bitmap? {
        guard let bitmap = arguments.first.bitmap(row) else { return nil }
        let start = UInt64(max(0, arguments.second.number(row)))
        let limit = arguments.third.number(row)
        let below = bitmap.countBelow(start)
        let part: Bitmap
        if limit >= 0 {
            part = bitmap.part(below..<(below + min(limit, bitmap.count - below)))
        } else {
            let end = bitmap.contains(start) ? below + 1 : below
            part = bitmap.part(max(0, limit < -end ? 0 : end + limit)..<end)
        }
        return part.isEmpty ? nil : part
    }
}

enum BitmapParts {
    private static let sample = "bitmap_from_string('1,1,3,1,5,3,5,7,7,9')"

    private static let count = ScalarFunction(
        "bitmap_count", summary: "Counts the values of a bitmap; 0 for NULL.",
        examples: [
            ("bitmap_count(\(sample))", "5"), ("bitmap_count(bitmap_empty())", "0"),
            ("bitmap_count(NULL)", "0"),
        ],
        nullHandling: .handled,
        resolve: { arguments throws(StarlingError) in
            try arguments.textSignature("bitmap_count", [.bitmap], 1...1, returns: .bigint)
        },
        // The loop leaves rows without an argument at 0, which is what StarRocks counts there.
        evaluate: { invocation throws(StarlingError) in
            measured(BitmapCount(), invocation, as: .int64)
                .withIntegerLayout(invocation.resultPhysicalType)
        })

    static let rows: [ScalarFunction] = [
        count,
        .measuring(
            "bitmap_min", BitmapEnd(isGreatest: false), [.bitmap], 1...1, .largeint,
            "Gives the least value of a bitmap; NULL for an empty one.",
            [("bitmap_min(\(sample))", "1")]),
        .measuring(
            "bitmap_max", BitmapEnd(isGreatest: true), [.bitmap], 1...1, .largeint,
            "Gives the greatest value of a bitmap; NULL for an empty one.",
            [("bitmap_max(\(sample))", "9"), ("bitmap_max(bitmap_empty())", "NULL")]),
        .writing(
            "sub_bitmap", BitmapSlice(), [.bitmap, .bigint, .bigint], 3...3, returns: .bitmap,
            "Gives so many values from a place of their order on, counted from 0 or from behind.",
            [
                ("bitmap_to_string(sub_bitmap(\(sample), 0, 2))", "1,3"),
                ("bitmap_to_string(sub_bitmap(\(sample), -3, 100))", "5,7,9"),
                ("bitmap_to_string(sub_bitmap(\(sample), 5, 1))", "NULL"),
            ]),
        .writing(
            "bitmap_subset_in_range", BitmapRange(), [.bitmap, .bigint, .bigint], 3...3,
            returns: .bitmap, "Gives the values from one to before another; NULL for none.",
            [
                ("bitmap_to_string(bitmap_subset_in_range(\(sample), 1, 4))", "1,3"),
                ("bitmap_to_string(bitmap_subset_in_range(\(sample), 10, 15))", "NULL"),
            ]),
        .writing(
            "bitmap_subset_limit", BitmapLimit(), [.bitmap, .bigint, .bigint], 3...3,
            returns: .bitmap,
            "Gives so many values from one on, or up to it where the count is negative; NULL for "
                + "none.",
            [
                ("bitmap_to_string(bitmap_subset_limit(\(sample), 1, 4))", "1,3,5,7"),
                ("bitmap_to_string(bitmap_subset_limit(\(sample), 5, -2))", "3,5"),
            ]),
    ]
}
