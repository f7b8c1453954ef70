// The page docs/language.md: its statements run and give what the page says.

import Starling
import Testing

struct LanguagePageTests {
    @Test func statementsRun() throws {
        let results = try Page("language.md").run().filter { !$0.columns.isEmpty }
        // The last price not behind each trade.
        #expect(results[0].texts(2) == [nil, "4.5", nil])
        #expect(results[1].texts(1) == ["early", "late", "late"])
        #expect(results[2].columns.map(\.name) == ["symbol", "total_1", "total_5"])
        #expect(results[2].rows == [["a", 100, 200], ["b", nil, 300]])
        #expect(try results[3].integers(2) == [0, 4, 3, 9])
        #expect(results[4].rows == [["a", 5, 200], ["b", 5, 300]])
        #expect(results[5].rows == results[4].rows)
        #expect(try results[6].doubles(1) == [175, 300])
        #expect(results[6].texts(2) == ["100/200", "300"])
        #expect(results[7].texts(1) == ["[100,200]", "[300]"])
        #expect(results[8].texts(2) == ["[-1,2,3]"])
        #expect(try results[9].integers(1) == [1, 5, 100, 200, 5, 300])
        #expect(try results[10].integers(1) == [5])
        #expect(try results[11].doubles(0) == [45])
        #expect(try results[11].doubles(1) == [40])
        #expect(try results[12].integers(1) == [4, 0])
        #expect(try results[13].integers(1) == [300, 200])
        #expect(try results[15].integers(1) == [100, 200])
        #expect(try results[16].integers(1) == [300])
        #expect(try results[17].integers(0) == [200])
        let baskets = results.filter { $0.columns.first?.name == "id" }
        #expect(baskets[0].texts(1) == ["[]", #"[{"name":"tea","tags":null}]"#, "[null]"])
        #expect(try baskets[1].integers(0) == [1, 2])
        #expect(
            results.dropLast().last?.rows.map { Array($0.dropFirst()) }
                == [[false, false], [true, false], [true, true]])
        #expect(
            (0..<4).map { results.last?.texts($0) }
                == [["20240300"], ["2"], ["2024-03-01"], ["2024-01-01 08:00:00"]])
    }
}
