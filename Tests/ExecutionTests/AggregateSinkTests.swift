import StarlingExecution
import StarlingFunctions
import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

/// Computes aggregates the slow way, over values.
private struct ReferenceAggregate {
    var name: String
    var argument: Int?
    var condition: Int?
    var isDistinct = false

    func result(_ rows: [[Value]]) -> Value {
        var rows = rows
        if let condition { rows = rows.filter { $0[condition] == .integer(1) } }
        guard let argument else { return .integer(Int128(rows.count)) }
        var values = rows.map { $0[argument] }.filter { !$0.isNull }
        if isDistinct { values = Array(Set(values)) }
        switch name {
        case "count": return .integer(Int128(values.count))
        case "sum":
            return values.isEmpty ? .null : .integer(values.reduce(0) { $0 + $1.integer! })
        case "min": return values.min { sqlOrder($0, $1) < 0 } ?? .null
        default: return values.max { sqlOrder($0, $1) < 0 } ?? .null
        }
    }

    func call(_ types: [PhysicalType]) throws -> AggregateCall {
        let function = try #require(FunctionRegistry.builtin.aggregate(name))
        let logical: [LogicalType] = argument.map { [logicalType(types[$0])] } ?? []
        let signature = try function.resolve(
            ArgumentList(types: logical, constants: logical.map { _ in nil }))
        let physical = argument.map { [types[$0]] } ?? []
        let kernel = try function.makeKernel(
            AggregateCallTypes(
                signature: signature, physicalTypes: physical, bounds: physical.map { _ in nil },
                rowCountMaximum: nil))
        return AggregateCall(
            kernel: kernel, arguments: argument.map { [$0] } ?? [], argumentTypes: physical,
            condition: condition, isDistinct: isDistinct)
    }
}

func logicalType(_ type: PhysicalType) -> LogicalType {
    switch type {
    case .int8: .tinyint
    case .int16: .smallint
    case .int32: .int
    case .int64: .bigint
    case .int128: .largeint
    case .float32: .float
    case .float64: .double
    default: .string
    }
}

/// Makes values comparable that SQL holds for equal: the zeros, and all NaNs.
func canonical(_ row: [Value]) -> String {
    let parts = row.map { value in
        if case .floating(let number) = value { return "f\(number == 0 ? 0 : number)" }
        return "\(value)"
    }
    return parts.joined(separator: " ")
}

struct AggregateSinkTests {
    /// Groups by the keys with canonical values and computes the aggregates of each group.
    private func reference(
        _ rows: [[Value]], keys: [Int], sets: [[Int]]?, _ aggregates: [ReferenceAggregate]
    ) -> [String] {
        var result: [String] = []
        for set in sets ?? [Array(keys.indices)] {
            var groups: [String: [[Value]]] = [:]
            var keyValues: [String: [Value]] = [:]
            for row in rows {
                let values = keys.indices.map { set.contains($0) ? row[keys[$0]] : .null }
                let name = canonical(values)
                groups[name, default: []].append(row)
                keyValues[name] = values
            }
            if set.isEmpty && groups.isEmpty {
                groups["none"] = []
                keyValues["none"] = keys.map { _ in .null }
            }
            var bitmap = 0
            for key in keys.indices where !set.contains(key) {
                bitmap |= 1 << (keys.count - 1 - key)
            }
            for (name, members) in groups {
                let grouping: [Value] = sets == nil ? [] : [.integer(Int128(bitmap))]
                result.append(
                    canonical(
                        keyValues[name]! + grouping + aggregates.map { $0.result(members) }))
            }
        }
        return result.sorted()
    }

    private func check(
        _ rows: [[Value]], _ types: [PhysicalType], keys: [Int], bounds: Bounds? = nil,
        sets: [[Int]]? = nil, _ aggregates: [ReferenceAggregate], _ circumstances: Circumstances
    ) throws {
        let sink = AggregateSink(
            keys: keys.map {
                GroupKey(
                    position: $0, physicalType: types[$0],
                    bounds: types[$0].isInteger ? bounds : nil)
            },
            aggregates: try aggregates.map { try $0.call(types) }, groupingSets: sets,
            hasGroupingColumn: sets != nil)
        let output = CollectingSink()
        try PipelineRunner(circumstances.makeExecution()).run([
            Pipeline(
                source: RowsSource(rows, types, chunkRowCount: circumstances.chunkRowCount),
                transforms: [], sink: sink),
            Pipeline(source: AggregateSource(sink), transforms: [], sink: output),
        ])
        let given = output.rows.map(canonical).sorted()
        let wanted = reference(rows, keys: keys, sets: sets, aggregates)
        try #require(given == wanted, "\(types) by \(keys), \(circumstances)")
    }

    private static let types: [PhysicalType] = [
        .int8, .int16, .int32, .int64, .int128, .float32, .float64, .string,
    ]

