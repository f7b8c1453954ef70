import StarlingErrors
import StarlingMemory
import Testing

@Suite struct ReservationTests {
    private let budget = MemoryBudget(byteLimit: 100, settingName: "query_mem_limit")

    @Test func growsAndShrinks() throws {
        let reservation = Reservation(budget, purpose: "a test")
        try reservation.resize(to: 80)
        try reservation.resize(to: 30)
        #expect(reservation.byteCount == 30 && budget.usedByteCount == 30)
        #expect(reservation.tryResize(to: 100) && budget.usedByteCount == 100)
        #expect(reservation.tryResize(to: 0) && budget.usedByteCount == 0)
    }

    @Test func whatIsRefusedLeavesItAsItWas() throws {
        let reservation = Reservation(budget, purpose: "a test")
        try reservation.resize(to: 80)
        #expect(throws: StarlingError.self) { try reservation.resize(to: 101) }
        #expect(!reservation.tryResize(to: 101))
        #expect(reservation.byteCount == 80 && budget.usedByteCount == 80)
    }

    @Test func givesBackWhenItGoesAway() throws {
        do {
            let reservation = Reservation(budget, purpose: "a test")
            try reservation.resize(to: 42)
            #expect(budget.usedByteCount == 42)
        }
        #expect(budget.usedByteCount == 0)
    }
}
