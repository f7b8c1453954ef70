// CHECK TABLE finds what is damaged; REPAIR TABLE takes it out of the table, so that the rest can be
// read, and keeps the bytes. Earlier versions are checked, too; what is damaged in them alone stays.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    /// Lists what is wrong in tables, a row a finding, and a row for each that is whole.
    func check(_ targets: [QualifiedName]) throws(StarlingError) -> Result {
        var rows: [[Value]] = []
        if let error = try session.database.folder?.damageOfLog() {
            rows.append([.null, .null, .null, .null, .null, .text(error.message)])
        }
        for target in targets {
            let table = try nativeTable(target, having: "rows of its own")
            let name = try catalogName(target)
            let shown = Value.text("\(name.database).\(table.name)")
            var findings: [DamageFinding] = []
            for segment in table.segments {
                try cancellation.check()
                findings += self.findings(in: segment, of: table, name)
            }
            for finding in findings {
                rows.append([
                    shown, .integer(Int128(finding.segment)),
                    finding.column.map(Value.text) ?? .null, finding.file.map(Value.text) ?? .null,
                    finding.place.map { .integer(Int128($0)) } ?? .null, .text(finding.message),
                ])
            }
            if findings.isEmpty { rows.append([shown, .null, .null, .null, .null, .text("OK")]) }
            for past in try findingsOfPast(table, name) {
                let finding = past.finding
                rows.append([
                    shown, .integer(Int128(finding.segment)),
                    finding.column.map(Value.text) ?? .null, finding.file.map(Value.text) ?? .null,
                    finding.place.map { .integer(Int128($0)) } ?? .null,
                    .text("of \(past.versions) only: \(finding.message)"),
                ])
            }
        }
        return Result(
            [
                ("Table", .string), ("Segment", .bigint), ("Column", .string), ("File", .string),
                ("Place", .bigint), ("Message", .string),
            ], rows: rows)
    }

    /// Takes the damaged segments of tables out, each table in a commit. Where only an index is damaged,
    /// the rows stay, and it is made again.
    func repair(_ targets: [QualifiedName]) throws(StarlingError) -> Result {
        var rows: [[Value]] = []
        for target in targets {
            let lost = try repair(target)
            rows += lost
        }
        return Result(
            [
                ("Table", .string), ("Segment", .bigint), ("Rows_lost", .bigint),
                ("Kept_as", .string), ("Message", .string),
            ], rows: rows)
    }

    private func repair(_ target: QualifiedName) throws(StarlingError) -> [[Value]] {
        let table = try nativeTable(target)
        let name = try catalogName(target)
        try checkWhole(home(of: name))
        let reference = TableName(database: name.database, name: table.name)
        let shown = Value.text("\(name.database).\(table.name)")
        var loss = RowLoss()
        var rows: [[Value]] = []
        var unindexed: [Segment] = []
        for segment in table.segments {
            try cancellation.check()
            let findings = findings(in: segment, of: table, name)
            if let finding = findings.first, findings.allSatisfy(\.isOfIndex) {
                unindexed.append(segment)
                rows.append([
                    shown, .integer(Int128(finding.segment)), .integer(0), .null,
                    .text(finding.message),
                ])
                continue
            }
            guard let finding = findings.first(where: { !$0.isOfIndex }) else { continue }
            loss.old.append(segment)
            let kept = try segment.place.flatMap { (place) throws(StarlingError) in
                try session.database.folder?.keepDamaged(
                    place, as: "\(reference).\(finding.segment)")
            }
            let isCounted = segment.rowCount != Segment.unknownRowCount
            rows.append([
                shown, .integer(Int128(finding.segment)),
                isCounted ? .integer(Int128(segment.liveRowCount)) : .null,
                kept.map(Value.text) ?? .null, .text(finding.message),
            ])
        }
        let home = home(of: name)
        if !unindexed.isEmpty {
            let writer = segmentWriter(for: table, name, in: home)
            let groups = try indexed(unindexed, of: table, writer, anew: true)
            guard try commit(groups, of: table, name, writer).count == groups.count else {
                throw conflict(table.name)
            }
        }
        let past = try findingsOfPast(table, name).map { past -> [Value] in
            [
                shown, .integer(Int128(past.finding.segment)), .integer(0), .null,
                .text(
                    "of \(past.versions) only, which stay as they are until snapshot_retention "
                        + "lets go of them: \(past.finding.message)"),
            ]
        }
        if rows.isEmpty { return [[shown, .null, .integer(0), .null, .text("OK")]] + past }
        guard !loss.isEmpty else { return rows + past }
        let writer = segmentWriter(for: table, name, in: home)
        try commitRows(to: home, writer?.changes(of: loss, emptied: []) ?? []) {
            [self] (contents) throws(StarlingError) in
            let newest = try newestSnapshot(of: table, name, contents)
            guard let left = newest.without(loss) else { throw conflict(table.name) }
            contents.replaceTable(name, with: left.table)
        }
        return rows + past
    }

    /// What is wrong in segments that only earlier versions have, which can still be read, and which
    /// versions these are.
    private func findingsOfPast(
        _ table: NativeTable, _ name: CatalogName
    ) throws(StarlingError) -> [(versions: String, finding: DamageFinding)] {
        var known = Set(table.segments.map(\.numbers))
        var found: [(first: Int, last: Int, finding: DamageFinding)] = []
        for past in table.history.past {
            let version = try past.table()
            for segment in version.segments {
                for place in found.indices
                where segment.numbers.first == found[place].finding.segment {
                    found[place].last = past.number
                }
                guard known.insert(segment.numbers).inserted else { continue }
                try cancellation.check()
                found += findings(in: segment, of: version, name).map {
                    (past.number, past.number, $0)
                }
            }
        }
        return found.map { found in
            let (first, last) = (found.first, found.last)
            let versions = first == last ? "version \(first)" : "versions \(first) to \(last)"
            return (versions, found.finding)
        }
    }

    private func findings(
        in segment: Segment, of table: NativeTable, _ name: CatalogName
    ) -> [DamageFinding] {
        guard let folder = session.database.folder, home(of: name) === catalog else {
            return segment.check(table)
        }
        let reference = TableName(database: name.database, name: table.name)
        return folder.check(segment, of: table, named: reference)
    }
}
