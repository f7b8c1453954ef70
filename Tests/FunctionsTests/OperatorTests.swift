import Testing

import StarlingErrors
import StarlingFunctions
import StarlingTypes

struct OperatorTests {
    /// The types that StarRocks' ArithmeticExpr computes.
    @Test(arguments: [
        ("add", "tinyint", "tinyint", "smallint"), ("add", "int", "int", "bigint"),
        ("add", "bigint", "int", "bigint"), ("multiply", "largeint", "int", "largeint"),
        ("add", "int", "double", "double"), ("add", "varchar", "int", "double"),
        ("divide", "int", "int", "double"), ("mod", "int", "bigint", "bigint"),
        ("int_divide", "int", "int", "int"), ("int_divide", "double", "int", "bigint"),
        ("add", "decimal(15,2)", "decimal(15,2)", "decimal(16,2)"),
        ("subtract", "tinyint", "decimal(15,2)", "decimal(16,2)"),
        ("add", "decimal(10,4)", "decimal(9,0)", "decimal(14,4)"),
        ("add", "decimal(38,2)", "decimal(38,4)", "decimal(38,4)"),
        ("multiply", "decimal(15,2)", "decimal(16,2)", "decimal(31,4)"),
        ("multiply", "decimal(31,4)", "decimal(16,2)", "decimal(38,6)"),
        ("multiply", "decimal(4,3)", "decimal(4,3)", "decimal(8,6)"),
        ("multiply", "decimal(23,5)", "decimal(18,4)", "decimal(38,9)"),
        ("divide", "decimal(15,2)", "decimal(15,2)", "decimal(38,8)"),
        ("divide", "decimal(15,8)", "int", "decimal(38,12)"),
        ("divide", "decimal(20,14)", "decimal(3,1)", "decimal(38,14)"),
        ("mod", "decimal(9,2)", "decimal(9,4)", "decimal(18,4)"),
        ("int_divide", "decimal(9,2)", "decimal(9,4)", "bigint"),
        ("multiply", "decimal(9,2)", "double", "double"), ("bitand", "tinyint", "int", "int"),
    ])
    func resultTypes(name: String, left: String, right: String, result: String) throws {
        let signature = try FunctionCall(name).signature([
            Column(left, [nil, nil]), Column(right, [nil, nil]),
        ])
        #expect(signature.resultType.description == result)
    }

    @Test(arguments: [
        ("add", "1", "2", "int", "3"), ("subtract", "-128", "127", "tinyint", "-255"),
        ("multiply", "2147483647", "2147483647", "int", "4611686014132420609"),
        ("multiply", "-32768", "-32768", "smallint", "1073741824"),
        ("add", "1.25", "2.50", "decimal(5,2)", "3.75"),
        ("multiply", "-1.25", "2.50", "decimal(5,2)", "-3.1250"),
        (
            "multiply", "99999999999999999.99", "99999999999999999.99", "decimal(19,2)",
            "9999999999999999998000000000000000.0001"
        ),
        ("divide", "1.00", "3.00", "decimal(5,2)", "0.33333333"),
        ("divide", "-2.00", "3.00", "decimal(5,2)", "-0.66666667"),
        ("divide", "7", "2", "int", "3.5"), ("int_divide", "-7", "2", "int", "-3"),
        ("mod", "-7", "3", "int", "-1"), ("mod", "7.5", "2", "decimal(5,1)", "1.5"),
        ("mod", "7.5", "2", "double", "1.5"), ("bitxor", "6", "3", "int", "5"),
        ("bit_shift_left", "1", "3", "int", "8"),
        ("bit_shift_right_logical", "-1", "28", "int", "15"),
        ("subtract", "1e300", "1", "double", "1e+300"),
    ])
    func values(name: String, left: String, right: String, type: String, result: String) throws {
        #expect(try call(name, (type, left), (type, right)) == result)
    }

    @Test(arguments: ["divide", "int_divide", "mod"])
    func divisionByZeroIsNull(name: String) throws {
        for type in ["int", "decimal(9,2)", "double"] {
            #expect(try call(name, (type, "5"), (type, "0")) == nil)
        }
    }

    @Test(arguments: [
        ("add", "9223372036854775807", "1", "bigint"),
        ("subtract", "-9223372036854775808", "1", "bigint"),
        ("multiply", "4611686018427387904", "2", "bigint"),
        ("int_divide", "-9223372036854775808", "-1", "bigint"),
        ("add", "170141183460469231731687303715884105727", "1", "largeint"),
        ("multiply", "170141183460469231731687303715884105727", "2", "largeint"),
        ("int_divide", "-170141183460469231731687303715884105728", "-1", "largeint"),
    ])
    func integerOverflowIsAnError(name: String, left: String, right: String, type: String) {
        #expect(throws: StarlingError.self) { try call(name, (type, left), (type, right)) }
        // An overflow in a row that is NULL is none.
        let columns = [Column(type, [left, "1"]), Column(type, [nil, "1"])]
        #expect(throws: Never.self) { try FunctionCall(name).results(columns) }
    }

    @Test func decimalOverflowIsNullUnlessAskedFor() throws {
        let big = String(repeating: "9", count: 38)
        var function = FunctionCall("add")
        let columns = [Column("decimal(38,0)", [big, "1"]), Column("decimal(38,0)", ["1", "2"])]
        #expect(try function.results(columns) == [nil, "3"])
        function = FunctionCall("multiply")
        #expect(try function.results(columns) == [big, "2"])
        function.settings = ["sql_mode": "ONLY_FULL_GROUP_BY,ERROR_IF_OVERFLOW"]
        let twice = [Column("decimal(38,0)", [big, "1"]), Column("decimal(38,0)", ["2", "2"])]
        #expect(throws: StarlingError.self) { try function.results(twice) }
    }

    /// Narrow layouts compute modulo their width; every pair of bytes must still come out right.
    @Test func narrowArithmeticIsExact() throws {
        for name in ["add", "subtract", "multiply"] {
            var function = FunctionCall(name)
            function.isNarrow = true
            for right in [-128, -1, 0, 7, 127] {
                let lefts = (-128...127).map { String($0) }
                let rights = [String](repeating: String(right), count: lefts.count)
                let results = try function.results([
                    Column("tinyint", lefts), Column("tinyint", rights),
                ])
                let expected = (-128...127).map { left -> String in
                    String(
                        name == "add"
                            ? left + right
                            : name == "subtract" ? left - right : left * right)
                }
                #expect(results == expected)
            }
        }
    }

    @Test func negation() throws {
        #expect(try call("negative", ("int", "-2147483648")) == "2147483648")
        #expect(try call("negative", ("decimal(5,2)", "1.50")) == "-1.50")
        #expect(try call("negative", ("double", "1.5")) == "-1.5")
        #expect(throws: StarlingError.self) {
            try call("negative", ("bigint", "-9223372036854775808"))
        }
    }
}
