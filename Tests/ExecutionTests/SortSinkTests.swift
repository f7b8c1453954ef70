import StarlingExecution
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

/// Compares as SQL orders values: numbers, then NaN; bytes as memcmp does.
func sqlOrder(_ left: Value, _ right: Value) -> Int {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): left < right ? -1 : left > right ? 1 : 0
    case (.floating(let left), .floating(let right)):
        left.isNaN || right.isNaN
            ? (left.isNaN ? 1 : 0) - (right.isNaN ? 1 : 0)
            : left < right ? -1 : left > right ? 1 : 0
    case (.bytes(let left), .bytes(let right)):
        left.lexicographicallyPrecedes(right) ? -1 : left == right ? 0 : 1
    default: 0
    }
}

/// Compares two rows by sort columns, value by value.
func rowOrder(_ left: [Value], _ right: [Value], _ keys: [SortColumn]) -> Int {
    for key in keys {
        let (a, b) = (left[key.position], right[key.position])
        if a.isNull || b.isNull {
            if a.isNull && b.isNull { continue }
            return a.isNull == key.nullsFirst ? -1 : 1
        }
        let order = sqlOrder(a, b)
        if order != 0 { return key.isAscending ? order : -order }
    }
    return 0
}

@Suite struct SortSinkTests {
    private static let types: [PhysicalType] = [
        .int8, .int16, .int32, .int64, .int128, .float32, .float64, .string,
    ]

    /// Sorts and checks that the order holds and that the rows are those that went in.
    private func check(
        _ rows: [[Value]], _ types: [PhysicalType], _ keys: [SortColumn], limit: Int? = nil,
        offset: Int = 0, _ circumstances: Circumstances
    ) throws {
        let execution = circumstances.makeExecution()
        let sink = SortSink(
            types: types, keys: keys, rowLimit: limit.map { $0 + offset })
        let output = CollectingSink()
        let source = RowsSource(rows, types, chunkRowCount: circumstances.chunkRowCount)
        try PipelineRunner(execution).run([
            Pipeline(source: source, transforms: [], sink: sink),
            Pipeline(
                source: SortSource(sink, limit: limit, offset: offset), transforms: [],
                sink: output),
        ])
        let expected = rows.sorted { rowOrder($0, $1, keys) < 0 }
        let start = min(offset, expected.count)
        let wanted = expected[start..<min(expected.count, start + (limit ?? expected.count))]
        let result = output.rows
        try #require(result.count == wanted.count)
        for (given, wanted) in zip(result, wanted) {
            try #require(rowOrder(given, wanted, keys) == 0, "\(given) for \(wanted)")
        }
        // Rows with equal keys may come in any order, but each must be one of the input.
        var remaining: [String: Int] = [:]
        for row in rows { remaining["\(row)", default: 0] += 1 }
        for row in result {
            let left = remaining["\(row)", default: 0]
            try #require(left > 0, "\(row) was not there")
            remaining["\(row)"] = left - 1
        }
    }

    @Test func everyTypeInEveryDirection() throws {
        var generator = SeededGenerator(seed: 1)
        for type in Self.types {
            for isNarrow in [true, false] {
                for direction in 0..<4 {
                    let key = SortColumn(
                        position: 0, physicalType: type,
                        bounds: isNarrow && type.isInteger ? Bounds(low: -3, high: 3) : nil,
                        isAscending: direction & 1 == 0, nullsFirst: direction & 2 == 0)
                    let rows = (0..<900).map {
                        [generator.value(type, isNarrow: isNarrow), .integer(Int128($0))]
                    }
                    try check(
                        rows, [type, .int32], [key],
                        Circumstances.allWithSpill[direction * 2 + (isNarrow ? 1 : 0)])
                }
            }
        }
    }

    @Test func severalKeysInOneOrder() throws {
        var generator = SeededGenerator(seed: 2)
        for round in 0..<40 {
            let types = (0..<4).map { _ in Self.types.randomElement(using: &generator)! }
            let narrow = (0..<4).map { _ in Bool.random(using: &generator) }
            let nullable = (0..<4).map { _ in Bool.random(using: &generator) }
            let keys = [2, 0, 3].map { position in
                SortColumn(
                    position: position, physicalType: types[position],
                    bounds: narrow[position] && types[position].isInteger
                        ? Bounds(low: -3, high: 3) : nil,
                    isNullable: nullable[position], isAscending: .random(using: &generator),
                    nullsFirst: .random(using: &generator))
            }
            let rows = (0..<600).map { _ in
                (0..<4).map {
                    generator.value(types[$0], isNarrow: narrow[$0], nulls: nullable[$0])
                }
            }
            try check(rows, types, keys, Circumstances.allWithSpill[round % 8])
            try check(
                rows, types, keys, limit: round * 7, offset: round,
                Circumstances.allWithSpill[round % 8])
        }
    }

