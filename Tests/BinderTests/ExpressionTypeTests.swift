import StarlingBinder
import StarlingErrors
import StarlingPlanSupport
import StarlingPlans
import StarlingTypes
import Testing

@Suite struct ExpressionTypeTests {
    private let environment: StubEnvironment

    init() throws { environment = try makeEnvironment() }

    /// A number has the smallest type that holds it.
    @Test(arguments: [
        ("127", "tinyint"), ("-128", "tinyint"), ("128", "smallint"), ("-129", "smallint"),
        ("32767", "smallint"), ("32768", "int"), ("2147483647", "int"), ("-2147483648", "int"),
        ("2147483648", "bigint"), ("9223372036854775807", "bigint"),
        ("-9223372036854775808", "bigint"), ("9223372036854775808", "largeint"),
        ("-170141183460469231731687303715884105728", "largeint"), ("1.50", "decimal(3,2)"),
        ("0.005", "decimal(3,3)"), ("-12.5", "decimal(3,1)"), ("1e5", "double"),
        ("'text'", "varchar"), ("true", "boolean"), ("DATE '2024-02-29'", "date"),
        ("TIMESTAMP '2024-02-29 12:00:00'", "datetime"), ("[1, 2]", "array<tinyint>"),
        ("[1, 1000]", "array<smallint>"), ("CAST(1 AS DECIMAL(20, 3))", "decimal(20,3)"),
        ("CAST('1' AS ARRAY<INT>)", "array<int>"), ("CAST(1 AS VARCHAR(5))", "varchar(5)"),
    ])
    func literalsHaveTypes(text: String, type: String) throws {
        #expect(try environment.bind(constant: text).type.description == type)
    }

    /// StarRocks computes sums and products of small integers in the next larger type, quotients
    /// of what is no DECIMAL as DOUBLE.
    @Test(arguments: [
        ("ti + ti", "smallint"), ("si - si", "int"), ("i * i", "bigint"), ("bi + bi", "bigint"),
        ("li * li", "largeint"), ("ti + i", "bigint"), ("bi + li", "largeint"),
        ("i / i", "double"), ("i / 2", "double"), ("f + f", "double"), ("i + f", "double"),
        ("i + db", "double"), ("st + i", "double"), ("st + st", "double"), ("i % i", "int"),
        ("i DIV ti", "int"), ("bi % i", "bigint"), ("i & ti", "int"), ("i = bi", "boolean"),
        ("st LIKE 'a%'", "boolean"), ("i IS NULL", "boolean"), ("NOT bo", "boolean"),
        ("i IN (1, 2)", "boolean"),
    ])
    func operatorsHaveTypes(text: String, type: String) throws {
        #expect(try environment.type(of: text) == type)
    }

    private func decimals(_ left: String, _ op: String, _ right: String) throws -> String {
        try environment.type(of: "CAST(i AS DECIMAL\(left)) \(op) CAST(i AS DECIMAL\(right))")
    }

    /// From StarRocks' own `ArithmeticExprTest`: digits and scales add up, digits to 38 at most.
    @Test(arguments: [
        ("(4,3)", "(4,3)", "decimal(8,6)"), ("(7,2)", "(7,2)", "decimal(14,4)"),
        ("(7,2)", "(9,4)", "decimal(16,6)"), ("(14,4)", "(7,2)", "decimal(21,6)"),
        ("(14,4)", "(18,14)", "decimal(32,18)"), ("(35,18)", "(35,20)", "decimal(38,38)"),
        ("(35,30)", "(8,7)", "decimal(38,37)"), ("(36,31)", "(18,7)", "decimal(38,38)"),
    ])
    func productsHaveTheTypesOfStarRocks(left: String, right: String, type: String) throws {
        #expect(try decimals(left, "*", right) == type)
    }

    @Test(arguments: [("(38,36)", "(4,3)"), ("(37,24)", "(18,15)"), ("(30,19)", "(30,20)")])
    func productsOfTooManyFractionsAreRefused(left: String, right: String) {
        let error = #expect(throws: StarlingError.self) { try decimals(left, "*", right) }
        #expect(error?.kind == .binding && error?.range != nil)
    }

    /// StarRocks: max(p1 - s1, p2 - s2) + max(s1, s2) + 1 digits, and the larger scale.
    @Test(arguments: [
        ("(9,2)", "(9,2)", "decimal(10,2)"), ("(10,2)", "(15,4)", "decimal(16,4)"),
        ("(5,0)", "(5,5)", "decimal(11,5)"), ("(38,10)", "(38,2)", "decimal(38,10)"),
        ("(20,20)", "(1,0)", "decimal(22,20)"),
    ])
    func sumsHaveTheTypesOfStarRocks(left: String, right: String, type: String) throws {
        #expect(try decimals(left, "+", right) == type)
        #expect(try decimals(right, "-", left) == type)
    }

