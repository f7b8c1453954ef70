// mann_whitney_u_test(sample, treatment, …): whether two samples come from one distribution (Mann
// and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the
// Other", Annals of Mathematical Statistics 1947), by the normal approximation with the correction
// for ties. The result is StarRocks': a JSON array of the statistic and the p-value.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import StarlingErrors
import StarlingTypes
import StarlingVectors

struct RankTestState: BitwiseCopyable {
    /// Pairs of a value and the number of its sample, 16 bytes each.
    var items: ByteList
    var alternative: Int32
    var isContinuous: Int32
}

extension RankTestState: StoredState {
    func write(to writer: inout StateWriter) {
        writer.append(alternative)
        writer.append(isContinuous)
        writer.append(items)
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> RankTestState {
        let alternative: Int32 = try reader.read()
        let isContinuous: Int32 = try reader.read()
        let items = try reader.readList(heap)
        guard items.byteCount % 16 == 0, (0...2).contains(alternative) else {
            throw StateReader.damage
        }
        return RankTestState(items: items, alternative: alternative, isContinuous: isContinuous)
    }
}

/// Gathers two samples.
private struct RankTest: RowAggregate {
    struct Rows {
        let values: DecodedVector
        let treatments: DecodedVector
        let alternatives: DecodedVector?
        let corrections: DecodedVector?
    }

    private struct Item {
        var value: Double
        var sample: Int64
    }

    static let alternatives = ["two-sided", "less", "greater"]

    var resultPhysicalType: PhysicalType { .string }
    var gathersRows: Bool { true }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        Rows(
            values: DecodedVector(arguments[0]), treatments: DecodedVector(arguments[1]),
            alternatives: arguments.count > 2 ? DecodedVector(arguments[2]) : nil,
            corrections: arguments.count > 3 ? DecodedVector(arguments[3]) : nil)
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout RankTestState, heap: StringHeap
    ) throws(StarlingError) {
        guard rows.values.isValid(row), rows.treatments.isValid(row) else { return }
        if state.items.isEmpty {
            state.isContinuous = 1
            if let corrections = rows.corrections, corrections.isValid(row) {
                state.isContinuous = corrections.value(row, as: Int8.self) == 0 ? 0 : 1
            }
            if let alternatives = rows.alternatives, alternatives.isValid(row) {
                let name = String(decoding: alternatives.text(row).bytes, as: UTF8.self)
                guard let number = Self.alternatives.firstIndex(of: name.lowercased()) else {
                    throw StarlingError(
                        .data,
                        "mann_whitney_u_test() takes 'two-sided', 'less' or 'greater', not "
                            + "'\(name)'")
                }
                state.alternative = Int32(number)
            }
        }
        let isTreated = rows.treatments.value(row, as: Int8.self) != 0
        let item = Item(value: rows.values.value(row), sample: isTreated ? 1 : 0)
        state.items.extend(by: MemoryLayout<Item>.stride, heap)
            .initializeMemory(as: Item.self, to: item)
    }

    func isEmpty(_ state: RankTestState) -> Bool { state.items.isEmpty }

    func merge(_ source: RankTestState, into target: inout RankTestState, heap: StringHeap) {
        if target.items.isEmpty {
            target.alternative = source.alternative
            target.isContinuous = source.isContinuous
        }
        target.items.append(source.items, heap)
    }

    func results(_ states: StateList<RankTestState>) -> Vector {
        storedResults(states, { Self.outcome($0) }, isEmpty)
    }

    private static func outcome(_ state: RankTestState) -> [UInt8] {
        let items = UnsafeBufferPointer(
            start: state.items.start.assumingMemoryBound(to: Item.self),
            count: Int(state.items.byteCount) / MemoryLayout<Item>.stride
        ).sorted { $0.value < $1.value }
        var counts = [0.0, 0.0]
        var rankSum = 0.0
        var ties = 0.0
        var start = 0
        for end in 1...items.count
        where end == items.count || items[end].value != items[start].value {
            let size = Double(end - start)
            let rank = Double(start + end + 1) / 2
            ties += size * size * size - size
            for item in items[start..<end] {
                counts[item.sample == 0 ? 0 : 1] += 1
                if item.sample == 0 { rankSum += rank }
            }
            start = end
        }
        let (first, second, all) = (counts[0], counts[1], Double(items.count))
        let less = first * second + first * (first + 1) / 2 - rankSum
        let greater = first * second - less
        let deviation =
            ((1 - ties / (all * all * all - all)) * first * second * (all + 1) / 12).squareRoot()
        guard deviation > 0, deviation.isFinite else {
            return Array(
                "{\"Error\": \"All numbers in both samples are identical.\"}".utf8)
        }
        let mean = first * second / 2 + (state.isContinuous == 0 ? 0 : 0.5)
        let probability: Double
        switch state.alternative {
        case 1: probability = tail((less - mean) / deviation)
        case 2: probability = tail((greater - mean) / deviation)
        default: probability = 2 * tail(abs(max(less, greater) - mean) / deviation)
        }
        var text: [UInt8] = Array("[".utf8)
        appendDouble(greater, to: &text)
        text += Array(", ".utf8)
        appendDouble(probability, to: &text)
        return text + Array("]".utf8)
    }

    /// The share of a standard normal distribution above a value.
    private static func tail(_ value: Double) -> Double {
        // From the share below, as StarRocks has it: the last digits are the same.
        1 - erfc(-value / 2.0.squareRoot()) / 2
    }
}

enum RankTests {
    static let rows = [
        AggregateFunction(
            "mann_whitney_u_test",
            summary: "Tests whether two samples come from one distribution: the statistic U and "
                + "the p-value.",
            examples: [
                (
                    "(SELECT mann_whitney_u_test(x, t, 'two-sided', false) FROM (VALUES "
                        + "(1, true), (1, false), (2, true), (2, false)) AS s(x, t))", "[2, 1]"
                )
            ],
            form: ("mann_whitney_u_test(double, boolean[, varchar[, boolean]])", "json"),
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "mann_whitney_u_test", [.double, .boolean, .string, .boolean], 2...4,
                    returns: .json)
            },
            makeKernel: { _ throws(StarlingError) in RowKernel(RankTest()) })
    ]
}
