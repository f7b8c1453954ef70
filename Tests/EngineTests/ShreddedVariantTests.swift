// What EXPLAIN ANALYZE says of paths of shredded VARIANT: what was read, and what was left out.

import Starling
import Testing

@Suite struct ShreddedVariantTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/SQL/json/"

    @Test(arguments: [
        ("even", "get_json_int(v, 'a') = 700", "pruned 3 (statistics 3)"),
        ("even", "get_json_int(v, 'a') = 700", "rows left out (page index 400), scanned 100"),
        ("even", "get_json_int(v, 'a') = 700", "paths: v.a as column"),
        ("even", "v ->> 'day' = '2024-01-02'", "pruned 3 (statistics 3)"),
        ("even", "CAST(v ->> 'day' AS DATE) = '2024-01-02'", "pruned 3 (statistics 3)"),
        ("even", "get_json_double(v, 'o.d') < 10", "paths: v.o.d as column"),
        ("even", "v -> 'o' IS NULL", "paths: v.o as column"),
        ("even", "v ->> 'rest0' = '4'", "paths: v.rest0 from documents"),
        ("mixed", "v ->> 'a' = '340'", "paths: v.a as column"),
        ("duckdb", "get_json_int(v, 'a') = 5", "paths: v.a as column"),
        ("duckdb", "v ->> 'nowhere' = 'x'", "pruned 2 (statistics 2)"),
        ("duckdb", "json_exists(v, 'nowhere')", "pruned 2 (statistics 2)"),
    ])
    func explanationsTellWhatIsRead(file: String, condition: String, wanted: String) throws {
        let lines = try Database().makeSession().execute(
            "EXPLAIN ANALYZE SELECT count(*) FROM '\(Self.folder)shredded.\(file).parquet' "
                + "WHERE \(condition)"
        ).texts(0)
        let text = lines.compactMap { $0 }.joined(separator: " ")
        #expect(text.contains(wanted), "\(text)")
    }
}
