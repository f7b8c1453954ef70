import StarlingFields
import StarlingTypes
import Testing

@Suite struct DateFieldTests {
    /// Days since 1970 from Python's `datetime`; the year 0 lies 366 days before the year 1.
    @Test(
        arguments: [
            ("1970-01-01", 0), ("1969-12-31", -1), ("2024-02-29", 19_782), ("2000-02-29", 11_016),
            ("2000-03-01", 11_017), ("1900-02-28", -25_509), ("1600-02-29", -135_081),
            ("2024-12-31", 20_088), ("0001-01-01", -719_162), ("0000-01-01", -719_528),
            ("9999-12-31", 2_932_896), ("2024-1-2", 19_724), ("2024/01/02", 19_724),
            ("20240102", 19_724), (" 2024-01-02 ", 19_724), ("\"2024-01-02\"", 19_724),
            ("2024-01-02 00:00:00", 19_724), ("2024-01-02T00:00:00", 19_724),
            ("69-12-31", 36_524), ("70-01-01", 0),
        ] as [(String, Int128)])
    func datesAreRead(field: String, days: Int128) {
        #expect(parse(field, .date) == .integer(days))
    }

    @Test(arguments: [
        "2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "2024-04-31", "2024-13-01",
        "2024-00-10", "2024-01-00", "2024-01-32", "10000-01-01", "-001-01-01", "2024-01-02x",
        "2024-01", "2024", "abcd-ef-gh", "2024-01-0a", "2024-01- 2", "2024-01-02 00:00:01",
        "2024-01-02 12", "--", "12/31/2024", "2024-01-02Z",
    ])
    func otherTextsAreNoDates(field: String) {
        #expect(parse(field, .date) == nil)
    }

    /// Microseconds since 1970 from Python's `datetime`.
    @Test(
        arguments: [
            ("1970-01-01 00:00:00", 0), ("1970-01-01 00:00:00.000001", 1),
            ("1969-12-31 23:59:59.999999", -1), ("2024-01-02 03:04:05", 1_704_164_645_000_000),
            ("2024-01-02T03:04:05", 1_704_164_645_000_000),
            ("2024-01-02 03:04:05.000006", 1_704_164_645_000_006),
            ("2024-02-29T12:34:56.789", 1_709_210_096_789_000),
            ("2024-1-2 3:4:5", 1_704_164_645_000_000), ("20240102030405", 1_704_164_645_000_000),
            ("9999-12-31 23:59:59.999999", 253_402_300_799_999_999),
            ("0001-01-01 00:00:00", -62_135_596_800_000_000), ("1970-01-01", 0),
            ("\"2024-01-02 03:04:05\"", 1_704_164_645_000_000),
            ("2024-01-02 ", 1_704_153_600_000_000),
            // MySQL's manual has this example: any punctuation separates, also that of times.
            ("10:11:12", 1_289_520_000_000_000),
        ] as [(String, Int128)])
    func datetimesAreRead(field: String, microseconds: Int128) {
        #expect(parse(field, .datetime) == .integer(microseconds))
    }

    @Test(arguments: [
        "2024-01-02 24:00:00", "2024-01-02 23:60:00", "2024-01-02 23:59:60", "2023-02-29 00:00:00",
        "2024-01-02 03:04:0x", "2024-01-02 03:04:05x", "2024-01-02X03:04:05",
        "10000-01-01 00:00:00", "-1", "now", "12:60:12", "2024-01-02 0304:05",
        "2024-01-02T03:04:05Z",
    ])
    func otherTextsAreNoDatetimes(field: String) {
        #expect(parse(field, .datetime) == nil)
    }

    // MARK: Other orders of day, month and year

    @Test(arguments: [
        ("%Y/%m/%d", "2024/02/29"), ("%d.%m.%Y", "29.02.2024"), ("%d.%m.%Y", "29.2.2024"),
        ("%m/%d/%Y", "02/29/2024"), ("%m/%d/%Y", "2/29/2024"), ("%d-%m-%Y", "29-02-2024"),
        ("%Y %d %m", "2024 29 02"),
    ])
    func patternsAreRead(pattern: String, text: String) throws {
        let form = try #require(DateForm(pattern))
        #expect(Array(text.utf8).withUnsafeBytes { form.days($0) } == 19_782)
        var column = FieldColumn([text, "x", text], .date)
        column.form = TimeForm(pattern)
        #expect(column.values == [.integer(19_782), .null, .integer(19_782)])
        #expect(column.faults == ["x"])
    }

    @Test(arguments: [
        "29.02.2023", "31.04.2024", "00.01.2024", "01.00.2024", "01.13.2024", "1.1.24",
        "1.1.20244", "001.1.2024", "1.001.2024", "01.01.2024 ", "01-01-2024", "01.01/2024",
        "01.01.", ".01.2024", "01012024", "", "a.b.cdef", "01.01.2024.",
    ])
    func whatAPatternDoesNotDescribeIsNone(text: String) throws {
        let form = try #require(DateForm("%d.%m.%Y"))
        #expect(Array(text.utf8).withUnsafeBytes { form.days($0) } == nil)
    }

    @Test(arguments: [
        "", "%Y", "%Y-%m", "%d.%m/%Y", "%y.%m.%d", "%Y-%Y-%d", "%Y-%m-%H", "Y%-m%-d%", "%Y--%m-%d",
        "%Y-%m-%d ",
    ])
    func otherPatternsAreNone(pattern: String) {
        #expect(DateForm(pattern) == nil)
    }

    /// Expected values are those of Python's strptime, in seconds.
    @Test(
        arguments: [
            ("%d.%m.%Y %H:%M:%S", "31.12.2024 10:11:12", 1_735_639_872),
            ("%Y%m%d", "20241231", 1_735_603_200), ("%-d %B %Y", "3 March 2024", 1_709_424_000),
            ("%d/%b/%Y:%H:%M:%S", "03/Mar/2024:04:05:06", 1_709_438_706),
            ("%m/%d/%y %I:%M %p", "12/31/24 10:11 PM", 1_735_683_060),
            ("%A, %d.%m.%Y", "Tuesday, 31.12.2024", 1_735_603_200),
        ] as [(String, String, Int64)])
    func formsOfUsersAreRead(pattern: String, text: String, seconds: Int64) throws {
        let form = try #require(TimeForm(pattern))
        #expect(Array(text.utf8).withUnsafeBytes { form.moment($0) } == seconds * 1_000_000)
        #expect(Array((text + "x").utf8).withUnsafeBytes { form.moment($0) } == nil)
    }
}