    private let aggregates = [
        ReferenceAggregate(name: "count"),
        ReferenceAggregate(name: "sum", argument: 3),
        ReferenceAggregate(name: "min", argument: 4),
        ReferenceAggregate(name: "max", argument: 4, condition: 5),
        ReferenceAggregate(name: "count", argument: 3, condition: 5),
    ]

    private func randomRows(
        _ generator: inout SeededGenerator, _ types: [PhysicalType], narrow: Bool, count: Int
    ) -> [[Value]] {
        (0..<count).map { _ in
            (0..<3).map { generator.value(types[$0], isNarrow: narrow) }
                + [
                    generator.value(.int32, isNarrow: true),
                    generator.value(.string, isNarrow: true),
                    [Value.boolean(true), .boolean(false), .null].randomElement(using: &generator)!,
                ]
        }
    }

    @Test(arguments: [false, true]) func everyTypeAsKey(hashesAreZero: Bool) throws {
        var generator = SeededGenerator(seed: 4)
        for type in Self.types {
            for circumstances in Circumstances.allWithSpill(hashesAreZero: hashesAreZero) {
                for isNarrow in [true, false] {
                    let types = [type, .int8, .string, .int32, .string, .int8]
                    let rows = randomRows(
                        &generator, types, narrow: isNarrow, count: hashesAreZero ? 150 : 700)
                    try check(rows, types, keys: [0], aggregates, circumstances)
                }
            }
        }
    }

    @Test(arguments: [false, true]) func severalKeys(hashesAreZero: Bool) throws {
        let circumstances = Circumstances.allWithSpill(hashesAreZero: hashesAreZero)
        var generator = SeededGenerator(seed: 5)
        for round in 0..<24 {
            let types =
                (0..<3).map { _ in Self.types.randomElement(using: &generator)! }
                + [.int32, .string, .int8]
            let rows = randomRows(&generator, types, narrow: true, count: 400)
            // With bounds the groups are numbered directly, strings included.
            let bounds = round % 2 == 0 ? Bounds(low: -3, high: 3) : nil
            try check(
                rows, types, keys: [2, 0, 1], bounds: bounds, aggregates,
                circumstances[round % 8])
            try check(
                rows, types, keys: [2, 0, 1], bounds: bounds,
                sets: [[0, 1, 2], [1], [], [0, 2], [1]], aggregates,
                circumstances[round % 8])
        }
    }

    @Test func manyGroupsThatComeAgain() throws {
        var generator = SeededGenerator(seed: 6)
        for circumstances in Circumstances.all where circumstances.chunkRowCount > 7 {
            for groupCount in [60_000, 200_000] {
                let rows = (0..<260_000).map { _ in
                    [
                        Value.integer(Int128.random(in: 0..<Int128(groupCount), using: &generator)),
                        .integer(1),
                    ]
                }
                try check(
                    rows, [.int32, .int32], keys: [0],
                    [
                        ReferenceAggregate(name: "count"),
                        ReferenceAggregate(name: "sum", argument: 1),
                    ], circumstances)
            }
        }
    }

    @Test func distinctArguments() throws {
        var generator = SeededGenerator(seed: 7)
        let mixed =
            aggregates + [
                ReferenceAggregate(name: "count", argument: 4, isDistinct: true),
                ReferenceAggregate(name: "sum", argument: 3, isDistinct: true),
                ReferenceAggregate(name: "count", argument: 3, isDistinct: true),
                ReferenceAggregate(name: "count", argument: 4, condition: 5, isDistinct: true),
            ]
        for circumstances in Circumstances.allWithSpill {
            let types: [PhysicalType] = [.int16, .string, .int32, .int32, .string, .int8]
            let rows = randomRows(&generator, types, narrow: true, count: 900)
            for keys in [[], [0], [1], [1, 0]] {
                try check(rows, types, keys: keys, mixed, circumstances)
                try check(
                    rows, types, keys: keys, sets: [Array(keys.indices), []], mixed, circumstances)
            }
        }
    }

    @Test func distinctRows() throws {
        var generator = SeededGenerator(seed: 8)
        let types: [PhysicalType] = [.int16, .string, .int32, .int32, .string, .int8]
        let rows = randomRows(&generator, types, narrow: true, count: 3_000)
        for circumstances in Circumstances.allWithSpill {
            try check(rows, types, keys: [0, 1], [], circumstances)
        }
    }

    @Test func noRows() throws {
        let types: [PhysicalType] = [.int16, .string, .int32, .int32, .string, .int8]
        for circumstances in Circumstances.allWithSpill {
            try check([], types, keys: [], aggregates, circumstances)
            try check([], types, keys: [0], aggregates, circumstances)
            try check([], types, keys: [0, 1], sets: [[0], [], []], aggregates, circumstances)
        }
    }
}
