import StarlingExecution
import StarlingFunctions
import StarlingPlans
import StarlingTestSupport
import StarlingTypes
import Testing

/// Computes one window function for a row by its definition, row by row.
private struct ReferenceWindow {
    /// The partition in order.
    let rows: [[Value]]
    let keys: [SortColumn]
    let call: WindowCall
    let name: String

    private func peers(_ left: Int, _ right: Int) -> Bool {
        rowOrder(rows[left], rows[right], keys) == 0
    }

    /// The positions of a row's frame.
    private func frame(_ row: Int) -> [Int] {
        rows.indices.filter {
            isBehindStart($0, row) && isBeforeEnd($0, row) && !isExcluded($0, row)
        }
    }

    private func isExcluded(_ position: Int, _ row: Int) -> Bool {
        switch call.frame.exclusion {
        case nil: false
        case .currentRow: position == row
        case .group: peers(position, row)
        case .ties: peers(position, row) && position != row
        }
    }

    /// The number of a row's peers among all peers, in order.
    private func group(_ row: Int) -> Int {
        (0..<row).filter { !peers($0, $0 + 1) }.count
    }

    private func isBehindStart(_ position: Int, _ row: Int) -> Bool {
        switch (call.frame.unit, call.frame.start) {
        case (_, .unboundedPreceding): return true
        case (_, .unboundedFollowing): return false
        case (.rows, .currentRow): return position >= row
        case (.rows, .preceding(let column)):
            return position >= row - Int(rows[row][column].integer!)
        case (.rows, .following(let column)):
            return position >= row + Int(rows[row][column].integer!)
        case (.range, .currentRow), (.groups, .currentRow):
            return position >= row || peers(position, row)
        case (.groups, .preceding(let column)):
            return group(position) >= group(row) - Int(rows[row][column].integer!)
        case (.groups, .following(let column)):
            return group(position) >= group(row) + Int(rows[row][column].integer!)
        case (.range, .preceding(let column)), (.range, .following(let column)):
            let (key, bound) = (rows[position][keys[0].position], rows[row][column])
            if bound.isNull { return position >= row || peers(position, row) }
            if key.isNull { return (position > row) == !keys[0].nullsFirst && position > row }
            return keys[0].isAscending
                ? key.integer! >= bound.integer! : key.integer! <= bound.integer!
        }
    }

    private func isBeforeEnd(_ position: Int, _ row: Int) -> Bool {
        switch (call.frame.unit, call.frame.end) {
        case (_, .unboundedFollowing): return true
        case (_, .unboundedPreceding): return false
        case (.rows, .currentRow): return position <= row
        case (.rows, .preceding(let column)):
            return position <= row - Int(rows[row][column].integer!)
        case (.rows, .following(let column)):
            return position <= row + Int(rows[row][column].integer!)
        case (.range, .currentRow), (.groups, .currentRow):
            return position <= row || peers(position, row)
        case (.groups, .preceding(let column)):
            return group(position) <= group(row) - Int(rows[row][column].integer!)
        case (.groups, .following(let column)):
            return group(position) <= group(row) + Int(rows[row][column].integer!)
        case (.range, .preceding(let column)), (.range, .following(let column)):
            let (key, bound) = (rows[position][keys[0].position], rows[row][column])
            if bound.isNull { return position <= row || peers(position, row) }
            // A NULL lies in the frame only where the frame goes on to its side.
            if key.isNull { return position < row }
            return keys[0].isAscending
                ? key.integer! <= bound.integer! : key.integer! >= bound.integer!
        }
    }

