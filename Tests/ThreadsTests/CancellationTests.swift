import StarlingErrors
import StarlingThreads
import Testing

@Suite struct CancellationTests {
    @Test func nothingStopsUnasked() throws {
        let cancellation = Cancellation()
        try cancellation.check()
        #expect(!cancellation.isCancelled)
    }

    @Test func aRequestIsAnError() {
        let cancellation = Cancellation()
        cancellation.request()
        #expect(cancellation.isCancelled)
        let error = #expect(throws: StarlingError.self) { try cancellation.check() }
        #expect(error?.kind == .cancelled)
        #expect(error?.message.contains("cancelled") == true)
    }

    @Test func aTimeLimitIsAnErrorThatNamesItsSetting() throws {
        let cancellation = Cancellation()
        cancellation.setTimeLimit(seconds: 3_600)
        try cancellation.check()
        cancellation.setTimeLimit(seconds: 0)
        let start = monotonicNanoseconds()
        while monotonicNanoseconds() == start {}
        let error = #expect(throws: StarlingError.self) { try cancellation.check() }
        #expect(error?.kind == .cancelled)
        #expect(error?.message.contains("query_timeout") == true)
    }
}
