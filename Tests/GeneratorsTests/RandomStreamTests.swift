import Testing

import StarlingGenerators

@Suite struct RandomStreamTests {
    /// Park and Miller give this value for their generator, to check implementations with.
    @Test func tenThousandStepsFromOne() {
        var state: UInt32 = 1
        for _ in 0..<10_000 { state = RandomStream.next(state) }
        #expect(state == 1_043_618_065)
        #expect(RandomStream(seed: 1).state(at: 9_999) == 1_043_618_065)
        #expect(RandomStream.power(10_000) == 1_043_618_065)
    }

    @Test(arguments: [0, 1, 7, 8, 9, 2_048], [1, 2, 7, 92])
    func statesAreThoseOfSingleSteps(count: Int, stride: Int) {
        let stream = RandomStream(seed: 933_588_178)
        var state = stream.seed
        var expected: [UInt32] = []
        for step in 0..<(5 + count * stride) {
            state = RandomStream.next(state)
            if step >= 5, (step - 5) % stride == 0 { expected.append(state) }
        }
        #expect(stream.states(from: 5, stride: stride, count: count) == expected)
    }

    /// The reference computes in floating point; integers must not differ from it.
    @Test(arguments: [1, 2, 7, 50, 92, 9_999, 200_000, 1_048_576])
    func integerDrawsEqualFloatingOnes(width: Int) {
        let range = UniformRange(1, width)
        var states = RandomStream(seed: 19_620_718).states(from: 0, stride: 1, count: 20_000)
        states += [1, 2, 2_147_483_646, 2_147_483_645]
        // The states next to the borders between two values.
        for k in stride(from: 1, to: width, by: max(1, width / 1_000)) {
            let border = UInt32(k * 2_147_483_647 / width)
            states += [border, border + 1].filter { $0 > 0 && $0 < 2_147_483_647 }
        }
        let expected = states.map { Int64(Double($0) / 2_147_483_647 * Double(width)) + 1 }
        #expect(range.values(states) == expected)
    }
}