    /// Snowflake's rule, which StarRocks follows: six more digits behind the point, twelve at most,
    /// unless the dividend has more.
    @Test(arguments: [
        ("(10,2)", "(5,1)", "decimal(38,8)"), ("(10,0)", "(38,20)", "decimal(38,6)"),
        ("(10,6)", "(5,1)", "decimal(38,12)"), ("(10,7)", "(5,1)", "decimal(38,12)"),
        ("(20,15)", "(5,1)", "decimal(38,15)"),
    ])
    func quotientsHaveTheTypesOfStarRocks(left: String, right: String, type: String) throws {
        #expect(try decimals(left, "/", right) == type)
    }

    @Test(arguments: [
        ("p + db", "double"), ("p * f", "double"), ("p + st", "double"), ("p + 1", "decimal(12,2)"),
        ("p * 2", "decimal(19,2)"), ("p = i", "boolean"), ("p % q", "decimal(18,4)"),
    ])
    func decimalsMeetOtherNumbers(text: String, type: String) throws {
        #expect(try environment.type(of: text) == type)
    }

    /// As `starrocks-sql.md` has it from StarRocks' tests: an average has six digits more behind the
    /// point, twelve at most unless there were more.
    @Test(arguments: [
        ("count(*)", "bigint"), ("count(st)", "bigint"), ("sum(ti)", "bigint"),
        ("sum(bi)", "bigint"), ("sum(li)", "largeint"), ("sum(db)", "double"),
        ("sum(f)", "double"), ("sum(p)", "decimal(38,2)"), ("avg(i)", "double"),
        ("avg(p)", "decimal(38,8)"), ("avg(q)", "decimal(38,10)"),
        ("avg(CAST(i AS DECIMAL(20, 6)))", "decimal(38,12)"),
        ("avg(CAST(i AS DECIMAL(30, 19)))", "decimal(38,19)"), ("min(st)", "varchar"),
        ("max(dt)", "datetime"), ("array_agg(i)", "array<int>"), ("group_concat(st)", "varchar"),
        ("max(i) OVER ()", "int"), ("row_number() OVER (ORDER BY i)", "bigint"),
        ("sum(p) OVER (ORDER BY i)", "decimal(38,2)"),
    ])
    func aggregatesHaveTypes(text: String, type: String) throws {
        #expect(try environment.type(of: text) == type)
    }

    @Test(arguments: [
        ("CASE WHEN bo THEN i ELSE bi END", "bigint"), ("CASE WHEN bo THEN i END", "int"),
        ("CASE WHEN bo THEN p ELSE q END", "decimal(15,4)"),
        ("CASE WHEN bo THEN da ELSE dt END", "datetime"),
        ("CASE WHEN bo THEN i ELSE st END", "varchar"), ("coalesce(ti, li)", "largeint"),
        ("coalesce(p, db)", "double"), ("if(bo, NULL, da)", "date"), ("ifnull(i, 1)", "int"),
        ("coalesce(p, i)", "decimal(12,2)"), ("[p, q]", "array<decimal(15,4)>"),
    ])
    func branchesMeetInOneType(text: String, type: String) throws {
        #expect(try environment.type(of: text) == type)
    }

    @Test(arguments: [
        ("SELECT i FROM numbers UNION SELECT bi FROM numbers", "bigint"),
        ("SELECT NULL UNION ALL SELECT da FROM numbers", "date"),
        ("SELECT i FROM numbers UNION ALL SELECT st FROM numbers", "varchar"),
        ("VALUES (1), (1000), (1.5)", "decimal(6,1)"),
    ])
    func queriesMeetInOneType(text: String, type: String) throws {
        #expect(try environment.bind(text).columns[0].type.description == type)
    }

    @Test func parametersAndVariablesHaveTheirTypes() throws {
        environment.parameters = [(.integer(5), .int), (.text("x"), .string)]
        environment.variables = ["v": (.integer(1), .bigint)]
        let bound = try environment.bind("SELECT ? + 1, ?, @v, @nothing, @@batch_size")
        #expect(
            bound.columns.prefix(3).map(\.type.description) == ["bigint", "varchar", "bigint"])
        #expect(bound.columns[4].type == .int)
    }
}
