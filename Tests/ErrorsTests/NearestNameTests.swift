import StarlingErrors
import Testing

@Suite struct NearestNameTests {
    private let names = ["customer", "orders", "nation", "region"]

    @Test(arguments: [
        ("custmer", "customer"), ("ordres", "orders"), ("NATOIN", "nation"), ("regoin", "region"),
        ("orderss", "orders"),
    ])
    func slipsOfTheFingerAreFound(written: String, meant: String) {
        #expect(nearestName(to: written, among: names) == meant)
    }

    @Test(arguments: ["lineitem", "x", "", "customer_address"])
    func whatIsFarFromAllIsNotGuessed(written: String) {
        #expect(nearestName(to: written, among: names) == nil)
    }

    /// Two swapped neighbours are one slip, which is more than a short name may have elsewhere.
    @Test func aSwapCountsOnce() {
        #expect(nearestName(to: "ab", among: ["ba"]) == "ba")
        #expect(nearestName(to: "abc", among: ["cba"]) == nil)
    }

    @Test func ofTwoAsNearTheFirstInOrderIsTaken() {
        #expect(nearestName(to: "cat", among: ["rat", "bat", "hat"]) == "bat")
        #expect(nearestName(to: "rate", among: ["late", "rates", "rate"]) == "rate")
    }
}
