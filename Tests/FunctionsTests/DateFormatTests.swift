import Testing

import StarlingFunctions
import StarlingTypes

/// Expects the examples of MySQL's and StarRocks' manuals.
struct DateFormatTests {
    @Test(arguments: [
        ("2009-10-04 22:23:00", "%W %M %Y", "Sunday October 2009"),
        ("2007-10-04 22:23:00", "%H:%i:%s", "22:23:00"),
        ("1900-10-04 22:23:00", "%D %y %a %d %m %b %j", "4th 00 Thu 04 10 Oct 277"),
        ("1997-10-04 22:23:00", "%H %k %I %r %T %S %w", "22 22 10 10:23:00 PM 22:23:00 00 6"),
        ("1999-01-01 00:00:00", "%X %V", "1998 52"), ("2006-06-01 00:00:00", "%d", "01"),
        ("1999-01-11 00:05:00", "%D %l%p %f 100%% %q", "11th 12AM 000000 100% q"),
        ("2024-03-09 01:02:03", "yyyyMMdd", "20240309"), ("2024-03-09 01:02:03", "", ""),
    ])
    func formats(moment: String, pattern: String, result: String) throws {
        let columns = [Column("datetime", [moment, moment]), Column("varchar", [pattern])]
        #expect(try FunctionCall("date_format").results(columns) == [result, result])
        let varying = [
            Column("datetime", [moment, moment]), Column("varchar", [pattern, pattern]),
        ]
        #expect(try FunctionCall("date_format").results(varying) == [result, result])
    }

    @Test(arguments: [
        ("01,5,2013", "%d,%m,%Y", "2013-05-01"), ("May 1, 2013", "%M %d,%Y", "2013-05-01"),
        ("2014-12-21 12:34:56", "%Y-%m-%d %H:%i:%s", "2014-12-21 12:34:56"),
        ("09:30:17 PM 2024-1-2", "%r %Y-%c-%e", "2024-01-02 21:30:17"),
        ("2024-060", "%Y-%j", "2024-02-29"), ("3.5 1999", "%d.%m %Y", "1999-05-03"),
        ("2024-01-02 .25", "%Y-%m-%d .%f", "2024-01-02 00:00:00.250000"),
        ("Sat, 9 mar 24", "%a, %e %b %y", "2024-03-09"),
    ])
    func parses(text: String, pattern: String, result: String) throws {
        let columns = [Column("varchar", [text, text]), Column("varchar", [pattern])]
        #expect(try FunctionCall("str_to_date").results(columns) == [result, result])
    }

    @Test(arguments: [
        ("abc", "%Y"), ("2024-02-30", "%Y-%m-%d"), ("2024", "%Y-%m"), ("25:00", "%H:%i"),
        ("13:00 PM", "%h:%i %p"), ("", "%d"), ("2024-366x", "%y-%j"),
    ])
    func doesNotParse(text: String, pattern: String) throws {
        let columns = [Column("varchar", [text]), Column("varchar", [pattern])]
        #expect(try FunctionCall("str_to_date").results(columns) == [nil])
    }

    @Test func theStatementsTime() throws {
        // 2024-03-09 14:05:06.123456 UTC.
        #expect(try FunctionCall("now").results([]) == ["2024-03-09 14:05:06"])
        #expect(try FunctionCall("current_date").results([]) == ["2024-03-09"])
        #expect(try FunctionCall("curtime").results([]) == ["14:05:06"])
        #expect(try FunctionCall("unix_timestamp").results([]) == ["1709993106"])
        #expect(try call("unix_timestamp", ("datetime", "1960-01-01")) == "0")
        #expect(try call("from_unixtime", ("bigint", "-1")) == nil)
    }
}