    func result(_ row: Int) -> Value {
        let before = rows.indices.filter { rowOrder(rows[$0], rows[row], keys) < 0 }.count
        let notBehind = rows.indices.filter { rowOrder(rows[$0], rows[row], keys) <= 0 }.count
        switch call.function {
        case .aggregate: return aggregate(frame(row).map { rows[$0][call.arguments[0]] })
        case .ranking(let kind):
            switch kind {
            case .rowNumber: return .integer(Int128(row + 1))
            case .rank: return .integer(Int128(before + 1))
            case .denseRank:
                let earlier = Set(
                    (0..<row).filter { rowOrder(rows[$0], rows[row], keys) < 0 }
                        .map { canonical([rows[$0][keys[0].position]]) })
                return .integer(Int128(earlier.count + 1))
            case .percentRank:
                return .floating(
                    rows.count == 1 ? 0 : Double(before) / Double(rows.count - 1))
            case .cumulativeDistribution:
                return .floating(Double(notBehind) / Double(rows.count))
            case .ntile: return tile(row)
            case .sessionNumber: preconditionFailure("tested in SQL")
            case .lead, .lag: return shifted(row, kind == .lead ? 1 : -1)
            case .firstValue: return values(row).first ?? .null
            case .lastValue: return values(row).last ?? .null
            case .nthValue:
                let wanted = Int(rows[row][call.arguments[1]].integer!)
                let values = values(row)
                return wanted <= values.count ? values[wanted - 1] : .null
            }
        }
    }

    private func values(_ row: Int) -> [Value] {
        let values = frame(row).map { rows[$0][call.arguments[0]] }
        return call.ignoresNulls ? values.filter { !$0.isNull } : values
    }

    private func tile(_ row: Int) -> Value {
        let count = Int(rows[row][call.arguments[0]].integer!)
        // Deals the rows out one after the other, larger parts first.
        var sizes = Array(repeating: 0, count: count)
        for position in rows.indices { sizes[position % count] += 1 }
        var (part, rest) = (0, row)
        while rest >= sizes[part] {
            rest -= sizes[part]
            part += 1
        }
        return .integer(Int128(part + 1))
    }

    private func shifted(_ row: Int, _ direction: Int) -> Value {
        var left = Int(rows[row][call.arguments[1]].integer!)
        var position = row
        while left > 0 {
            position += direction
            guard rows.indices.contains(position) else { return rows[row][call.arguments[2]] }
            if call.ignoresNulls, rows[position][call.arguments[0]].isNull { continue }
            left -= 1
        }
        return rows[position][call.arguments[0]]
    }

    private func aggregate(_ values: [Value]) -> Value {
        let values = values.filter { !$0.isNull }
        switch name {
        case "count": return .integer(Int128(values.count))
        case "sum":
            return values.isEmpty ? .null : .integer(values.reduce(0) { $0 + $1.integer! })
        default: return values.max { sqlOrder($0, $1) < 0 } ?? .null
        }
    }
}

@Suite struct WindowSinkTests {
    /// Partition, key, number, identity, text, key - 1, key + 2, number of rows, another one.
    private static let types: [PhysicalType] = [
        .string, .int16, .int32, .int32, .string, .int32, .int32, .int8, .int64,
    ]

    private func makeRows(_ count: Int, _ generator: inout SeededGenerator) -> [[Value]] {
        (0..<count).map { number in
            let key = generator.value(.int16, isNarrow: true)
            return [
                generator.value(.string, isNarrow: true), key,
                generator.value(.int32, isNarrow: true), .integer(Int128(number)),
                generator.value(.string, isNarrow: false),
                key.integer.map { .integer($0 - 1) } ?? .null,
                key.integer.map { .integer($0 + 2) } ?? .null,
                .integer(Int128.random(in: 0...3, using: &generator)),
                .integer(Int128.random(in: 1...4, using: &generator)),
            ]
        }
    }

    private func aggregate(
        _ name: String, _ argument: Int, _ frame: WindowCall.Frame
    ) throws -> WindowCall {
        let function = try #require(FunctionRegistry.builtin.aggregate(name))
        let type = Self.types[argument]
        let signature = try function.resolve(
            ArgumentList(types: [logicalType(type)], constants: [nil]))
        let kernel = try function.makeKernel(
            AggregateCallTypes(
                signature: signature, physicalTypes: [type], bounds: [nil], rowCountMaximum: nil))
        return WindowCall(
            function: .aggregate(kernel), arguments: [argument], frame: frame,
            resultType: kernel.resultPhysicalType)
    }

