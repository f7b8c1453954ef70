// A runtime filter lets every row pass that matches, and drops what it claims to drop.

import StarlingErrors
import StarlingExecution
import StarlingTypes
import StarlingVectors
import Testing

struct RuntimeFilterTests {
    /// Builds a join on the first columns of `rows` and returns what its slots hold.
    private func filters(
        _ rows: [[Value]], _ types: [PhysicalType], kind: JoinKind = .inner,
        side: JoinSide = .right, hashesAreZero: Bool = false
    ) throws -> [JoinKeyFilter?] {
        let slots = types.map { _ in RuntimeFilterSlot("key") }
        for slot in slots { slot.addReader() }
        let build = try JoinBuildSink(
            JoinDescription(
                kind: kind, buildSide: side, leftTypes: types, rightTypes: types,
                keys: types.indices.map { JoinKey(left: $0, right: $0) }, outputs: [.left(0)]),
            filters: slots)
        let circumstances = Circumstances(
            workers: 2, chunkRowCount: 100, hashesAreZero: hashesAreZero)
        try PipelineRunner(circumstances.makeExecution()).run([
            Pipeline(
                source: RowsSource(rows, types, chunkRowCount: 100), transforms: [], sink: build)
        ])
        return slots.map { $0.filter as? JoinKeyFilter }
    }

    private func selectedRows(_ filter: JoinKeyFilter, _ vector: Vector) -> Set<Int> {
        let selection = JoinKeyEvaluator(filter).select(vector)
        return Set((0..<selection.count).map { Int(selection.rows[$0]) })
    }

    @Test func directIndexIsExact() throws {
        let keys = (0..<300).filter { $0 % 3 == 0 }.map { [Value.integer(Int128($0))] }
        let filter = try #require(try filters(keys + [[.null]], [.int32])[0])
        #expect(filter.bounds == Bounds(low: 0, high: 297))
        #expect(filter.mayMatch(Bounds(low: 297, high: 900)))
        #expect(!filter.mayMatch(Bounds(low: 298, high: 900)))
        #expect(!filter.mayMatch(Bounds(low: -5, high: -1)))
        for type in [PhysicalType.int16, .int32, .int64] {
            let probe = Vector(
                type, values: (-50..<400).map { $0 == 6 ? .null : .integer(Int128($0)) })
            let expected = Set((0..<300).filter { $0 % 3 == 0 && $0 != 6 }.map { $0 + 50 })
            #expect(selectedRows(filter, probe) == expected)
        }
    }

    @Test(arguments: [false, true]) func hashedKeysAlwaysPass(hashesAreZero: Bool) throws {
        let texts = (0..<500).map { Value.text("the text numbered \($0)") }
        let filter = try #require(
            try filters(texts.map { [$0] }, [.string], hashesAreZero: hashesAreZero)[0])
        #expect(filter.bounds == nil)
        let probe = (0..<2_000).map { Value.text("the text numbered \($0)") } + [.null]
        for vector in [Vector(.string, values: probe), Vector(dictionaryOf: probe)] {
            let selected = selectedRows(filter, vector)
            #expect(selected.isSuperset(of: 0..<500))
            #expect(!selected.contains(2_000))
            if !hashesAreZero { #expect(selected.count < 700) }
        }
    }

    @Test func sparseIntegersHaveBounds() throws {
        let keys = (1...100).map { [Value.integer(Int128($0) * 1_000_000_007)] }
        let filter = try #require(try filters(keys, [.int64])[0])
        #expect(filter.bounds == Bounds(low: 1_000_000_007, high: 100_000_000_700))
        let probe = Vector(
            .int64,
            values: (1...200).map { .integer(Int128($0) * 500_000_003 + 1) } + keys.map { $0[0] })
        let selected = selectedRows(filter, probe)
        #expect(selected.isSuperset(of: 200..<300))
        #expect(selected.count < 130)
    }

    @Test func severalKeysHaveBoundsOnly() throws {
        let keys = (0..<50).map { [Value.integer(Int128($0 + 7)), .integer(Int128($0 % 3))] }
        let both = try filters(keys, [.int64, .int8])
        #expect(both[0]?.bounds == Bounds(low: 7, high: 56))
        #expect(both[1]?.bounds == Bounds(low: 0, high: 2))
        let probe = Vector(.int64, values: [.integer(1_000)])
        #expect(selectedRows(try #require(both[0]), probe) == [0])
    }

    @Test func eachOfSeveralKeysMayHaveABitmap() throws {
        let keys = (0..<100).map { [Value.integer(Int128($0 * 5)), .integer(Int128($0 % 3))] }
        let both = try filters(keys, [.int64, .int8])
        let probe = Vector(.int64, values: (-50..<600).map { .integer(Int128($0)) })
        let expected = Set((0..<100).map { $0 * 5 + 50 })
        #expect(selectedRows(try #require(both[0]), probe) == expected)
    }

    @Test func emptyBuildSidesMatchNothing() throws {
        for rows in [[], [[Value.null]]] {
            let filter = try #require(try filters(rows, [.int32])[0])
            #expect(filter.isEmpty)
            #expect(!filter.mayMatch(Bounds(low: .min, high: .max)))
            #expect(selectedRows(filter, Vector(.int32, values: [.integer(1)])).isEmpty)
        }
    }

    @Test func joinsThatKeepProbeRowsPublishNothing() throws {
        let keys = [[Value.integer(1)]]
        for kind in [JoinKind.left, .full, .anti, .mark, .nullAwareAnti, .single(nil)] {
            #expect(try filters(keys, [.int32], kind: kind)[0] == nil)
        }
        #expect(try filters(keys, [.int32], kind: .full, side: .left)[0] == nil)
        for kind in [JoinKind.inner, .left, .semi, .anti, .mark] {
            #expect(try filters(keys, [.int32], kind: kind, side: .left)[0] != nil)
        }
    }
}
