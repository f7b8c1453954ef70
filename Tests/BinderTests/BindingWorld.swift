import StarlingBinder
import StarlingErrors
import StarlingPlanSupport
import StarlingPlans
import StarlingTypes

/// Makes the tables that the tests bind against.
func makeEnvironment() throws(StarlingError) -> StubEnvironment {
    let point = LogicalType.structure([
        StructureField(name: "x", type: .int),
        StructureField(
            name: "y", type: .structure([StructureField(name: "z", type: .string)])),
    ])
    let table = StubTable(
        "t",
        [
            StubColumn("a", .int), StubColumn("b", .int, isNullable: false),
            StubColumn("c", .string), StubColumn("d", .date), StubColumn("f", .float),
            StubColumn("s", point), StubColumn("l", .array(.int)),
        ])
    let other = StubTable(
        "u", [StubColumn("a", .int, isNullable: false), StubColumn("key", .bigint)])
    let numbers = StubTable(
        "numbers",
        [
            StubColumn("ti", .tinyint), StubColumn("si", .smallint), StubColumn("i", .int),
            StubColumn("bi", .bigint), StubColumn("li", .largeint), StubColumn("f", .float),
            StubColumn("db", .double), StubColumn("bo", .boolean), StubColumn("st", .string),
            StubColumn("da", .date), StubColumn("dt", .datetime),
            StubColumn("p", .decimal(precision: 10, scale: 2)),
            StubColumn("q", .decimal(precision: 15, scale: 4)),
        ])
    return try StubEnvironment(
        [("t", table), ("u", other), ("numbers", numbers)],
        views: [("v", "SELECT a AS va, b + 1 AS vb FROM t"), ("w", "SELECT va FROM v")])
}

extension StubEnvironment {
    /// The type of an expression over the table of numbers.
    func type(of expression: String) throws(StarlingError) -> String {
        try bind("SELECT \(expression) FROM numbers").columns[0].type.description
    }
}
