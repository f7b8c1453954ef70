// The page docs/views.md: its statements run and give what the page says, in memory and in a folder.

import Starling
import StarlingMemory
import Testing

struct ViewsPageTests {
    @Test(arguments: [false, true])
    func statementsRun(isStored: Bool) throws {
        let folder = temporaryFolder() + "/starling-page-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        let page = try Page("views.md")
        let database = try isStored ? Database(path: folder) : Database()
        var results = try page.run(in: database).filter { !$0.columns.isEmpty }
        try expectRetention(Array(results[11..<16]))
        results.removeSubrange(11..<16)
        #expect(results[0].texts(0) == ["Bonn", "Ulm"])
        #expect(try results[0].integers(1) == [2, 1])
        #expect(results[0].texts(2) == ["25.00", "7.50"])
        #expect(results[0].texts(3) == ["2024-01-06", "2024-02-01"])
        #expect(results[1].texts(0) == ["Köln", "Ulm"])
        #expect(try results[1].integers(1) == [1, 2])
        #expect(results[1].texts(2) == ["5.00", "107.50"])
        #expect(results[1].texts(3) == ["2024-01-06", "2024-02-03"])
        #expect(try results[2].integers(1) == [14, 13])
        #expect(results[3].texts(0) == ["160.00"])
        // January and February; then March, too.
        #expect(try results[4].integers(0) == [2])
        #expect(try results[5].integers(0) == [3])
        #expect(results[6].texts(0) == ["by_city", "largest", "largest_total", "monthly"])
        #expect(results[6].texts(1) == ["SYNC", "SYNC", "SYNC", "MANUAL"])
        #expect(
            results[6].texts(2) == [
                "states of groups", "partitions that change, computed anew", "states of groups",
                "states of groups",
            ])
        #expect(results[6].texts(3) == ["all rows", "all rows", "all rows", "changes"])
        #expect(results[7].texts(0) == ["mv-hourly", "mv-monthly"])
        #expect(
            results[7].texts(1) == [
                "START('2026-01-01 00:00:00') EVERY(INTERVAL 1 HOUR)", "MANUAL",
            ])
        #expect(results[8].texts(0).first == "mv-monthly")
        #expect(results[8].texts(1).first == "SUCCESS")
        #expect(try results[8].integers(2).first == 1)
        #expect(results[8].texts(3).first == "changes")
        #expect(
            results[8].texts(4).first
                == "groups by key: added to the stored states (rows, sum, count); "
                + "table orders: rows that differ between versions")
        #expect(results[9].texts(1) == ["Bonn", "Ulm", "Ulm"])
        #expect(try results[9].integers(2) == [20, 10, 37])
        #expect(try results[10].integers(2) == [20, 15, 37])
        #expect(results[11].texts(0) == ["help", "home"])
        #expect(try results[11].integers(1) == [1, 1])
        #expect(try results[11].doubles(2) == [60, 7])
        #expect(results[12].texts(0)[1] == "daily")
        #expect(results[12].texts(1)[1] == "yes")
        #expect(results[13].texts(2)[1] == "the view does not keep max(seconds)")
        #expect(results[14].texts(0) == ["by_city", "monthly"])
        #expect(results[14].texts(1)[0] == "column 'day' of 'main.orders' was dropped")
        #expect(results[15].texts(1)[0]?.hasPrefix("CREATE MATERIALIZED VIEW `largest` AS") == true)
        #expect(results[16].texts(0) == ["help", "home", "shop"])
        #expect(try results[16].integers(1) == [1, 2, 0])
        #expect(results[16].texts(2) == [nil, "5.00", "7.50"])
        #expect(results[17].texts(0) == ["home", "shop"])
        #expect(try results[17].integers(1) == [1, 0])
        #expect(results[17].texts(2) == ["5.00", "7.50"])
        let readings = results.filter { $0.columns.first?.name == "station" }
        #expect(readings.map { $0.texts(1) } == [["20.5", "21.5", "17.5"]])
        #expect(try readings[0].integers(2) == [1, 2, 1])
        #expect(results.contains { $0.rows == [["changes"]] })
        try expectAdvice(Array(results.suffix(5)))
    }

    /// January stays in the views as it was when it was dropped; what comes late is counted.
    private func expectRetention(_ results: [Result]) throws {
        #expect(results[0].texts(0) == ["2024-01-05", "2024-01-06", "2024-02-01"])
        #expect(results[0].texts(3) == ["1.50", "2.50", "4.00"])
        #expect(results[1].texts(0) == ["2024-01-05", "2024-01-06", "2024-02-01", "2024-02-02"])
        #expect(results[1].texts(3) == ["1.50", "2.50", "4.00", "3.00"])
        #expect(results[2].texts(0) == ["measured_daily", "measured_monthly"])
        #expect(
            results[2].texts(1) == [
                "main.measured: `day` [2024-01-01, 2024-02-01)",
                "main.measured: `month` [2024-01-01, 2024-02-01)",
            ])
        #expect(try results[2].integers(2) == [1, 1])
        let place = try #require(results[3].texts(0).firstIndex(of: "measured_daily"))
        #expect(results[3].texts(1)[place] == "no")
        #expect(results[3].texts(2)[place]?.hasPrefix("it retains rows of partitions") == true)
        #expect(results[4].texts(1)[place] == "yes")
    }

    /// The session of the README.
    @Test(arguments: [false, true])
    func sessionRuns(isStored: Bool) throws {
        let folder = temporaryFolder() + "/starling-page-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        let session = try (isStored ? Database(path: folder) : Database()).makeSession()
        let example = try #require(
            try Page("../README.md").examples.first { $0.contains("INTO pages") })
        var results: [Result] = []
        try session.executeScript(example) { results.append($0) }
        results = results.filter { !$0.columns.isEmpty }
        #expect(results[0].texts(0) == ["p7", "p8"])
        #expect(try results[0].integers(1) == [0, 4_000])
        #expect(results[0].texts(2) == ["12328.00", "12662.00"])
        #expect(results[1].texts(0) == ["p49", "p48", "p47"])
        #expect(results[2].texts(0) == ["daily", "page_hits", "page_sales", "slow"])
        #expect(results[2].texts(1) == ["yes", "no", "no", "no"])
        #expect(results[3].texts(0)[0]?.contains("max(hits.ms)") == true)
        #expect(results.count == 5)
    }

    /// The page's other queries group few rows, so that views are of no use to them. One view for both
    /// queries has 24 rows: 4 cities and 3 kinds meet in 12 ways, in each of 2 months.
    private func expectAdvice(_ results: [Result]) throws {
        #expect(results[0].texts(0) == ["c0", "c1", "c2", "c3"])
        #expect(
            results[2].texts(0).map { $0?.prefix(40) } == [
                "CREATE MATERIALIZED VIEW trips_by_date_t"
            ])
        #expect(try results[2].integers(3) == [24])
        #expect(
            results[3].texts(0)[0]?.hasPrefix("CREATE MATERIALIZED VIEW trips_by_kind AS") == true)
        #expect(try results[4].integers(0) == [3])
    }
}
