import Testing

import StarlingErrors
import StarlingFunctions
import StarlingTypes

/// Expects what DuckDB or the manuals of MySQL and StarRocks give.
struct NumberFunctionTests {
    @Test(arguments: [
        ("round", "double", "2.5", "3", "bigint"), ("round", "double", "-2.5", "-3", "bigint"),
        ("floor", "double", "-1.5", "-2", "bigint"), ("ceil", "double", "-1.5", "-1", "bigint"),
        ("round", "decimal(9,3)", "-2.500", "-3", "decimal(38,0)"),
        ("truncate", "decimal(9,3)", "-2.900", "-2", "decimal(38,0)"),
        ("floor", "decimal(9,3)", "-2.001", "-3", "bigint"),
        ("ceil", "decimal(9,3)", "2.001", "3", "bigint"),
        ("ceil", "bigint", "9223372036854775807", "9223372036854775807", "bigint"),
        ("abs", "tinyint", "-128", "128", "smallint"),
        ("abs", "bigint", "-9223372036854775808", "9223372036854775808", "largeint"),
        ("abs", "decimal(5,2)", "-1.50", "1.50", "decimal(5,2)"),
        ("abs", "double", "-1.5", "1.5", "double"),
        ("sign", "int", "-3", "-1", "float"),
    ])
    func oneArgument(
        name: String, type: String, argument: String, result: String, resultType: String
    ) throws {
        #expect(try call(name, (type, argument)) == result)
        let signature = try FunctionCall(name).signature([Column(type, [argument])])
        #expect(signature.resultType.description == resultType)
    }

    @Test(arguments: [
        ("round", "decimal(9,3)", "1.255", "2", "1.26"),
        ("round", "decimal(9,3)", "1.2", "5", "1.20000"),
        ("round", "decimal(9,3)", "155.255", "-1", "160"),
        ("truncate", "decimal(9,3)", "-1.259", "2", "-1.25"),
        ("round", "double", "1.256", "2", "1.26"), ("truncate", "double", "1.256", "2", "1.25"),
        ("round", "double", "1234.5", "-2", "1200"), ("round", "int", "1250", "-2", "1300"),
        ("round", "double", "1e300", "5", "1e+300"), ("round", "decimal(9,3)", "1.5", "-39", "0"),
        ("round", "double", "5", "2147483647", "5"), ("round", "double", "5", "-2147483648", "0"),
    ])
    func digits(
        name: String, type: String, argument: String, digits: String, result: String
    ) throws {
        let columns = [Column(type, [argument]), Column("int", [digits])]
        #expect(try FunctionCall(name).results(columns) == [result])
    }

    @Test func whereMathematicsHasNoValue() throws {
        #expect(try call("sqrt", ("double", "-1")) == nil)
        #expect(try call("ln", ("double", "0")) == nil)
        #expect(try call("power", ("double", "10"), ("double", "400")) == nil)
        #expect(try call("log", ("double", "1"), ("double", "5")) == nil)
        #expect(try call("round", ("double", "1e300")) == nil)
        #expect(throws: StarlingError.self) {
            try call("abs", ("largeint", "-170141183460469231731687303715884105728"))
        }
    }

    @Test func choices() throws {
        #expect(try call("greatest", ("int", "1"), ("bigint", "5"), ("tinyint", "3")) == "5")
        #expect(try call("least", ("date", "2024-01-02"), ("date", "2023-01-01")) == "2023-01-01")
        #expect(try call("greatest", ("int", "1"), ("int", nil)) == nil)
        #expect(try call("coalesce", ("int", nil), ("decimal(5,2)", "1.5")) == "1.50")
        #expect(try call("coalesce", ("int", nil), ("int", nil)) == nil)
        #expect(
            try call("ifnull", ("varchar", nil), ("varchar", "a string that is long"))
                == "a string that is long")
        #expect(try call("if", ("boolean", "1"), ("int", "1"), ("bigint", "300")) == "1")
        #expect(try call("if", ("boolean", nil), ("int", "1"), ("bigint", "300")) == "300")
        #expect(try call("nullif", ("varchar", "a"), ("varchar", "a")) == nil)
        #expect(try call("nullif", ("int", "1"), ("int", nil)) == "1")
        #expect(throws: StarlingError.self) {
            try call("coalesce", ("int", "1"), ("array<int>", nil))
        }
    }

    @Test func randomNumbersStayInRange() throws {
        let numbers = try FunctionCall("rand").results([Column("bigint", ["1", "2", "3"])])
        #expect(numbers.allSatisfy { (0..<1).contains(Double($0!)!) })
        #expect(Set(numbers).count == 3)
        #expect(try FunctionCall("rand").results([Column("bigint", ["1", "2", "3"])]) == numbers)
    }
}
