// Joins of all kinds give what joining row by row over values gives.

import StarlingErrors
import StarlingExecution
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

struct JoinTests {
    private static let kindsAndSides: [(JoinKind, JoinSide)] =
        JoinKind.allCases.map { ($0, .right) }
        + [.inner, .left, .full, .semi, .anti, .mark].map { ($0, .left) }

    private static let types: [PhysicalType] = [
        .int8, .int16, .int32, .int64, .int128, .float32, .float64, .string,
    ]

    /// Makes a value from one of `distinctCount` that differ in every type.
    private static func value(
        _ type: PhysicalType, _ number: Int, isSparse: Bool = false
    ) -> Value {
        switch type {
        case .float32, .float64: return .floating(number == 0 ? -0.0 : Double(number) / 2)
        case .string:
            let text = "\(number)"
            return .text(number % 2 == 0 ? text : "a text that is not inline \(text)")
        case .int8: return .integer(Int128(number % 100 - 20))
        case .int16: return .integer(Int128(isSparse ? number * 97 % 30_000 : number - 20))
        case .int128: return .integer(Int128(number) << (isSparse ? 70 : 1))
        default: return .integer(Int128(isSparse ? number * 1_234_567 : number - 20))
        }
    }

    private func check(
        _ join: JoinCase, _ circumstances: Circumstances,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let label = "\(join.kind), build \(join.buildSide), \(join.keys), \(circumstances)"
        guard let expected = join.expectedRows() else {
            #expect(throws: StarlingError.self, "\(label)", sourceLocation: sourceLocation) {
                _ = try join.actualRows(circumstances)
            }
            return
        }
        let actual = try join.actualRows(circumstances)
        let difference = firstDifference(actual, expected)
        #expect(difference == nil, "\(label): \(difference ?? "")", sourceLocation: sourceLocation)
    }

    /// Compares as multisets.
    private func firstDifference(_ actual: [[Value]], _ expected: [[Value]]) -> String? {
        let left = actual.map(canonical).sorted()
        let right = expected.map(canonical).sorted()
        for (given, wanted) in zip(left, right) where given != wanted {
            return "\(given) for \(wanted)"
        }
        return left.count == right.count ? nil : "\(left.count) rows for \(right.count)"
    }

    /// Makes rows of a key, or several, and a number of the row.
    private func rows(
        _ generator: inout SeededGenerator, _ types: [PhysicalType], count: Int,
        distinctCount: Int, nullShare: Int = 8, isSparse: Bool
    ) -> [[Value]] {
        (0..<count).map { row in
            types.dropLast().map { type in
                if nullShare > 0, Int.random(in: 0..<nullShare, using: &generator) == 0 {
                    return .null
                }
                let number = Int.random(in: 0..<distinctCount, using: &generator)
                return Self.value(type, number, isSparse: isSparse)
            } + [.integer(Int128(row))]
        }
    }

    /// Holds where left row number + right row number is not a multiple of three.
    private func makeCondition(leftCount: Int, rightCount: Int) -> ValueCondition {
        ValueCondition([leftCount - 1, leftCount + rightCount - 1]) { values in
            (values[0].integer! + values[1].integer!) % 3 != 0
        }
    }

    @Test(arguments: [false, true]) func everyKindAndKeyType(hashesAreZero: Bool) throws {
        var generator = SeededGenerator(seed: 11)
        for type in Self.types {
            for isSparse in [false, true] {
                let types = [type, .int32]
                let left = rows(
                    &generator, types, count: 90, distinctCount: 40, isSparse: isSparse)
                let right = rows(
                    &generator, types, count: 60, distinctCount: 50, isSparse: isSparse)
                for (kind, side) in Self.kindsAndSides {
                    for hasCondition in [false, true] where kind != .nullAwareAnti || !hasCondition
                    {
                        for circumstances in Circumstances.allWithSpill(
                            hashesAreZero: hashesAreZero)
                        {
                            try check(
                                JoinCase(
                                    kind: kind, buildSide: side, leftTypes: types,
                                    rightTypes: types, keys: [JoinKey(left: 0, right: 0)],
                                    condition: hasCondition
                                        ? makeCondition(leftCount: 2, rightCount: 2) : nil,
                                    left: left, right: right), circumstances)
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: [false, true]) func uniqueKeys(isSparse: Bool) throws {
        var generator = SeededGenerator(seed: 12)
        for type in [PhysicalType.int32, .int64, .string, .float64] {
            for nullShare in [0, 8] {
                let types = [type, .int32]
                let left = rows(
                    &generator, types, count: 200, distinctCount: 90, nullShare: nullShare,
                    isSparse: isSparse)
                // Every key once, so that without NULLs every left row has a match.
                for rightCount in [90, 40] {
                    let right = (0..<rightCount).map { row -> [Value] in
                        [Self.value(type, row, isSparse: isSparse), .integer(Int128(row))]
                    }
                    for (kind, side) in Self.kindsAndSides {
                        for circumstances in Circumstances.allWithSpill {
                            try check(
                                JoinCase(
                                    kind: kind, buildSide: side, leftTypes: types,
                                    rightTypes: types, keys: [JoinKey(left: 0, right: 0)],
                                    left: left, right: right), circumstances)
                        }
                    }
                }
            }
        }
    }

    @Test func severalKeysAndNullSafety() throws {
        var generator = SeededGenerator(seed: 13)
        for isNullSafe in [false, true] {
            for keyTypes in [
                [PhysicalType.int32, .string], [.int8, .int64, .float32], [.string, .string],
                [.int128, .int16],
            ] {
                let types = keyTypes + [.int32]
                let left = rows(&generator, types, count: 120, distinctCount: 5, isSparse: false)
                let right = rows(&generator, types, count: 70, distinctCount: 5, isSparse: false)
                let keys = keyTypes.indices.map {
                    JoinKey(left: $0, right: $0, isNullSafe: isNullSafe || $0 == 1)
                }
                for (kind, side) in Self.kindsAndSides where kind != .nullAwareAnti {
                    for circumstances in Circumstances.allWithSpill {
                        try check(
                            JoinCase(
                                kind: kind, buildSide: side, leftTypes: types, rightTypes: types,
                                keys: keys, left: left, right: right), circumstances)
                    }
                }
            }
        }
    }

    @Test func nullSafeSingleKey() throws {
        var generator = SeededGenerator(seed: 14)
        for type in [PhysicalType.int32, .string] {
            let types = [type, .int32]
            let left = rows(&generator, types, count: 50, distinctCount: 20, isSparse: false)
            let right = rows(&generator, types, count: 50, distinctCount: 20, isSparse: false)
            for (kind, side) in Self.kindsAndSides where kind != .nullAwareAnti {
                for circumstances in Circumstances.allWithSpill {
                    try check(
                        JoinCase(
                            kind: kind, buildSide: side, leftTypes: types, rightTypes: types,
                            keys: [JoinKey(left: 0, right: 0, isNullSafe: true)], left: left,
                            right: right), circumstances)
                }
            }
        }
    }

    @Test func keysOfDifferentWidths() throws {
        var generator = SeededGenerator(seed: 15)
        let integers = Self.types.filter(\.isInteger)
        for leftType in integers {
            for rightType in integers where leftType != rightType {
                let left = rows(
                    &generator, [leftType, .int32], count: 60, distinctCount: 90, isSparse: false)
                let right = rows(
                    &generator, [rightType, .int32], count: 60, distinctCount: 90, isSparse: false)
                for (kind, side) in Self.kindsAndSides {
                    try check(
                        JoinCase(
                            kind: kind, buildSide: side, leftTypes: [leftType, .int32],
                            rightTypes: [rightType, .int32], keys: [JoinKey(left: 0, right: 0)],
                            left: left, right: right),
                        Circumstances(workers: 1, chunkRowCount: chunkCapacity))
                }
            }
        }
    }

    @Test func withoutKeys() throws {
        var generator = SeededGenerator(seed: 16)
        let types = [PhysicalType.string, .int32]
        for (leftCount, rightCount) in [(70, 60), (100, 1), (1, 100), (0, 5), (5, 0)] {
            let left = rows(
                &generator, types, count: leftCount, distinctCount: 9, isSparse: false)
            let right = rows(
                &generator, types, count: rightCount, distinctCount: 9, isSparse: false)
            for (kind, side) in Self.kindsAndSides where kind != .nullAwareAnti {
                for hasCondition in [false, true] {
                    for circumstances in Circumstances.allWithSpill {
                        try check(
                            JoinCase(
                                kind: kind, buildSide: side, leftTypes: types, rightTypes: types,
                                keys: [],
                                condition: hasCondition
                                    ? makeCondition(leftCount: 2, rightCount: 2) : nil,
                                left: left, right: right), circumstances)
                    }
                }
            }
        }
    }

    @Test func emptySides() throws {
        let types = [PhysicalType.int32, .string]
        let rows: [[Value]] = [
            [.integer(1), .text("a")], [.null, .text("b")], [.integer(3), .null],
        ]
        for (left, right) in [([], rows), (rows, []), ([], []), (rows, [rows[1]])] {
            for key in [0, 1] {
                for (kind, side) in Self.kindsAndSides {
                    for circumstances in Circumstances.allWithSpill {
                        try check(
                            JoinCase(
                                kind: kind, buildSide: side, leftTypes: types, rightTypes: types,
                                keys: [JoinKey(left: key, right: key)], left: left, right: right),
                            circumstances)
                    }
                }
            }
        }
    }

    @Test(arguments: [false, true]) func manyRowsAndDuplicates(isSparse: Bool) throws {
        var generator = SeededGenerator(seed: 17)
        for type in [PhysicalType.int64, .string] {
            let types = [type, .int32]
            let left = rows(
                &generator, types, count: 3_000, distinctCount: 40, isSparse: isSparse)
            let right = rows(&generator, types, count: 150, distinctCount: 80, isSparse: isSparse)
            for (kind, side) in Self.kindsAndSides where !kind.isSingle {
                try check(
                    JoinCase(
                        kind: kind, buildSide: side, leftTypes: types, rightTypes: types,
                        keys: [JoinKey(left: 0, right: 0)],
                        condition: kind == .nullAwareAnti
                            ? nil : makeCondition(leftCount: 2, rightCount: 2),
                        left: left, right: right),
                    Circumstances(workers: 2, chunkRowCount: chunkCapacity))
            }
        }
    }

    @Test(arguments: JoinKind.allCases) func smallBudgetSpills(kind: JoinKind) throws {
        let count = 60_000
        let left: [[Value]] = (0..<2_000).map { [.integer(Int128($0) * 7_777_777), .null] }
        let right: [[Value]] = (0..<count).map {
            [.integer(Int128($0) * 1_111_111), .text("a text of some length \($0)")]
        }
        var join = JoinCase(
            kind: kind, leftTypes: [.int64, .int32], rightTypes: [.int64, .string],
            keys: [JoinKey(left: 0, right: 0)], left: left, right: [])
        // Every left key is seven times a right one: a lookup instead of the slow reference.
        let matched = left.filter { $0[0].integer! / 1_111_111 < Int128(count) }
        join.right = right
        let actual = try join.actualRows(
            Circumstances(workers: 2, chunkRowCount: chunkCapacity), byteLimit: 4 << 20)
        let expectedCount =
            switch kind {
            case .inner, .semi: matched.count
            case .anti, .nullAwareAnti: left.count - matched.count
            case .left, .single, .mark: left.count
            case .full: left.count + count - matched.count
            }
        #expect(actual.count == expectedCount)
        for row in actual where kind == .inner {
            let number = row[0].integer! / 1_111_111
            #expect(row[3] == .text("a text of some length \(number)"))
        }
    }

    @Test func partitionedBuild() throws {
        // Enough rows for several partitions, with keys that a direct index refuses.
        let count = 70_000
        let left: [[Value]] = (0..<5_000).map { [.integer(Int128($0 * 77_777)), .null] }
        let right: [[Value]] = (0..<count).map {
            [.integer(Int128($0 % (count / 2) * 1_111)), .integer(Int128($0))]
        }
        let join = JoinCase(
            kind: .inner, leftTypes: [.int64, .int32], rightTypes: [.int64, .int32],
            keys: [JoinKey(left: 0, right: 0)], left: left, right: right)
        var expected: [[Value]] = []
        for row in left {
            let number = row[0].integer!
            guard number % 1_111 == 0, number / 1_111 < Int128(count / 2) else { continue }
            for copy in [0, count / 2] {
                expected.append(row + [row[0], .integer(number / 1_111 + Int128(copy))])
            }
        }
        for workers in [1, 2] {
            let actual = try join.actualRows(
                Circumstances(workers: workers, chunkRowCount: chunkCapacity))
            #expect(!actual.isEmpty)
            #expect(firstDifference(actual, expected) == nil)
        }
    }
}
