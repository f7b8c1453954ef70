// The page docs/tables.md: its statements run and give what the page says, in memory and in a folder.

import Starling
import StarlingMemory
import Testing

struct TablesPageTests {
    @Test(arguments: [false, true])
    func statementsRun(isStored: Bool) throws {
        let folder = temporaryFolder() + "/starling-page-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        let page = try Page("tables.md")
        let database = try isStored ? Database(path: folder) : Database()
        let results = try page.run(in: database).filter { !$0.columns.isEmpty }
        #expect(results[0].texts(0) == ["ada", "bob"])
        #expect(results[0].texts(1) == ["21.00", "30.00"])
        #expect(results[1].rows == [[500_000, 125_000_250_000, 6]])
        // 71,428 multiples of 7 and 71,429 numbers behind one, 0 among them.
        #expect(try results[2].integers(0) == [142_857])
        #expect(try results[3].integers(0) == [0])
        #expect(results[4].texts(0) == ["ada"])
        #expect(results[4].texts(1) == ["42.00"])
        #expect(results[5].texts(0) == ["1", "0", "0"])
        #expect(results[5].texts(1) == ["a name that has become longer", "ada", "ada"])
        #expect(results[6].texts(0) == ["bob"])
        #expect(results[7].rows == [["book", 3], ["pen", 10]])
        #expect(results[8].rows == [[1]])
        #expect(results[9].rows == [["book", 3, -1], ["pen", 10, -1], ["pen", 9, 1]])
        #expect(try results[10].integers(0) == [1, 2, 3, 4])
        #expect(try results[10].integers(2) == [0, 2, 2, 1])
        #expect(results[11].rows == [["book", 3], ["pen", 9]])
        // 3 and 8 here, 10, 3 and 1 there.
        #expect(results[12].rows == [[25]])
        #expect(results[13].texts(1) == ["ada", "bob", nil])
        #expect(results[13].texts(2) == ["12.50", "21.00", "1.00"])
        #expect(try results[13].integers(3) == [5, 6, 1])
        #expect(results[14].texts(1) == ["18.00", "1.75"])
        #expect(results[15].texts(0) == ["book", "ink"])
        #expect(results[15].texts(1) == ["17.00", "5.00"])
        #expect(try results[15].integers(2) == [1, 0])
        #expect(results[16].texts(1) == ["p202401", "p202402"])
        #expect(try results[16].integers(8) == [1, 2])
        #expect(results[17].rows == [[6]])
        #expect(results[18].rows == [["Bonn", 8]])
        #expect(results[19].rows == [[4]])
        #expect(try results[20].integers(0) == [200])
        // What queries filter by is told, and then the rows are counted again.
        #expect(results[21].columns.map(\.name) == ["Clustering", "Rows", "Share", "Why"])
        #expect(results[21].texts(0)[0] == "as it is")
        #expect(try results[22].integers(0) == [200])
        #expect(results[22].texts(1) == ["2024-02-12"])
        // 16 times 0 to 59, and 1 to 40.
        #expect(results[23].rows == [[1_000, 0, 29_140]])
        #expect(try results[24].integers(0) == [77])
        #expect(results[25].texts(3) == ["OK"])
        #expect(try results[26].integers(1) == [1_000, 1_000, 1_000])
    }
}
