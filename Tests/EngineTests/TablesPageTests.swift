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
        #expect(try results[7].integers(0) == [18])
        #expect(results[7].texts(1) == ["2024-05-06"])
        #expect(results[8].rows == [["book", 3], ["pen", 10]])
        #expect(results[9].rows == [[1]])
        #expect(results[10].rows == [["book", 3, -1], ["pen", 10, -1], ["pen", 9, 1]])
        #expect(try results[11].integers(0) == [1, 2, 3, 4])
        #expect(try results[11].integers(2) == [0, 2, 2, 1])
        #expect(results[12].rows == [["book", 3], ["pen", 9]])
        // 3 and 8 here, 10, 3 and 1 there.
        #expect(results[13].rows == [[25]])
        #expect(results[14].texts(1) == ["ada", "bob", nil])
        #expect(results[14].texts(2) == ["12.50", "21.00", "1.00"])
        #expect(try results[14].integers(3) == [5, 6, 1])
        #expect(results[15].texts(1) == ["18.00", "1.75"])
        #expect(results[16].texts(0) == ["book", "ink"])
        #expect(results[16].texts(1) == ["17.00", "5.00"])
        #expect(try results[16].integers(2) == [1, 0])
        #expect(results[17].texts(1) == ["p202401", "p202402"])
        #expect(try results[17].integers(8) == [1, 2])
        #expect(results[18].rows == [[6]])
        #expect(results[19].rows == [["Bonn", 8], ["Ulm", 16]])
        #expect(results[20].rows == [[4]])
        #expect(results[21].rowCount == 1)
        #expect(results[23].texts(0) == ["nightly"])
        #expect(results[24].texts(1) == ["p202403"])
        #expect(results[25].rowCount == 1)
        #expect(results[26].rowCount == 0)
        #expect(try results[27].integers(0) == [200])
        // What queries filter by is told, and then the rows are counted again.
        #expect(results[28].columns.map(\.name) == ["Clustering", "Rows", "Share", "Why"])
        #expect(results[28].texts(0)[0] == "as it is")
        #expect(try results[29].integers(0) == [200])
        #expect(results[29].texts(1) == ["2024-02-12"])
        // 16 times 0 to 59, and 1 to 40.
        #expect(results[30].rows == [[1_000, 0, 29_140]])
        #expect(try results[31].integers(0) == [77])
        #expect(results[32].texts(3) == ["OK"])
        #expect(try results[33].integers(1) == [1_000, 1_000, 1_000])
    }
}
