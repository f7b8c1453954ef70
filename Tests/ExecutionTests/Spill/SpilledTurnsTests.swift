// Every spilled partition is somebody's turn once, and one that did not fit is somebody else's.

import StarlingExecution
import StarlingMemory
import Testing

struct SpilledTurnsTests {
    private func turns(_ expected: [Int], limit: Int) -> SpilledTurns {
        SpilledTurns(
            expecting: expected,
            within: MemoryBudget(byteLimit: limit, settingName: "query_mem_limit"))
    }

    /// Tells which partition a turn is of; nil where there is no turn.
    private func partition(_ turn: borrowing SpilledTurn?) -> Int? {
        switch turn {
        case .some(let turn): turn.partition
        case .none: nil
        }
    }

    /// Takes turns until there is none.
    private func rest(_ turns: SpilledTurns) -> [Int] {
        var partitions: [Int] = []
        while let turn = turns.take() { partitions.append(turn.partition) }
        return partitions
    }

    @Test func partitionsThatDoNotFitBesideOthersWait() throws {
        let turns = turns([60, 60, 30, 30], limit: 100)
        var first = turns.take()
        let firstPartition = partition(first)
        #expect(firstPartition == 0)
        #expect(rest(turns) == [])
        first = nil
        let second = turns.take()
        let secondPartition = partition(second)
        #expect(secondPartition == 1)
        #expect(rest(turns) == [2, 3])
        let stillSecond = partition(second)
        #expect(stillSecond == 1)
    }

    @Test func aPartitionLargerThanTheLimitIsTriedAlone() {
        let turns = turns([500, 500], limit: 100)
        let first = turns.take()
        #expect(rest(turns) == [])
        let firstPartition = partition(first)
        #expect(firstPartition == 0)
    }

    @Test func whatIsGivenBackIsTakenByThoseAtWork() {
        let turns = turns([10, 10, 10], limit: 100)
        var first = turns.take()
        var second = turns.take()
        let isGivenBack = second?.giveBack() ?? false
        #expect(isGivenBack)
        second = nil
        // Nobody else would take it.
        let isGivenBackAgain = first?.giveBack() ?? false
        #expect(!isGivenBackAgain)
        first = nil
        #expect(rest(turns) == [1, 2])
    }
}
