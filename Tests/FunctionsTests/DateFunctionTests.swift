import Testing

import StarlingErrors
import StarlingFunctions
import StarlingTypes

/// Expects the examples of StarRocks' and MySQL's manuals.
struct DateFunctionTests {
    @Test(arguments: [
        ("year", "1987-01-01", "1987"), ("quarter", "2008-04-01", "2"),
        ("month", "2008-02-03", "2"),
        ("day", "2007-02-03", "3"), ("dayofyear", "2007-02-03", "34"),
        ("dayofweek", "2007-02-03", "7"),
        ("weekday", "2008-02-03 22:23:00", "6"), ("dayofweek_iso", "2023-01-01", "7"),
        ("weekofyear", "2008-12-24", "52"), ("hour", "2018-12-31 23:59:59", "23"),
        ("minute", "2018-12-31 23:59:59", "59"), ("second", "2018-12-31 23:59:58", "58"),
        ("microsecond", "1960-12-31 23:59:59.000001", "1"), ("hour", "1960-12-31 05:59:59", "5"),
        ("to_days", "2007-10-07", "733321"), ("last_day", "2023-02-11", "2023-02-28"),
        ("yearweek", "1987-01-01", "198652"), ("week", "2008-02-20", "7"),
    ])
    func parts(name: String, argument: String, result: String) throws {
        #expect(try call(name, ("datetime", argument)) == result)
        let time = ["hour", "minute", "second", "microsecond"].contains(name)
        if !time { #expect(try call(name, ("date", argument)) == result) }
        #expect(try call(name, ("date", nil)) == nil)
    }

    @Test(arguments: [
        ("years_add", "datetime", "2010-11-30 23:59:59", "2", "2012-11-30 23:59:59"),
        ("months_sub", "datetime", "2010-03-31 23:59:59", "1", "2010-02-28 23:59:59"),
        ("days_add", "date", "1998-12-01", "-90", "1998-09-02"),
        ("days_sub", "date", "1998-12-01", "90", "1998-09-02"),
        ("weeks_add", "date", "2022-12-19", "1", "2022-12-26"),
        ("quarters_add", "date", "2023-11-30", "1", "2024-02-29"),
        ("hours_add", "date", "2024-02-28", "25", "2024-02-29 01:00:00"),
        ("minutes_sub", "datetime", "2024-01-01 00:00:00", "1", "2023-12-31 23:59:00"),
        ("seconds_add", "datetime", "2023-12-31 23:59:59", "1", "2024-01-01 00:00:00"),
        ("microseconds_add", "datetime", "2023-12-31 23:59:59.999999", "1", "2024-01-01 00:00:00"),
        ("milliseconds_add", "datetime", "2024-01-01 00:00:00", "1", "2024-01-01 00:00:00.001000"),
    ])
    func additions(
        name: String, type: String, start: String, amount: String, result: String
    ) throws {
        #expect(try call(name, (type, start), ("int", amount)) == result)
    }

    @Test func additionsBeyondTheCalendarAreNull() throws {
        #expect(try call("years_add", ("date", "9999-01-01"), ("int", "1")) == nil)
        #expect(
            try call("days_sub", ("date", "0000-01-01"), ("bigint", "9223372036854775807")) == nil)
        #expect(
            try call("seconds_sub", ("datetime", "2000-01-01"), ("bigint", "-9223372036854775808"))
                == nil)
    }

    @Test(arguments: [
        ("datediff", "2007-12-31 23:59:59", "2007-12-30", "1"),
        ("datediff", "2010-11-30 23:59:59", "2010-12-31", "-31"),
        ("years_diff", "2010-11-30 23:59:59", "2010-12-31 23:59:59", "0"),
        ("months_diff", "2003-05-01", "2003-02-01", "3"),
        ("minutes_diff", "2003-05-01 12:05:55", "2003-02-01", "128885"),
    ])
    func differences(name: String, left: String, right: String, result: String) throws {
        #expect(try call(name, ("datetime", left), ("datetime", right)) == result)
    }

    @Test func truncationsAndMakers() throws {
        #expect(
            try call("date_trunc", ("varchar", "hour"), ("datetime", "2020-11-04 11:12:13"))
                == "2020-11-04 11:00:00")
        #expect(
            try call("date_trunc", ("varchar", "quarter"), ("date", "2020-11-04")) == "2020-10-01")
        #expect(throws: StarlingError.self) {
            try call("date_trunc", ("varchar", "hours ago"), ("date", "2020-11-04"))
        }
        #expect(try call("last_day", ("date", "2024-02-10"), ("varchar", "year")) == "2024-12-31")
        #expect(try call("makedate", ("int", "2023"), ("int", "32")) == "2023-02-01")
        #expect(try call("makedate", ("int", "2023"), ("int", "366")) == nil)
        #expect(try call("from_days", ("int", "730669")) == "2000-07-03")
        #expect(try call("to_date", ("date", "2024-03-09")) == "2024-03-09")
    }
}
