import Testing

import StarlingErrors
import StarlingTypes

struct TypeTests {
    @Test(arguments: [
        "boolean", "tinyint", "int", "largeint", "double", "decimal(15,2)", "char(3)",
        "varchar(20)", "varchar", "date", "datetime", "json", "array<int>",
        "map<varchar(5),array<decimal(38,4)>>", "struct<a int, b array<date>>",
    ])
    func namesReadBack(name: String) throws {
        #expect(try LogicalType(name: name).description == name)
        #expect(try LogicalType(name: name.uppercased()).description.lowercased() == name)
    }

    @Test func otherSpellings() throws {
        #expect(try LogicalType(name: "STRING") == .string)
        #expect(try LogicalType(name: "decimal") == .decimal(precision: 10, scale: 0))
        #expect(try LogicalType(name: " decimal64 ( 9 ) ") == .decimal(precision: 9, scale: 0))
        #expect(try LogicalType(name: "timestamp") == .datetime)
        #expect(try LogicalType(name: "struct<`a b`: int>").description == "struct<`a b` int>")
    }

    @Test(arguments: [
        "", "decimal(39,2)", "decimal(5,6)", "array<int", "map<int>", "int>", "decimal(1,2,3)",
        "varchar(0)", "decimal(x)", "array<array<array<", "date(3)",
    ])
    func malformedNames(name: String) {
        #expect(throws: StarlingError.self) { try LogicalType(name: name) }
    }

    @Test func deepNestingIsRefused() {
        let text = String(repeating: "array<", count: 100_000)
        #expect(throws: StarlingError.self) { try LogicalType(name: text) }
    }

    @Test func misspeltNamesNameTheNearest() {
        let error = #expect(throws: StarlingError.self) { try LogicalType(name: "bigimt") }
        #expect(error?.message.contains("'bigint'") == true)
    }

    @Test(arguments: [
        ("int", "bigint", "bigint"), ("tinyint", "double", "double"),
        ("int", "varchar(5)", "varchar"),
        ("date", "datetime", "datetime"), ("decimal(15,2)", "int", "decimal(15,2)"),
        ("decimal(5,2)", "bigint", "decimal(21,2)"), ("decimal(38,20)", "bigint", "double"),
        ("decimal(10,2)", "float", "double"), ("decimal(10,2)", "decimal(8,6)", "decimal(14,6)"),
        ("varchar(3)", "varchar(7)", "varchar(7)"), ("boolean", "int", "int"),
        ("float", "float", "float"),
        ("array<int>", "array<double>", "array<double>"), ("date", "int", "varchar"),
    ])
    func commonTypes(left: String, right: String, result: String) throws {
        let (left, right) = (try LogicalType(name: left), try LogicalType(name: right))
        #expect(LogicalType.commonType(left, right)?.description == result)
        #expect(LogicalType.commonType(right, left)?.description == result)
        #expect(LogicalType.commonType(.null, left) == left)
    }

    @Test(arguments: [
        ("int", "varchar", "double"), ("decimal(10,2)", "varchar", "double"),
        ("date", "varchar", "datetime"), ("date", "datetime", "datetime"),
        ("date", "int", "datetime"),
        ("int", "bigint", "bigint"), ("varchar(3)", "char(3)", "varchar"),
    ])
    func comparisonTypes(left: String, right: String, result: String) throws {
        let (left, right) = (try LogicalType(name: left), try LogicalType(name: right))
        #expect(LogicalType.comparisonType(left, right)?.description == result)
        #expect(LogicalType.comparisonType(right, left)?.description == result)
    }

    @Test func nestedAndPlainHaveNoCommonType() {
        #expect(LogicalType.commonType(.array(.int), .int) == nil)
        #expect(LogicalType.commonType(.array(.array(.int)), .array(.int)) == nil)
    }
}