    private func check(
        _ rows: [[Value]], partitioned: Bool, _ keys: [SortColumn], _ call: WindowCall,
        _ name: String, _ circumstances: Circumstances
    ) throws {
        let partitionKeys = partitioned ? [SortColumn(position: 0, physicalType: .string)] : []
        let sink = WindowSink(
            types: Self.types, partitionKeys: partitionKeys, orderKeys: keys, calls: [call])
        let output = CollectingSink()
        try PipelineRunner(circumstances.makeExecution()).run([
            Pipeline(
                source: RowsSource(
                    rows, Self.types, chunkRowCount: circumstances.chunkRowCount),
                transforms: [], sink: sink),
            Pipeline(source: WindowSource(sink), transforms: [], sink: output),
        ])
        let partitions = Dictionary(grouping: rows) { partitioned ? canonical([$0[0]]) : "" }
        var wanted: [String] = []
        for partition in partitions.values {
            let ordered = partition.sorted { rowOrder($0, $1, keys) < 0 }
            let reference = ReferenceWindow(
                rows: ordered, keys: keys, call: call, name: name)
            for row in ordered.indices {
                wanted.append(canonical(ordered[row] + [reference.result(row)]))
            }
        }
        try #require(
            output.rows.map(canonical).sorted() == wanted.sorted(),
            "\(name) \(call.frame), \(keys[0]), \(circumstances)")
    }

    private func eachOrder(
        _ body: (SortColumn, Circumstances, Bool) throws -> Void
    ) throws {
        for (number, circumstances) in Circumstances.allWithSpill.enumerated() {
            let key = SortColumn(
                position: 1, physicalType: .int16, isAscending: number & 1 == 0,
                nullsFirst: number & 2 == 0)
            try body(key, circumstances, true)
            try body(key, circumstances, false)
        }
    }

    private static let identity = SortColumn(position: 3, physicalType: .int32)

    @Test func ranks() throws {
        var generator = SeededGenerator(seed: 10)
        let rows = makeRows(220, &generator)
        let frame = WindowCall.Frame(
            unit: .range, start: .unboundedPreceding, end: .currentRow)
        try eachOrder { key, circumstances, partitioned in
            for kind in [
                WindowFunction.Kind.rank, .denseRank, .percentRank, .cumulativeDistribution,
            ] {
                let isShare = kind == .percentRank || kind == .cumulativeDistribution
                let call = WindowCall(
                    function: .ranking(kind), arguments: [], frame: frame,
                    resultType: isShare ? .float64 : .int64)
                try check(rows, partitioned: partitioned, [key], call, "\(kind)", circumstances)
            }
            let numbered = WindowCall(
                function: .ranking(.rowNumber), arguments: [], frame: frame, resultType: .int32)
            try check(
                rows, partitioned: partitioned, [key, Self.identity], numbered, "row_number",
                circumstances)
        }
    }

    @Test func tiles() throws {
        var generator = SeededGenerator(seed: 14)
        for count in [1, 2, 3, 7, 300] {
            var rows = makeRows(120, &generator)
            for row in rows.indices { rows[row][8] = .integer(Int128(count)) }
            let call = WindowCall(
                function: .ranking(.ntile), arguments: [8],
                frame: .init(unit: .rows, start: .unboundedPreceding, end: .unboundedFollowing),
                resultType: .int64)
            try check(
                rows, partitioned: count < 300, [Self.identity], call, "ntile",
                Circumstances.all[count % 4])
        }
    }

    private static let frames: [WindowCall.Frame] = [
        .init(unit: .rows, start: .unboundedPreceding, end: .unboundedFollowing),
        .init(unit: .rows, start: .unboundedPreceding, end: .currentRow),
        .init(unit: .range, start: .unboundedPreceding, end: .currentRow),
        .init(unit: .rows, start: .preceding(column: 7), end: .following(column: 8)),
        .init(unit: .rows, start: .preceding(column: 8), end: .preceding(column: 7)),
        .init(unit: .rows, start: .following(column: 7), end: .unboundedFollowing),
        .init(unit: .rows, start: .unboundedPreceding, end: .preceding(column: 8)),
        .init(unit: .groups, start: .preceding(column: 7), end: .following(column: 8)),
        .init(unit: .groups, start: .preceding(column: 8), end: .preceding(column: 7)),
        .init(unit: .groups, start: .following(column: 7), end: .unboundedFollowing),
        .init(unit: .groups, start: .unboundedPreceding, end: .currentRow),
        .init(unit: .range, start: .currentRow, end: .unboundedFollowing),
        .init(
            unit: .rows, start: .unboundedPreceding, end: .unboundedFollowing,
            exclusion: .currentRow),
        .init(
            unit: .rows, start: .preceding(column: 7), end: .following(column: 8),
            exclusion: .group),
        .init(unit: .rows, start: .unboundedPreceding, end: .currentRow, exclusion: .ties),
        .init(
            unit: .range, start: .unboundedPreceding, end: .currentRow, exclusion: .currentRow),
    ]

    private static func rangeFrames(_ key: SortColumn) -> [WindowCall.Frame] {
        // Descending keys get smaller with every following row.
        let (low, high) = key.isAscending ? (5, 6) : (6, 5)
        return [
            .init(unit: .range, start: .preceding(column: low), end: .following(column: high)),
            .init(unit: .range, start: .unboundedPreceding, end: .preceding(column: low)),
            .init(unit: .range, start: .following(column: high), end: .unboundedFollowing),
            .init(unit: .range, start: .currentRow, end: .following(column: high)),
            .init(
                unit: .range, start: .preceding(column: low), end: .following(column: high),
                exclusion: .ties),
            .init(
                unit: .range, start: .unboundedPreceding, end: .following(column: high),
                exclusion: .group),
        ]
    }

    @Test func aggregatesOverFrames() throws {
        var generator = SeededGenerator(seed: 11)
        let rows = makeRows(180, &generator)
        try eachOrder { key, circumstances, partitioned in
            for frame in Self.frames + Self.rangeFrames(key) {
                for (name, argument) in [("sum", 2), ("count", 2), ("max", 4)] {
                    let call = try aggregate(name, argument, frame)
                    let keys = frame.unit == .range ? [key] : [key, Self.identity]
                    try check(
                        rows, partitioned: partitioned, keys, call, name, circumstances)
                }
            }
        }
    }

    @Test func valuesOfOtherRows() throws {
        var generator = SeededGenerator(seed: 12)
        let rows = makeRows(180, &generator)
        try eachOrder { key, circumstances, partitioned in
            for ignoresNulls in [true, false] {
                for frame in Self.frames where frame.unit == .rows {
                    for kind in [WindowFunction.Kind.firstValue, .lastValue, .nthValue] {
                        let call = WindowCall(
                            function: .ranking(kind),
                            arguments: kind == .nthValue ? [2, 8] : [4], frame: frame,
                            ignoresNulls: ignoresNulls,
                            resultType: kind == .nthValue ? .int64 : .string)
                        try check(
                            rows, partitioned: partitioned, [key, Self.identity], call,
                            "\(kind)", circumstances)
                    }
                }
                for kind in [WindowFunction.Kind.lead, .lag] {
                    let call = WindowCall(
                        function: .ranking(kind), arguments: [2, 7, 8], frame: Self.frames[0],
                        ignoresNulls: ignoresNulls, resultType: .int64)
                    try check(
                        rows, partitioned: partitioned, [key, Self.identity], call, "\(kind)",
                        circumstances)
                }
            }
        }
    }

    @Test func manyPartitionsInSeveralBatches() throws {
        let rows = (0..<50_000).map { number -> [Value] in
            [
                .text("p\(number % 5_000)"), .integer(Int128(number % 7)), .integer(1),
                .integer(Int128(number)), .null, .null, .null, .integer(0), .integer(1),
            ]
        }
        let call = try aggregate("count", 2, Self.frames[1])
        for circumstances in Circumstances.all where circumstances.chunkRowCount > 7 {
            try check(
                rows, partitioned: true, [Self.identity], call, "count", circumstances)
        }
    }
}
