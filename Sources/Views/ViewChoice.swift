// Which of several views are worth having, by numbers alone.
//
// 1. Greedily the view is taken that saves the most for its upkeep, until none saves enough (Harinarayan,
//    Rajaraman, Ullman).
// 2. Those that later ones have made needless go.
// 3. Two make room for the one that does what both do, where that costs little more.

/// Chooses among views by what queries cost with each.
package struct ViewChoice {
    /// Is a query: how often it comes, and what it costs without views.
    package struct Question {
        package var weight: Double
        package var cost: Double

        package init(weight: Double, cost: Double) {
            self.weight = weight
            self.cost = cost
        }
    }

    /// Is a view.
    package struct Candidate {
        package var upkeep: Double
        /// What each query costs with it; nil where it does not answer that.
        package var costs: [Double?]

        package init(upkeep: Double, costs: [Double?]) {
            self.upkeep = upkeep
            self.costs = costs
        }
    }

    /// Is what each query costs with some views, and the place of the view that it reads.
    package struct Answers {
        package fileprivate(set) var costs: [Double]
        package fileprivate(set) var places: [Int?]
    }

    /// A query is answered by a view that lets it read less than this.
    private static let keptShareMax = 0.5
    /// A view that saves less than this of all that is read is not worth it.
    private static let savedShareMin = 0.01

    private let questions: [Question]
    private let candidates: [Candidate]

    package init(_ questions: [Question], _ candidates: [Candidate]) {
        self.questions = questions
        self.candidates = candidates
    }

    /// What all queries cost without views.
    package var total: Double { questions.reduce(0) { $0 + $1.weight * $1.cost } }

    private var bearable: Double { total * Self.savedShareMin }

    /// Returns the places of the views that are worth it; `merged` finds the view that does what two do.
    package func taken(merging merged: (Int, Int) -> Int?) -> [Int] {
        var taken: [Int] = []
        while let best = best(besides: taken) { taken.append(best) }
        for place in taken.reversed() { exchange([place], for: nil, in: &taken) }
        for first in taken {
            for second in taken where first != second && taken.contains(first) {
                guard let merged = merged(first, second) else { continue }
                exchange([first, second], for: merged, in: &taken)
            }
        }
        return taken
    }

    /// Lets each query read the best of some views.
    package func answers(of taken: [Int]) -> Answers {
        var answers = Answers(
            costs: questions.map(\.cost), places: questions.map { _ in nil })
        for (number, question) in questions.enumerated() {
            for place in taken {
                guard let cost = candidates[place].costs[number],
                    cost < question.cost * Self.keptShareMax, cost < answers.costs[number]
                else { continue }
                answers.costs[number] = cost
                answers.places[number] = place
            }
        }
        return answers
    }

    /// Finds the view that saves the most for its upkeep beside others; nil where none saves enough.
    private func best(besides taken: [Int]) -> Int? {
        let costs = answers(of: taken).costs
        let savings = candidates.indices.map { taken.contains($0) ? 0 : saving($0, from: costs) }
        let scores = candidates.indices.map { savings[$0] / candidates[$0].upkeep }
        guard let best = candidates.indices.max(by: { scores[$0] < scores[$1] }),
            savings[best] > 0, savings[best] >= bearable
        else { return nil }
        return best
    }

    private func saving(_ place: Int, from costs: [Double]) -> Double {
        questions.indices.reduce(0) { sum, number in
            guard let cost = candidates[place].costs[number],
                cost < costs[number] * Self.keptShareMax
            else { return sum }
            return sum + questions[number].weight * (costs[number] - cost)
        }
    }

    /// Takes one view, or none, in the place of others where queries then read little more: fewer views
    /// are less upkeep.
    private func exchange(_ places: [Int], for place: Int?, in taken: inout [Int]) {
        let others =
            taken.filter { !places.contains($0) && $0 != place } + (place.map { [$0] } ?? [])
        if cost(with: others) - cost(with: taken) < bearable { taken = others }
    }

    private func cost(with taken: [Int]) -> Double {
        zip(questions, answers(of: taken).costs).reduce(0) { $0 + $1.0.weight * $1.1 }
    }
}
