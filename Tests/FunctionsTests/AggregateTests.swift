import Testing

import StarlingErrors
import StarlingFunctions
import StarlingTypes
import StarlingVectors

struct AggregateTests {
    private func values(_ texts: [String?], _ type: LogicalType) -> [Value] {
        texts.map { text in text.flatMap { Value(parsing: $0, as: type) } ?? .null }
    }

    /// The types that StarRocks gives.
    @Test(arguments: [
        ("sum", "int", "bigint"), ("sum", "bigint", "bigint"), ("sum", "largeint", "largeint"),
        ("sum", "decimal(15,2)", "decimal(38,2)"), ("sum", "float", "double"),
        ("avg", "int", "double"), ("avg", "decimal(15,2)", "decimal(38,8)"),
        ("avg", "decimal(15,3)", "decimal(38,9)"), ("avg", "decimal(15,5)", "decimal(38,11)"),
        ("avg", "decimal(15,6)", "decimal(38,12)"), ("avg", "decimal(38,19)", "decimal(38,19)"),
        ("avg", "decimal(15,9)", "decimal(38,12)"), ("min", "varchar(5)", "varchar(5)"),
        ("count", "date", "bigint"), ("stddev", "int", "double"), ("count_if", "int", "bigint"),
    ])
    func resultTypes(name: String, argument: String, result: String) throws {
        let call = try AggregateCall(name, try LogicalType(name: argument))
        #expect(call.signature.resultType.description == result)
    }

    @Test(arguments: ["sum", "avg", "min", "max", "count", "any_value", "bool_or"])
    func nothingGivesNullOrZero(name: String) throws {
        let call = try AggregateCall(name, .int)
        let expected: String? = name == "count" ? "0" : nil
        #expect(try call.results([], groupCount: 2) == [expected, expected])
        #expect(try call.results([.null, .null, .null], groupCount: 1) == [expected])
    }

    /// Sums every integer layout, with and without proof that 64 bits suffice, grouped and not.
    @Test func sumsAgreeInEveryLayout() throws {
        let numbers = (0..<1_500).map { ($0 * 7_919) % 201 - 100 }
        let values = numbers.map { $0 % 13 == 0 ? Value.null : .integer(Int128($0)) }
        let call = try AggregateCall("sum", .bigint)
        let average = try AggregateCall("avg", .decimal(precision: 5, scale: 1))
        for groupCount in [1, 3] {
            let groups = (0..<groupCount).map { group in
                numbers.enumerated().filter {
                    $0.offset % groupCount == group && $0.element % 13 != 0
                }
                .map(\.element)
            }
            let sums = groups.map { String($0.reduce(0, +)) }
            for layout in [PhysicalType.int8, .int16, .int32, .int64, .int128] {
                for encoding in AggregateCall.Encoding.allCases {
                    for rowCount in [nil, 1_500] {
                        let bounds = Bounds(low: -100, high: 100)
                        let results = try call.results(
                            values, groupCount: groupCount, layout: layout, bounds: bounds,
                            rowCountMaximum: rowCount, encoding: encoding)
                        #expect(results == sums)
                        let averages = try average.results(
                            values, groupCount: groupCount, layout: layout, bounds: bounds,
                            rowCountMaximum: rowCount, encoding: encoding)
                        for (text, group) in zip(averages, groups) {
                            let sum = Double(group.reduce(0, +)) / 10
                            let exact = sum / Double(group.count)
                            #expect(abs(Double(text!)! - exact) <= 0.500_001e-7)
                        }
                    }
                }
            }
        }
    }

