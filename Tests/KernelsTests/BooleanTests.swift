import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct BooleanTests {
    private func truths(_ encoding: SampleEncoding, _ generator: inout SeededGenerator) -> [Value] {
        let values = (0..<200).map { _ in
            [Value.boolean(true), .boolean(false), .null].randomElement(using: &generator)!
        }
        return encoding == .constant ? Array(repeating: values[0], count: 200) : values
    }

    @Test(arguments: SampleEncoding.allCases, SampleEncoding.allCases)
    func connectivesHaveThreeValues(_ first: SampleEncoding, _ second: SampleEncoding) {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<10 {
            let (a, b) = (truths(first, &generator), truths(second, &generator))
            let left = Vector(.int8, values: a, as: first)
            let right = Vector(.int8, values: b, as: second)
            for row in 0..<200 {
                let and: Value =
                    a[row] == .boolean(false) || b[row] == .boolean(false)
                    ? .boolean(false) : a[row].isNull || b[row].isNull ? .null : .boolean(true)
                let or: Value =
                    a[row] == .boolean(true) || b[row] == .boolean(true)
                    ? .boolean(true) : a[row].isNull || b[row].isNull ? .null : .boolean(false)
                #expect(left.combined(.and, right).value(at: row) == and)
                #expect(left.combined(.or, right).value(at: row) == or)
            }
            let not = a.map { value in value.integer.map { Value.boolean($0 == 0) } ?? .null }
            #expect(left.negatedTruth().allValues == not)
            #expect(left.nullMask().allValues == a.map { .boolean($0.isNull) })
            #expect(left.trueCount() == a.filter { $0 == .boolean(true) }.count)
            let selected = a.indices.filter { a[$0] == .boolean(true) }
            #expect(Selection(trueRowsOf: left).list == selected)
        }
    }

    /// Makes truth values of samples of integers: an odd number is true.
    private func truths(of column: SampleColumn, _ encoding: SampleEncoding) -> SampleColumn {
        var truths = column
        truths.values = column.values.map { value in
            value.integer.map { .boolean($0 % 2 != 0) } ?? .null
        }
        guard !truths.values.isEmpty else {
            truths.vector = Vector(.int8, values: [])
            return truths
        }
        truths.vector = Vector(.int8, values: truths.values, as: encoding)
        return truths
    }

    @Test func truthsOfEverySample() {
        withEverySample(of: .int8) { column, encoding in
            let truths = truths(of: column, encoding)
            let (values, vector) = (truths.values, truths.vector)
            let not = values.map { value in value.integer.map { Value.boolean($0 == 0) } ?? .null }
            #expect(vector.negatedTruth().allValues == not, TestTrace.comment)
            #expect(
                vector.nullMask().allValues == values.map { .boolean($0.isNull) }, TestTrace.comment
            )
            let selected = values.indices.filter { values[$0] == .boolean(true) }
            #expect(vector.trueCount() == selected.count, TestTrace.comment)
            #expect(Selection(trueRowsOf: vector).list == selected, TestTrace.comment)
            withEvery("constant", in: [Value.boolean(true), .boolean(false), .null]) { constant in
                let other = Vector(constant: constant, .int8, count: values.count)
                let and = values.map { value -> Value in
                    if value == .boolean(false) || constant == .boolean(false) {
                        return .boolean(false)
                    }
                    return value.isNull || constant.isNull ? .null : .boolean(true)
                }
                let or = values.map { value -> Value in
                    if value == .boolean(true) || constant == .boolean(true) {
                        return .boolean(true)
                    }
                    return value.isNull || constant.isNull ? .null : .boolean(false)
                }
                #expect(vector.combined(.and, other).allValues == and, TestTrace.comment)
                #expect(other.combined(.and, vector).allValues == and, TestTrace.comment)
                #expect(vector.combined(.or, other).allValues == or, TestTrace.comment)
                #expect(other.combined(.or, vector).allValues == or, TestTrace.comment)
            }
        }
    }

    @Test func selectionsCombine() {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<50 {
            let outer = Selection.random(of: 500, rate: 0.5, using: &generator)
            let inner = Selection.random(of: outer.count, rate: 0.5, using: &generator)
            let other = Selection.random(of: 500, rate: 0.2, using: &generator)
            #expect(inner.composed(within: outer).list == inner.list.map { outer.list[$0] })
            #expect(outer.union(other).list == Set(outer.list + other.list).sorted())
            let complement = Set(0..<500).subtracting(outer.list).sorted()
            #expect(outer.complement(of: 500).list == complement)
        }
    }
}
