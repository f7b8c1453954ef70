import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

/// Packs random nested values, and compares with a row-at-a-time reference.
@Suite struct NestedPackingTests {
    static let types: [LogicalType] = [
        .array(.int), .array(.double), .array(.string), .array(.array(.largeint)),
        .map(key: .int, value: .string), .map(key: .string, value: .array(.tinyint)),
        .structure([
            StructureField(name: "a", type: .int), StructureField(name: "b", type: .string),
        ]),
        .structure([
            StructureField(name: "a", type: .array(.bigint)),
            StructureField(
                name: "b", type: .structure([StructureField(name: "c", type: .float)])),
        ]),
        .array(.structure([StructureField(name: "x", type: .map(key: .int, value: .date))])),
    ]

    @Test(arguments: types)
    func valuesComeBack(_ type: LogicalType) {
        var generator = SeededGenerator(seed: 11)
        for count in [0, 1, 5, 300] {
            let values = (0..<count).map { _ in randomValue(type, 3, using: &generator) }
            let vector = Vector(values, as: type)
            #expect((0..<count).map { vector.value(at: $0) } == values)
            let bytes = packed(vector, asKey: false)
            let back = unpacked(bytes, as: type)
            #expect((0..<count).map { back.value(at: $0) } == values)
            let reversed = (0..<count).map { UInt32(count - 1 - $0) }
            let turned = vector.gathered(by: reversed, count: count)
            #expect((0..<count).map { turned.value(at: $0) } == values.reversed())
            var collector = ColumnCollector(type.widestPhysicalType)
            collector.append(turned)
            collector.append(turned.slice(from: 0, count: count / 2))
            let all = collector.finish()
            #expect(
                (0..<all.count).map { all.value(at: $0) }
                    == Array(values.reversed()) + values.reversed().prefix(count / 2))
            #expect(
                (0..<count).map { unpacked(packed(turned, asKey: false), as: type).value(at: $0) }
                    == values.reversed())
        }
    }

    @Test(arguments: types)
    func keysOrderAsValuesDo(_ type: LogicalType) {
        var generator = SeededGenerator(seed: 12)
        let values = (0..<60).map { _ in randomValue(type, 2, using: &generator) }
        let keys = packed(Vector(values, as: type), asKey: true)
        for first in values.indices where !values[first].isNull {
            for second in values.indices where !values[second].isNull {
                let (left, right) = (keys.value(at: first), keys.value(at: second))
                guard case .bytes(let leftBytes) = left, case .bytes(let rightBytes) = right else {
                    Issue.record("a value has no key")
                    return
                }
                let order =
                    leftBytes == rightBytes
                    ? 0 : leftBytes.lexicographicallyPrecedes(rightBytes) ? -1 : 1
                #expect(order == ordered(values[first], values[second], type))
            }
        }
    }

    @Test func constantsStayConstant() {
        for type in Self.types {
            var generator = SeededGenerator(seed: 13)
            let value = randomValue(type, 3, using: &generator)
            let constant = Vector(constant: value, as: type, count: 100)
            #expect(constant.value(at: 70) == value)
            #expect(constant.flattened().value(at: 70) == value)
            let back = unpacked(packed(constant, asKey: false), as: type)
            #expect(back.isConstant && back.value(at: 99) == value)
            let null = Vector.allNull(as: type, type.widestPhysicalType, count: 10)
            #expect(null.flattened().value(at: 9) == .null)
        }
    }

    private func randomValue(
        _ type: LogicalType, _ length: Int, using generator: inout SeededGenerator
    ) -> Value {
        if generator.chance(0.15) { return .null }
        switch type {
        case .array(let element):
            let count = Int.random(in: 0...length, using: &generator)
            return .list((0..<count).map { _ in randomValue(element, length, using: &generator) })
        case .map(let key, let value):
            // Distinct keys in ascending order, so that equal maps are written alike.
            let count = Int.random(in: 0...length, using: &generator)
            let keys = (0..<count).map { number -> Value in
                key == .int ? .integer(Int128(number)) : .text("key \(number)")
            }
            return .list(keys.flatMap { [$0, randomValue(value, length, using: &generator)] })
        case .structure(let fields):
            return .list(fields.map { randomValue($0.type, length, using: &generator) })
        case .string:
            let samples = ["", "a", "a\0", "a\0b", "\0", "abcdefghijklmnop", "\u{1}", "é"]
            return .text(samples.randomElement(using: &generator)!)
        case .float, .double:
            return .floating([1.5, -1.5, .infinity, 2.25, 0].randomElement(using: &generator)!)
        default:
            return .integer(Int128(Int.random(in: -3...3, using: &generator)))
        }
    }

    /// NULL first, then element by element.
    private func ordered(_ left: Value, _ right: Value, _ type: LogicalType) -> Int {
        switch (left, right) {
        case (.null, .null): return 0
        case (.null, _): return -1
        case (_, .null): return 1
        case (.integer(let a), .integer(let b)): return a < b ? -1 : a > b ? 1 : 0
        case (.floating(let a), .floating(let b)): return a < b ? -1 : a > b ? 1 : 0
        case (.bytes(let a), .bytes(let b)):
            return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
        case (.list(let a), .list(let b)):
            for position in 0..<min(a.count, b.count) {
                let inner: LogicalType =
                    switch type {
                    case .array(let element): element
                    case .map(let key, let value): position % 2 == 0 ? key : value
                    case .structure(let fields): fields[position].type
                    default: type
                    }
                let order = ordered(a[position], b[position], inner)
                if order != 0 { return order }
            }
            return a.count < b.count ? -1 : a.count > b.count ? 1 : 0
        default: return 0
        }
    }
}
