import StarlingExecution
import StarlingPlans
import StarlingTestSupport
import StarlingTypes
import Testing

@Suite struct SetOperationSinkTests {
    private static let types: [PhysicalType] = [.int32, .string]

    /// Counts rows and applies the definition of the operation to the counts.
    private func reference(
        _ kind: SetOperationNode.Kind, _ keepsDuplicates: Bool, _ inputs: [[[Value]]]
    ) -> [String] {
        var counts: [String: (left: Int, right: Int)] = [:]
        for (position, rows) in inputs.enumerated() {
            for row in rows {
                if position == 0 {
                    counts[canonical(row), default: (0, 0)].left += 1
                } else {
                    counts[canonical(row), default: (0, 0)].right += 1
                }
            }
        }
        var result: [String] = []
        for (row, count) in counts {
            var times = 0
            switch kind {
            case .union: times = count.left + count.right
            case .intersect: times = min(count.left, count.right)
            case .except:
                times = keepsDuplicates || count.right == 0 ? max(0, count.left - count.right) : 0
            }
            if !keepsDuplicates { times = min(times, 1) }
            result += Array(repeating: row, count: times)
        }
        return result.sorted()
    }

    @Test(arguments: [SetOperationNode.Kind.union, .intersect, .except], [true, false])
    func rowsComeAsOftenAsTheyShould(
        kind: SetOperationNode.Kind, keepsDuplicates: Bool
    ) throws {
        var generator = SeededGenerator(seed: 9)
        for circumstances in Circumstances.allWithSpill {
            let inputs = (0..<2).map { _ in
                (0..<2_600).map { _ in
                    [
                        Value.integer(Int128.random(in: 0..<60, using: &generator)),
                        generator.value(.string, isNarrow: true),
                    ]
                }
            }
            let operation = SetOperationSink(
                kind: kind, keepsDuplicates: keepsDuplicates,
                columns: [
                    GroupKey(position: 0, physicalType: .int32),
                    GroupKey(position: 1, physicalType: .string),
                ])
            let output = CollectingSink()
            try PipelineRunner(circumstances.makeExecution()).run([
                Pipeline(
                    source: RowsSource(
                        inputs[0], Self.types, chunkRowCount: circumstances.chunkRowCount),
                    transforms: [], sink: operation.makeInput(0, isLast: false)),
                Pipeline(
                    source: RowsSource(
                        inputs[1], Self.types, chunkRowCount: circumstances.chunkRowCount),
                    transforms: [], sink: operation.makeInput(1, isLast: true)),
                Pipeline(
                    source: SetOperationSource(operation), transforms: [], sink: output),
            ])
            let given = output.rows.map(canonical).sorted()
            try #require(given == reference(kind, keepsDuplicates, inputs))
        }
    }
}
