import StarlingExecution
import Testing

@Suite struct QueryProgressTests {
    @Test func stagesCountByTheirWeights() {
        let progress = QueryProgress()
        #expect(progress.fraction == nil)
        progress.begin([300, 100])
        progress.enter(0)
        #expect(progress.fraction == 0)
        progress.expect(10)
        progress.note(5)
        // Half of three quarters.
        #expect(progress.fraction == 0.375)
        progress.enter(1)
        #expect(progress.fraction == 0.75)
    }

    @Test func whatIsShownNeverGoesBack() {
        let progress = QueryProgress()
        progress.begin([1])
        progress.enter(0)
        progress.expect(2)
        progress.note(1)
        #expect(progress.fraction == 0.5)
        // More is to do than was known.
        progress.expect(8)
        #expect(progress.fraction == 0.5)
        progress.note(5)
        #expect(progress.fraction == 0.6)
    }

    @Test func aRunningQueryIsNeverWhole() {
        let progress = QueryProgress()
        progress.begin([1, 0])
        progress.enter(0)
        progress.expect(1)
        progress.note(7)
        #expect(progress.fraction! < 1)
        progress.enter(1)
        #expect(progress.fraction! < 1)
    }

    @Test func aWayWithoutWeightIsUnknown() {
        let progress = QueryProgress()
        progress.begin([0, 0])
        progress.enter(1)
        #expect(progress.fraction == nil)
    }
}
