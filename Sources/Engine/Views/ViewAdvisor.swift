// Which materialized views a database is worth to have, going by queries.
//
// 1. Each block of a query that groups rows says which view would answer it (`ViewNeed`): what its conditions
//    compare becomes a key. Where that view has too many rows, the conditions become the view's own.
// 2. Views of the same tables are merged, pair by pair: their keys and their aggregates.
// 3. The rows of each are counted, and each is tried with each query over its tables: the query is rewritten
//    (`ViewRewriting`) as if the view were there, and costs the rows that it then reads.
// 4. Those are taken that save the most of what is read for their own rows (`ViewChoice`).

import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingViews

/// Weighs materialized views by what queries would read.
struct ViewAdvisor {
    /// Is a view that is worth it.
    struct Advice {
        var view: CreateMaterializedView
        /// The share of the queries that it answers.
        var share: Double
        /// The share of the rows that all queries read which it saves.
        var saved: Double
        var rowCount: Int
        var byteCount: Int
        /// Stored rows that change with one row that comes, where these come by the thousand.
        var changedRowCount: Double
        /// Rows that the queries it answers read, without it and with it, on average.
        var rowsBefore: Double
        var rowsAfter: Double
    }

    private struct Question {
        var weight: Double
        var plan: LogicalPlan
        var needs: [ViewNeed]
        /// The rows that it reads.
        var cost: Double
    }

    private struct Candidate {
        var proposal: ViewProposal
        var view: CreateMaterializedView
        var program: ViewProgram
        var bases: [NativeTable]
        var rowCount: Int
        /// What each query costs with it; nil where it does not answer that.
        var costs: [Double?] = []
    }

    private static let candidateCountMax = 64
    /// A view with more than this of the rows of its tables is not worth its upkeep.
    private static let rowShareMax = 0.3
    /// What upkeep costs at least, in shares of the rows of the tables.
    private static let upkeepShare = 0.01

    private let runner: StatementRunner
    private var questions: [Question] = []
    private var candidates: [Candidate] = []
    private var known: Set<ViewProposal> = []
    /// Why views that were thought of are not weighed.
    private(set) var refusals: [String] = []

    /// `runner` sees the database as it is, and lets queries read what they name.
    init(_ queries: [QueryLog.Entry], _ runner: StatementRunner) throws(StarlingError) {
        self.runner = runner
        for entry in queries {
            try runner.cancellation.check()
            if let question = question(entry) { questions.append(question) }
        }
    }

    /// True where no query groups rows of tables.
    var isEmpty: Bool { questions.allSatisfy(\.needs.isEmpty) }

    private func question(_ entry: QueryLog.Entry) -> Question? {
        let asking = runner.makeViewRunner(entry.database, runner.contents)
        guard let bound = try? asking.bind(entry.query),
            let plan = try? asking.simplified(bound)
        else { return nil }
        let needs = ViewNeed.all(in: plan) { runner.nameParts(of: $0) }
        asking.rewritesQueries = true
        let answered = (try? asking.readingViews(bound))??.plan
        return Question(
            weight: entry.count, plan: plan, needs: needs,
            cost: Double((answered ?? plan).tableRowCount))
    }

    // MARK: Candidates

    /// Lists the views that are worth it, the one that saves the most first.
    mutating func advice() throws(StarlingError) -> [Advice] {
        for need in questions.flatMap(\.needs) {
            if try !add(ViewProposal(need, keepsFilters: false)), !need.filters.isEmpty {
                _ = try add(ViewProposal(need, keepsFilters: true))
            }
        }
        try merge()
        for place in candidates.indices { try ask(place) }
        return choose()
    }

    /// Adds a candidate; false where it has too many rows.
    private mutating func add(_ proposal: ViewProposal) throws(StarlingError) -> Bool {
        guard known.insert(proposal).inserted else {
            return candidates.contains { $0.proposal == proposal }
        }
        guard candidates.count < Self.candidateCountMax else { return false }
        try runner.cancellation.check()
        guard var view = try? proposal.statement(named: "view"),
            let query = try? runner.compile(view, over: []),
            let program = try? query.program(runner.binderAllocator)
        else { return false }
        let tables = query.plan.nativeTables
        guard let rowCount = try count(proposal) else { return false }
        guard let base = tables.max(by: { $0.statistics.rowCount < $1.statistics.rowCount }),
            Double(rowCount) <= Double(base.statistics.rowCount) * Self.rowShareMax
        else {
            let most = tables.map(\.statistics.rowCount).max() ?? 0
            refusals.append(
                "one by \(proposal.keys.sorted().joined(separator: ", ")) would have \(rowCount) "
                    + "rows, of \(most)")
            return false
        }
        view.name = QualifiedName([
            Identifier(proposal.title(over: base.name), range: view.name.range)
        ])
        candidates.append(
            Candidate(
                proposal: proposal, view: view, program: program, bases: tables,
                rowCount: rowCount))
        return true
    }

