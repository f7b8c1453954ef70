// The page docs/json.md: its statements run and give what the page says, in memory and in a folder.

import Starling
import StarlingMemory
import Testing

struct JSONPageTests {
    @Test(arguments: [false, true])
    func statementsRun(isStored: Bool) throws {
        let folder = temporaryFolder() + "/starling-page-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        let page = try Page("json.md")
        let database = try isStored ? Database(path: folder) : Database()
        let results = try page.run(in: database).filter { !$0.columns.isEmpty }
        #expect(results[0].texts(0) == ["\"Ann\""])
        #expect(results[0].texts(1) == ["Ann"])
        #expect(results[0].texts(2) == ["[\"a\", \"b\"]"])
        #expect(try results[0].integers(3) == [9_007_199_254_740_993])
        #expect(results[1].texts(0) == ["n", "tags", "user"])
        #expect(results[2].texts(0) == ["a"])
        #expect(results[3].texts(1) == ["at", "tags", "user.name", nil])
        #expect(results[3].texts(2) == ["BIGINT", "ARRAY<VARCHAR>", "VARCHAR", "JSON"])
        #expect(try results[3].doubles(3) == [1, 1, 1, 1])
        #expect(try results[3].integers(4)[2] == 100)
        #expect(results[4].rows == [["u0", 1], ["u1", 1]])
        #expect(
            results[5].texts(0) == [
                #"["at(BIGINT), tags(ARRAY<VARCHAR>), user.name(VARCHAR), remain(JSON)"]"#
            ])
        let explained = results[6].texts(0).compactMap { $0 }.joined()
        #expect(explained.contains("paths: e.at as column; e.user.name as column"))
    }
}
