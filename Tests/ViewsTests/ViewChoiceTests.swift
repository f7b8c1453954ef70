// Views are chosen by what they save and what they cost. Expectations are reckoned by hand.

import StarlingViews
import Testing

struct ViewChoiceTests {
    private static let queries = [
        ViewChoice.Question(weight: 1, cost: 1_000), ViewChoice.Question(weight: 1, cost: 1_000),
    ]

    private func choice(_ candidates: [ViewChoice.Candidate]) -> ViewChoice {
        ViewChoice(Self.queries, candidates)
    }

    @Test func eachQueryReadsItsOwn() {
        let choice = choice([
            .init(upkeep: 10, costs: [10, nil]), .init(upkeep: 10, costs: [nil, 20]),
        ])
        #expect(choice.total == 2_000)
        #expect(choice.taken { _, _ in nil }.sorted() == [0, 1])
        let answers = choice.answers(of: [0])
        #expect(answers.costs == [10, 1_000])
        #expect(answers.places == [0, nil])
    }

    /// Half of what a query reads is the least that a view has to save of it, and a hundredth of all that
    /// is read.
    @Test func littleIsNotWorthIt() {
        #expect(choice([.init(upkeep: 1, costs: [500, 500])]).taken { _, _ in nil } == [])
        #expect(choice([.init(upkeep: 1, costs: [499, 499])]).taken { _, _ in nil } == [0])
        let rare = ViewChoice(
            [.init(weight: 1, cost: 10), .init(weight: 1, cost: 10_000)],
            [.init(upkeep: 1, costs: [1, nil])])
        #expect(rare.taken { _, _ in nil } == [])
    }

    /// The last one answers both at a total of 30, the others together at 20: ten more than they do are
    /// less than a hundredth of 2,000.
    @Test func oneTakesThePlaceOfTwo() {
        let candidates: [ViewChoice.Candidate] = [
            .init(upkeep: 10, costs: [10, nil]), .init(upkeep: 10, costs: [nil, 10]),
            .init(upkeep: 20, costs: [15, 15]),
        ]
        #expect(choice(candidates).taken { _, _ in nil }.sorted() == [0, 1])
        #expect(choice(candidates).taken { _, _ in 2 } == [2])
    }

    /// The first saves the most for its upkeep and is not needed when the second, which answers its
    /// query nearly as well, has come for the other one.
    @Test func whatLaterOnesMakeNeedlessGoes() {
        let choice = choice([
            .init(upkeep: 5, costs: [5, nil]), .init(upkeep: 20, costs: [20, 20]),
        ])
        #expect(choice.taken { _, _ in nil } == [1])
    }
}
