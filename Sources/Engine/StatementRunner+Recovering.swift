// RECOVER PARTITION: a partition that was dropped comes back as the newest version of the table has it
// that still can be read. Its rows lie where they lay.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax

extension StatementRunner {
    func recover(
        _ partition: Identifier, of target: QualifiedName
    ) throws(StarlingError) -> Result {
        let table = try nativeTable(target)
        let name = try catalogName(target)
        guard let set = table.partitions else {
            throw StarlingError(
                .binding, "'\(table.name)' has no partitions", at: target.range)
        }
        guard set.isFree(partition.text) else {
            throw StarlingError(
                .binding, "there is a partition '\(partition.text)' already", at: partition.range)
        }
        var (found, rows) = try lost(partition, of: table)
        if let other = set.partitions.first(where: {
            !$0.isTemporary && $0.values.overlaps(found.values)
        }) {
            throw StarlingError(
                .binding,
                "'\(partition.text)' would take values of partition '\(other.name)'",
                at: partition.range)
        }
        found.number = table.takePartitionNumber()
        let home = home(of: name)
        let writer = segmentWriter(for: table, name, in: home)
        rows = try (writer?.keep(rows) ?? rows).map { $0.placed(in: found) }
        try checkNotNull(rows, table)
        let recorded = try additions(rows, writer)
        let record = PartitionRecord()
        try commit(to: home, recorded + record.changes) { (contents) throws(StarlingError) in
            let newest = try newestSnapshot(of: table, name, contents)
            try checkUnchanged(newest, since: table)
            let recovered = newest.having(set.adding(found), newest.segments + rows)
            record.note(newest, recovered, placing: rows, writer)
            contents.replaceTable(name, with: recovered)
        }
        return .none
    }

    /// Finds a partition and its rows in the newest version that has it.
    private func lost(
        _ name: Identifier, of table: NativeTable
    ) throws(StarlingError) -> (TablePartition, [Segment]) {
        for past in table.history.past.reversed() {
            let version = try past.table()
            guard let found = version.partitions?.partition(named: name.text) else { continue }
            guard Set(table.identities.map(\.number)) == Set(version.identities.map(\.number))
            else {
                throw StarlingError(
                    .unsupported,
                    "'\(table.name)' had other columns when it had partition '\(found.name)'; "
                        + "ALTER TABLE … ADD PARTITION makes it again, and INSERT … SELECT … FROM "
                        + "\(table.name) FOR VERSION AS OF \(past.number) fills it", at: name.range)
            }
            let shaped = version.having(
                columns: table.columns, table.identities, lastColumnNumber: table.lastColumnNumber)
            return (found, shaped.segments.filter { $0.partition?.number == found.number })
        }
        throw StarlingError(
            .binding,
            "no version of '\(table.name)' that can be read has a partition '\(name.text)'; "
                + "SHOW SNAPSHOTS FROM \(table.name) lists them, and its property "
                + "'snapshot_retention' says how long they are kept", at: name.range)
    }
}