    @Test func firstRowsOfMany() throws {
        for circumstances in Circumstances.allWithSpill {
            // Descending, so that every row passes the threshold.
            let rows = (0..<30_000).map {
                [Value.integer(Int128(30_000 - $0)), .text("row \($0)")]
            }
            let key = SortColumn(position: 0, physicalType: .int32)
            try check(rows, [.int32, .string], [key], limit: 10, offset: 5, circumstances)
        }
    }

    /// The first texts say what the words of the key begin behind; the others lie around that, too.
    @Test func textsThatBeginAlikeAndOthers() throws {
        var generator = SeededGenerator(seed: 4)
        let begin = "https://host/"
        let others = [
            "", "a", "https", "https:/", begin, begin + "\0", begin + "\0\0", "https://i", "httq",
            "z", "http://host/1", begin + String(repeating: "long", count: 10), "https://host\u{1}",
        ]
        for (round, circumstances) in Circumstances.allWithSpill.enumerated() {
            let alike = (0..<9_000).map { _ in
                begin + String(Int.random(in: 0..<3_000, using: &generator))
            }
            let rest = (0..<2_000).map { _ in others.randomElement(using: &generator)! }
            let rows = (alike + rest).enumerated().map { place, text in
                [
                    place > 9_000 && place % 50 == 0 ? .null : Value.text(text),
                    .integer(Int128(place % 7)),
                ]
            }
            let keys = [
                SortColumn(
                    position: 0, physicalType: .string, isAscending: round % 2 == 0,
                    nullsFirst: round % 3 == 0),
                SortColumn(position: 1, physicalType: .int32),
            ]
            try check(rows, [.string, .int32], keys, circumstances)
            try check(rows, [.string, .int32], Array(keys.reversed()), limit: 3_000, circumstances)
            let first = [
                SortColumn(position: 0, physicalType: .string, isAscending: round % 2 == 0)
            ]
            try check(rows, [.string, .int32], first, limit: 50, offset: round, circumstances)
        }
    }

    @Test func longStringsWithCommonPrefixes() throws {
        var generator = SeededGenerator(seed: 3)
        let prefix = String(repeating: "x", count: 3_000)
        let rows = (0..<300).map { _ in
            [
                Value.text(
                    prefix.prefix(Int.random(in: 2_990...3_000, using: &generator))
                        + String(Int.random(in: 0...50, using: &generator)))
            ]
        }
        for isAscending in [true, false] {
            let key = SortColumn(position: 0, physicalType: .string, isAscending: isAscending)
            try check(rows, [.string], [key], Circumstances.allWithSpill[isAscending ? 1 : 5])
        }
    }

    @Test func nothingToSort() throws {
        let key = SortColumn(position: 0, physicalType: .int32)
        try check([], [.int32], [key], Circumstances.all[3])
        try check([[.integer(1)]], [.int32], [key], limit: 0, Circumstances.all[3])
    }
}

@Suite struct LimitTransformTests {
    @Test func everyRowWantedComesOnce() throws {
        let rows = (0..<5_000).map {
            [Value.integer(Int128($0)), $0 % 3 == 0 ? .null : .text("a")]
        }
        for circumstances in Circumstances.all {
            for (limit, offset) in [(0, 0), (1, 0), (100, 33), (nil, 4_990), (10, 6_000)] {
                let counter = LimitCounter(limit: limit, offset: offset)
                let output = CollectingSink()
                let source = RowsSource(
                    rows, [.int32, .string], chunkRowCount: circumstances.chunkRowCount)
                try PipelineRunner(circumstances.makeExecution()).run([
                    Pipeline(
                        source: LimitedSource(source, counter),
                        transforms: [LimitTransform(counter)], sink: output)
                ])
                #expect(output.rows.count == min(limit ?? .max, max(0, 5_000 - offset)))
                for row in output.rows {
                    #expect(row[1].isNull == (Int(row[0].integer!) % 3 == 0))
                }
                #expect(Set(output.rows.map(\.[0])).count == output.rows.count)
            }
        }
    }
}