    @Test func sumsBeyondTheTypeAreErrors() throws {
        let maximum = Value.integer(Int128(Int64.max))
        let bigint = try AggregateCall("sum", .bigint)
        #expect(throws: StarlingError.self) {
            try bigint.results([maximum, maximum], groupCount: 1)
        }
        // Only the end counts, not the way there.
        let there = [maximum, maximum, .integer(-Int128(Int64.max))]
        #expect(try bigint.results(there, groupCount: 1) == ["9223372036854775807"])
        let largeint = try AggregateCall("sum", .largeint)
        let huge = Value.integer(.max)
        #expect(throws: StarlingError.self) { try largeint.results([huge, huge], groupCount: 1) }
        let decimal = try AggregateCall("sum", .decimal(precision: 38, scale: 0))
        let nines = Value.integer(decimalMagnitudeMaximum)
        #expect(throws: StarlingError.self) { try decimal.results([nines, nines], groupCount: 1) }
    }

    @Test func averagesOfDecimalsRound() throws {
        let type = LogicalType.decimal(precision: 15, scale: 2)
        let call = try AggregateCall("avg", type)
        #expect(try call.results(values(["1", "1", "0"], type), groupCount: 1) == ["0.66666667"])
        #expect(
            try call.results(values(["-1", "-1", "0"], type), groupCount: 1) == ["-0.66666667"])
    }

    @Test(arguments: AggregateCall.Encoding.allCases)
    func extremesOfStringsOutliveTheChunk(encoding: AggregateCall.Encoding) throws {
        let texts: [String?] = [
            "pear", nil, "a long string beyond twelve bytes", "fig", "a long string",
            "zebra in the zoo",
        ]
        let least = try AggregateCall("min", .string)
        let greatest = try AggregateCall("max", .string)
        let rows = values(texts, .string)
        #expect(
            try least.results(rows, groupCount: 2, encoding: encoding)
                == ["a long string", "fig"])
        #expect(
            try greatest.results(rows, groupCount: 2, encoding: encoding)
                == ["pear", "zebra in the zoo"])
        #expect(try least.results(rows, groupCount: 1, encoding: encoding) == ["a long string"])
    }

    @Test(
        arguments: [
            ("int", ["3", "-1", nil, "2"], "-1", "3"),
            ("largeint", ["3", "-1", nil, "2"], "-1", "3"),
            ("double", ["3", "-1.5", nil, "nan"], "-1.5", "nan"),
            ("float", ["3", "-1.5"], "-1.5", "3"),
            ("date", ["2024-01-02", "1960-01-01"], "1960-01-01", "2024-01-02"),
        ] as [(String, [String?], String, String)])
    func extremes(type: String, texts: [String?], least: String, greatest: String) throws {
        let type = try LogicalType(name: type)
        let rows = values(texts, type)
        #expect(try AggregateCall("min", type).results(rows, groupCount: 1) == [least])
        #expect(try AggregateCall("max", type).results(rows, groupCount: 1) == [greatest])
        #expect(try AggregateCall("any_value", type).results(rows, groupCount: 1) == [texts[0]])
    }

    /// DuckDB gives these over 2, 4, 4, 4, 5, 5, 7, 9.
    @Test(arguments: [
        ("variance", "4"), ("var_samp", "4.571428571428571"), ("stddev", "2"),
        ("stddev_samp", "2.138089935299395"),
    ])
    func variances(name: String, result: String) throws {
        let rows = [2, 4, 4, 4, 5, 5, 7, 9].map { Value.floating($0) }
        let text = try #require(try AggregateCall(name, .double).results(rows, groupCount: 1)[0])
        #expect(abs(Double(text)! - Double(result)!) < 1e-14)
        let single = try AggregateCall(name, .double).results([.floating(3)], groupCount: 1)
        #expect(single == [name.hasSuffix("samp") ? nil : "0"])
    }

    @Test func truthAndCounts() throws {
        let rows: [Value] = [.boolean(true), .null, .boolean(false), .boolean(false)]
        #expect(try AggregateCall("bool_or", .boolean).results(rows, groupCount: 2) == ["1", "0"])
        #expect(try AggregateCall("bool_and", .boolean).results(rows, groupCount: 1) == ["0"])
        #expect(try AggregateCall("count_if", .boolean).results(rows, groupCount: 2) == ["1", "0"])
        #expect(try AggregateCall("count", .boolean).results(rows, groupCount: 2) == ["2", "1"])
    }

    /// Small groups are counted exactly, large ones within three times the standard error.
    @Test func distinctValuesAreEstimated() throws {
        let call = try AggregateCall("approx_count_distinct", .bigint)
        let few: [Value] = (0..<1_000).map { $0 % 50 == 7 ? .null : .integer(Int128($0 % 100)) }
        #expect(try call.results(few, groupCount: 1) == ["98"])
        #expect(try call.results([.null, .null], groupCount: 1) == ["0"])
        for count in [700, 2_000, 5_000, 100_000, 400_000] {
            let values = (0..<count).map { Value.integer(Int128($0)) }
            let estimate = try #require(
                try call.results(values, groupCount: 1)[0].flatMap { Int($0) })
            #expect(abs(estimate - count) <= count * 25 / 1_000, "\(estimate) for \(count)")
            // The two halves hold the same values.
            let twice = values + values
            #expect(try call.results(twice, groupCount: 1) == [String(estimate)])
        }
        let texts = try AggregateCall("ndv", .string)
        let names = (0..<300).map { Value.text("a name that is long \($0 % 30)") }
        for encoding in AggregateCall.Encoding.allCases {
            let results = try texts.results(names, groupCount: 2, encoding: encoding)
            #expect(results == ["15", "15"])
        }
    }
}
