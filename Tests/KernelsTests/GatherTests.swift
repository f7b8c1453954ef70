import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct GatherTests {
    @Test(arguments: scalarPhysicalTypes, SampleEncoding.allCases)
    func rowsAreGathered(_ type: PhysicalType, _ encoding: SampleEncoding) {
        var generator = SeededGenerator(seed: 1)
        withEvery("nulls", in: [0, 0.4, 1]) { nullRate in
            let column = SampleColumn(
                type, encoding, count: 300, nullRate: nullRate, using: &generator)
            withEvery("rate", in: [0, 0.1, 0.9, 1]) { rate in
                let selection = Selection.random(of: 300, rate: rate, using: &generator)
                let dense = column.vector.gathered(by: selection)
                #expect(dense.allValues == selection.list.map { column.values[$0] })
                #expect(dense.flattened().allValues == dense.allValues)
            }
            let indexes: [UInt32] = (0..<500).map { _ in
                generator.chance(0.2) ? missingIndex : UInt32.random(in: 0..<300, using: &generator)
            }
            let result = column.vector.gatheredOrNull(by: indexes, count: indexes.count)
            let expected = indexes.map { $0 == missingIndex ? .null : column.values[Int($0)] }
            #expect(result.allValues == expected, TestTrace.comment)
        }
    }

    @Test(arguments: scalarPhysicalTypes, [false, true])
    func collectorsAppend(_ type: PhysicalType, _ copiesStrings: Bool) {
        var generator = SeededGenerator(seed: 2)
        var collector = ColumnCollector(type, copiesStrings: copiesStrings)
        var expected: [Value] = []
        for part in 0..<30 {
            let column = SampleColumn(
                type, SampleEncoding.allCases.randomElement(using: &generator)!,
                count: Int.random(in: 1...200, using: &generator),
                nullRate: part % 3 == 2 ? 0.3 : 0, using: &generator)
            collector.append(column.vector)
            expected += column.values
        }
        #expect(collector.count == expected.count)
        #expect(collector.finish().allValues == expected)
    }

    @Test func textsOfAnyLengthAreCopied() {
        let texts = (0..<400).map { String(repeating: "aéz", count: $0 / 4) + "\($0)" }
        var collector = ColumnCollector(.string, copiesStrings: true)
        for start in stride(from: 0, to: 400, by: 80) {
            let values = texts[start..<(start + 80)].map { Value.text($0) }
            collector.append(Vector(.string, values: values))
        }
        #expect(collector.finish().allValues == texts.map { .text($0) })
    }

    @Test func collectorsKeepOneDictionary() {
        var generator = SeededGenerator(seed: 3)
        let column = SampleColumn(.string, .dictionary, count: 90, nullRate: 0.1, using: &generator)
        var collector = ColumnCollector(.string)
        collector.append(column.vector)
        collector.append(column.vector)
        #expect(collector.finish().dictionary === column.vector.dictionary)
        #expect(collector.finish().allValues == column.values + column.values)
        collector.append(Vector(.string, values: [.text("another dictionary than before")]))
        #expect(collector.finish().dictionary == nil)
        #expect(collector.finish().value(at: 180) == .text("another dictionary than before"))
    }

    @Test func collectorsThatCopyKeepShortDictionaries() {
        var generator = SeededGenerator(seed: 4)
        let column = SampleColumn(.string, .dictionary, count: 90, nullRate: 0.1, using: &generator)
        let count = column.vector.dictionary!.count
        for (limit, isKept) in [(count, true), (count - 1, false)] {
            var collector = ColumnCollector(
                .string, copiesStrings: true, dictionaryCountMax: limit)
            collector.append(column.vector)
            collector.append(column.vector)
            #expect((collector.finish().dictionary != nil) == isKept)
            #expect(collector.finish().allValues == column.values + column.values)
            collector.append(Vector(.string, values: [.text("another dictionary than before")]))
            let result = collector.finish()
            #expect(result.dictionary == nil)
            let last = Value.text("another dictionary than before")
            #expect(result.allValues == column.values + column.values + [last])
        }
    }

    @Test(arguments: integerPhysicalTypes, SampleEncoding.allCases)
    func extentsAreFound(_ type: PhysicalType, _ encoding: SampleEncoding) {
        var generator = SeededGenerator(seed: 5)
        withEvery("nulls", in: [0, 0.4, 1]) { nullRate in
            let column = SampleColumn(
                type, encoding, count: 300, nullRate: nullRate, using: &generator)
            let numbers = column.values.compactMap(\.integer)
            let expected = numbers.min().map { Bounds(low: $0, high: numbers.max()!) }
            #expect(column.vector.extent() == expected, TestTrace.comment)
        }
        #expect(Vector(uninitialized: type, count: 0).extent() == nil)
    }

    @Test(arguments: scalarPhysicalTypes)
    func piecesMergeByRow(_ type: PhysicalType) {
        var generator = SeededGenerator(seed: 4)
        let values = (0..<200).map { row in
            row % 7 == 0 ? Value.null : .random(type, using: &generator)
        }
        let all = Vector(type, values: values)
        let first = Selection(rows: (0..<200).filter { $0 % 3 == 0 })
        let second = Selection(rows: (0..<200).filter { $0 % 3 == 1 })
        var merger = VectorMerger(type, count: 200)
        merger.add(all.gathered(by: first), at: first)
        merger.add(all.gathered(by: second), at: second)
        let merged = merger.finish()
        #expect(
            merged.allValues == values.enumerated().map { $0.offset % 3 == 2 ? .null : $0.element })
    }

    @Test(arguments: scalarPhysicalTypes, SampleEncoding.allCases)
    func blendsTakeTheFirstWhereTrue(_ type: PhysicalType, _ encoding: SampleEncoding) {
        var generator = SeededGenerator(seed: 5)
        withEvery("nulls", in: [0, 0.3]) { nullRate in
            withEvery("other", in: SampleEncoding.allCases) { other in
                let a = SampleColumn(
                    type, encoding, count: 150, nullRate: nullRate, using: &generator)
                let b = SampleColumn(type, other, count: 150, nullRate: 0.2, using: &generator)
                let flags = (0..<150).map { _ in
                    generator.chance(nullRate) ? Value.null : .boolean(generator.chance(0.5))
                }
                let result = blend(Vector(.int8, values: flags), a.vector, b.vector)
                let expected = (0..<150).map {
                    flags[$0] == .boolean(true) ? a.values[$0] : b.values[$0]
                }
                #expect(result.allValues == expected, TestTrace.comment)
            }
        }
    }
}