    /// Counts the rows of a view; nil where its query fails, as one that was asked may have done.
    private func count(_ proposal: ViewProposal) throws(StarlingError) -> Int? {
        // What is as fine as another one has as many rows.
        if let same = candidates.first(where: {
            $0.proposal.isFiner(than: proposal) && proposal.isFiner(than: $0.proposal)
        }) {
            return same.rowCount
        }
        do throws(StarlingError) {
            let result = try runner.runQuery(try parseQuery(proposal.counting))
            return Int(clamping: result.value(0, 0).integer ?? 1)
        } catch {
            try runner.cancellation.check()
            return nil
        }
    }

    private mutating func merge() throws(StarlingError) {
        var first = 0
        while first < candidates.count {
            for second in 0..<first {
                let pair = candidates[second].proposal
                guard let merged = candidates[first].proposal.merged(with: pair) else { continue }
                _ = try add(merged)
            }
            first += 1
        }
    }

    /// Finds out what queries cost with a candidate.
    private mutating func ask(_ place: Int) throws(StarlingError) {
        let candidate = candidates[place]
        let rewritten = RewriteCandidate(
            name: candidate.view.name.last.text, program: candidate.program,
            storage: NativeTable(name: "rows", columns: candidate.program.storedColumns),
            bases: candidate.bases, changes: nil)
        for question in questions {
            try runner.cancellation.check()
            guard question.needs.contains(where: { $0.frame.reads(candidate.proposal.frame) })
            else {
                candidates[place].costs.append(nil)
                continue
            }
            var rewriting = ViewRewriting([rewritten], runner.binderAllocator, ignoresCost: true)
            let plan = try rewriting.rewritten(question.plan)
            let cost = plan.map { Double($0.tableRowCount + candidate.rowCount) }
            candidates[place].costs.append(cost)
        }
    }

    // MARK: The choice

    private func choose() -> [Advice] {
        let choice = ViewChoice(
            questions.map { ViewChoice.Question(weight: $0.weight, cost: $0.cost) },
            candidates.map { ViewChoice.Candidate(upkeep: upkeep($0), costs: $0.costs) })
        let taken = choice.taken { first, second in
            let pair = candidates[first].proposal.merged(with: candidates[second].proposal)
            return candidates.firstIndex { $0.proposal == pair }
        }
        let answers = choice.answers(of: taken)
        return taken.map { advice($0, answers, choice.total) }.filter { $0.share > 0 }
            .sorted { $0.saved > $1.saved }
    }

    private func upkeep(_ candidate: Candidate) -> Double {
        let base = candidate.bases.map(\.statistics.rowCount).max() ?? 0
        return Double(candidate.rowCount) + max(1, Double(base) * Self.upkeepShare)
    }

    private func advice(
        _ place: Int, _ answers: ViewChoice.Answers, _ total: Double
    ) -> Advice {
        let candidate = candidates[place]
        var (weight, read, left) = (0.0, 0.0, 0.0)
        for (number, question) in questions.enumerated() where answers.places[number] == place {
            weight += question.weight
            read += question.weight * question.cost
            left += question.weight * answers.costs[number]
        }
        let all = questions.reduce(0) { $0 + $1.weight }
        let rows = Double(max(1, candidate.rowCount))
        let thousand = 1_000.0
        var missed = 1.0
        for _ in 0..<Int(thousand) { missed *= 1 - 1 / rows }
        let width = candidate.program.storedColumns.reduce(0) { $0 + $1.type.storedByteCount }
        return Advice(
            view: candidate.view, share: weight / all, saved: (read - left) / max(1, total),
            rowCount: candidate.rowCount, byteCount: candidate.rowCount * width,
            changedRowCount: rows * (1 - missed) / thousand, rowsBefore: read / max(1e-9, weight),
            rowsAfter: left / max(1e-9, weight))
    }
}

extension ViewNeed.Frame {
    /// Tells whether a block over these tables may read a view over others.
    fileprivate func reads(_ view: ViewNeed.Frame) -> Bool {
        var left = tables + attachments
        return view.tables.allSatisfy { table in
            guard let place = left.firstIndex(of: table) else { return false }
            left.remove(at: place)
            return true
        }
    }
}

extension LogicalPlan {
    /// The tables of the database that the plan reads, each once.
    fileprivate var nativeTables: [NativeTable] {
        var tables: [NativeTable] = []
        forEach { part in
            guard case .scan(let scan) = part.node, let table = scan.table as? NativeTable,
                !tables.contains(where: { $0 === table })
            else { return }
            tables.append(table)
        }
        return tables
    }
}

extension LogicalType {
    /// What a value takes, roughly.
    fileprivate var storedByteCount: Int {
        switch self {
        case .boolean, .tinyint: 1
        case .smallint: 2
        case .int, .float, .date: 4
        case .bigint, .double, .datetime: 8
        case .largeint: 16
        case .decimal(let precision, _): precision > 18 ? 16 : 8
        default: 16
        }
    }
}
