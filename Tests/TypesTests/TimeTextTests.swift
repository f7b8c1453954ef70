import Testing

import StarlingTypes

/// Expects what MySQL's manual says of TIME literals.
struct TimeTextTests {
    @Test(arguments: [
        ("12:13:14", "12:13:14"), ("-12:13", "-12:13:00"), ("838:59:59", "838:59:59"),
        (" 1:2:3.25 ", "01:02:03.250000"), ("00:00:00.0000009", "00:00:00"),
    ])
    func reads(text: String, written: String) {
        #expect(Value(parsing: text, as: .time)?.text(as: .time) == written)
    }

    @Test(arguments: ["", "12", "12:60", "12:13:14x", "12:13:", "99999:00", "a:b", "1:2:3:4"])
    func doesNotRead(text: String) {
        #expect(Value(parsing: text, as: .time) == nil)
    }
}
