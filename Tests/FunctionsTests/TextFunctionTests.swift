import Testing

import StarlingErrors
import StarlingFunctions
import StarlingTypes

/// Expects what DuckDB or the manuals of MySQL and StarRocks give.
struct TextFunctionTests {
    private let long = "Größenordnung: a text of more than twelve bytes"

    @Test(arguments: [
        ("1", "3", "Grö"), ("3", "2", "öß"), ("0", "3", ""), ("-5", "10", "bytes"),
        ("-100", "3", ""), ("47", "9", "s"), ("48", "1", ""), ("1", "0", ""), ("2", "-1", ""),
        ("9223372036854775807", "9223372036854775807", ""), ("-9223372036854775808", "1", ""),
        ("1", "9223372036854775807", "Größenordnung: a text of more than twelve bytes"),
    ])
    func substrings(position: String, length: String, result: String) throws {
        let arguments = [("bigint", position), ("bigint", length)]
        #expect(try call("substring", ("varchar", long), arguments[0], arguments[1]) == result)
    }

    @Test func endsAndTrims() throws {
        #expect(try call("left", ("varchar", long), ("int", "4")) == "Größ")
        #expect(try call("left", ("varchar", long), ("int", "-1")) == "")
        #expect(try call("right", ("varchar", "aß"), ("int", "1")) == "ß")
        #expect(try call("right", ("varchar", "aß"), ("int", "9")) == "aß")
        #expect(try call("trim", ("varchar", "  a  ")) == "a")
        #expect(try call("trim", ("varchar", "    ")) == "")
        #expect(try call("trim", ("varchar", "ßüaßü"), ("varchar", "üß")) == "a")
        #expect(try call("rtrim", ("varchar", "abcd"), ("varchar", "dc")) == "ab")
        #expect(
            try call("substring_index", ("varchar", "a.b.c"), ("varchar", "."), ("int", "-2"))
                == "b.c")
        #expect(
            try call("substring_index", ("varchar", "a.b.c"), ("varchar", "."), ("int", "0")) == "")
    }

    @Test func measures() throws {
        #expect(try call("length", ("varchar", "Größe")) == "7")
        #expect(try call("char_length", ("varchar", "Größe")) == "5")
        #expect(try call("instr", ("varchar", "Größe"), ("varchar", "e")) == "5")
        #expect(try call("locate", ("varchar", "a"), ("varchar", "banana"), ("int", "5")) == "6")
        #expect(try call("locate", ("varchar", "x"), ("varchar", "banana")) == "0")
        #expect(try call("locate", ("varchar", ""), ("varchar", "banana")) == "1")
        #expect(try call("ends_with", ("varchar", "banana"), ("varchar", "ana")) == "1")
        #expect(try call("starts_with", ("varchar", "ba"), ("varchar", "banana")) == "0")
        #expect(try call("ascii", ("varchar", "")) == "0")
    }

    @Test func changes() throws {
        #expect(try call("upper", ("varchar", "straße 1")) == "STRASSE 1")
        #expect(try call("lower", ("varchar", "ÄB")) == "äb")
        #expect(try call("reverse", ("varchar", "aßb")) == "bßa")
        #expect(try call("repeat", ("varchar", "ab"), ("int", "-1")) == "")
        #expect(try call("repeat", ("varchar", "ab"), ("int", "1000000")) == nil)
        #expect(try call("lpad", ("varchar", "hi"), ("int", "5"), ("varchar", "xy")) == "xyxhi")
        #expect(try call("rpad", ("varchar", "hi"), ("int", "5"), ("varchar", "ßy")) == "hißyß")
        #expect(try call("lpad", ("varchar", "hi"), ("int", "5"), ("varchar", "")) == "hi")
        #expect(try call("lpad", ("varchar", "hi"), ("int", "-5"), ("varchar", "x")) == nil)
        #expect(
            try call("replace", ("varchar", "aaa"), ("varchar", "aa"), ("varchar", "b")) == "ba")
        #expect(try call("replace", ("varchar", "aaa"), ("varchar", ""), ("varchar", "b")) == "aaa")
        #expect(try call("split_part", ("varchar", "a-b"), ("varchar", "-"), ("int", "-1")) == "b")
        #expect(try call("split_part", ("varchar", "a-b"), ("varchar", "-"), ("int", "-3")) == nil)
        #expect(try call("split_part", ("varchar", "ab"), ("varchar", "-"), ("int", "1")) == "ab")
        #expect(try call("hex", ("bigint", "-1")) == "FFFFFFFFFFFFFFFF")
        #expect(try call("concat", ("varchar", "a"), ("varchar", nil)) == nil)
        #expect(try call("concat_ws", ("varchar", nil), ("varchar", "a")) == nil)
        #expect(try call("concat_ws", ("varchar", ","), ("varchar", nil), ("varchar", "b")) == "b")
    }
}
