// The page docs/search.md, and the session of the README about it: their statements run and give what the
// pages say, in memory and in a folder.

import Starling
import StarlingMemory
import Testing

struct SearchPageTests {
    @Test(arguments: [false, true])
    func statementsRun(isStored: Bool) throws {
        let folder = temporaryFolder() + "/starling-page-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        let page = try Page("search.md")
        let database = try isStored ? Database(path: folder) : Database()
        let results = try page.run(in: database).filter { !$0.columns.isEmpty }
        let tokens = [
            #"["the","quick","witted","fox","isn't","at","example.com"]"#,
            #"["quick","witted","fox","isn","t","example","com"]"#, #"["run","fox"]"#,
            #"["我是","是中","中国","国人","人"]"#, #"["ab","abc","bc"]"#,
        ]
        for (result, wanted) in zip(results, tokens) { #expect(result.texts(0) == [wanted]) }
        #expect(results[5].rows == [["red", 0, 0, 3], ["fox", 1, 4, 7]])
        #expect(results[6].texts(0) == [#"["cpp","book"]"#])
        let found = try results[7..<14].map { try $0.integers(0) }
        #expect(found == [[1, 2], [1], [3], [2, 3], [2], [1, 2], [1, 2, 3]])
        #expect(results[14].rows == [[3, "<em>peer</em> reset the <em>connection</em>"]])
        #expect(results[15].texts(0) == ["…a <em>few</em> words…"])
        #expect(try results[16].integers(0) == [1, 3])
        #expect(try results[17].integers(0) == [2, 3])
        #expect(try results[18].integers(0) == [1])
        #expect(try results[19].integers(0) == [1])
        #expect(results[20].texts(2) == ["bodies", "authors", "titles", "title_words"])
        #expect(results[20].texts(4) == ["body", "author", "title", "title"])
        #expect(results[20].texts(11) == ["what they say", "", "", ""])
        #expect(try results[23].integers(0) == [1])
        #expect(try results[24].integers(0) == [1, 2])
        #expect(try results[25].integers(0) == [1])
    }

    @Test(arguments: [false, true])
    func sessionOfReadMeRuns(isStored: Bool) throws {
        let folder = temporaryFolder() + "/starling-page-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        let session = try (isStored ? Database(path: folder) : Database()).makeSession()
        let example = try #require(
            try Page("../README.md").examples.first { $0.contains("RECOMMEND INDEXES") })
        var results: [Result] = []
        try session.executeScript(example) { results.append($0) }
        results = results.filter { !$0.columns.isEmpty }
        #expect(results[0].texts(1) == ["at", "message", "user.id", nil])
        #expect(results[0].texts(2) == ["DATETIME", "VARCHAR", "BIGINT", "JSON"])
        #expect(
            results[1].rows == [["2024-06-20T08:30:00Z", 5_000], ["2024-06-21T08:30:00Z", 1]])
        #expect(try results[2].integers(0) == [5])
        #expect(try results[3].integers(0) == [10])
        let recommended = results[4].texts(0).compactMap { $0 }
        #expect(recommended.count == 2, "\(recommended)")
        #expect(recommended.contains { $0.contains("USING GIN") })
        #expect(recommended.contains { $0.contains("USING BITMAP") })
        let found = "<em>disk</em> sdb is <em>full</em>"
        #expect(results[5].rows == [[77, .string(found)], [20_077, .string(found)]])
        let plan = results[6].texts(0).compactMap { $0 }.joined(separator: "\n")
        #expect(plan.contains("value index"), "\(plan)")
    }
}
