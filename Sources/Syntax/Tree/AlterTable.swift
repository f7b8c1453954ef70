// ALTER TABLE: one or more changes of one table, between commas.

/// Holds `ALTER TABLE name change, ..`.
package struct AlterTable: Sendable, Equatable {
    package var name: QualifiedName
    package var actions: [AlterTableAction]

    package init(name: QualifiedName, actions: [AlterTableAction]) {
        self.name = name
        self.actions = actions
    }
}

/// Names where a column is put.
package enum ColumnPosition: Sendable, Equatable {
    case first
    case after(Identifier)
}

/// Holds one change of a table.
package indirect enum AlterTableAction: Sendable, Equatable {
    case addColumns(
        [ColumnDefinition], position: ColumnPosition?, rollup: Identifier?, properties: [Property])
    case dropColumn(Identifier, ifExists: Bool, rollup: Identifier?, properties: [Property])
    case modifyColumn(
        ColumnDefinition, position: ColumnPosition?, rollup: Identifier?, properties: [Property])
    /// `ALTER COLUMN c SET DEFAULT value`; nil is DROP DEFAULT.
    case setDefault(Identifier, Expression?)
    case renameColumn(Identifier, to: Identifier)
    /// `ORDER BY (a, b)` and `ORDER BY a, b`; `ORDER BY ()` is none.
    case orderBy(TableSortKey, rollup: Identifier?, properties: [Property])
    /// `MODIFY COLUMN c ADD FIELD path type`, also `ADD FIELD c.path type`: the path has the column.
    case addField(QualifiedName, TypeName, position: ColumnPosition?)
    case dropField(QualifiedName)
    case rename(Identifier)
    case renamePartition(Identifier, to: Identifier)
    case renameRollup(Identifier, to: Identifier)
    case swap(with: Identifier)
    case comment(String)
    case setProperties([Property])
    case addIndex(IndexDefinition)
    case dropIndex(Identifier, ifExists: Bool)
    case addRollups([RollupDefinition])
    case dropRollups([Identifier])
    case addPartitions(
        [PartitionDefinition], isTemporary: Bool, distribution: Distribution?,
        properties: [Property])
    case dropPartitions(DropPartitions)
    case modifyPartitions([Identifier], properties: [Property])
    /// `MODIFY PARTITION DISTRIBUTED BY ..`.
    case modifyDistribution(Distribution)
    /// `TRUNCATE PARTITION (..)`.
    case truncatePartitions(PartitionSelection)
    /// `ADD PARTITION COLUMN ..`, `DROP PARTITION COLUMN ..`.
    case partitionColumns(isAdded: Bool, [Expression])
    /// `AUTO_INCREMENT = 5`.
    case autoIncrement(String)
    /// `SPLIT TABLET ..` and what else concerns clusters alone, as written.
    case verbatim(String)
    case replacePartitions([Identifier], with: [Identifier], properties: [Property])
    /// `DISTRIBUTED BY ..` and `PARTITIONS (a, b) DISTRIBUTED BY ..`.
    case distributedBy(Distribution, partitions: [Identifier])
    case key(TableKey)
    case partitionBy(Partitioning)
    /// `COMPACT`, `CUMULATIVE COMPACT`, `BASE COMPACT`, of the table or of partitions.
    case compact(kind: Identifier?, partitions: [Identifier])
    case createReference(SnapshotReference)
    case dropReference(isTag: Bool, Identifier, ifExists: Bool)
    /// `EXECUTE procedure(..) [WHERE ..]`.
    case execute(Identifier, [FunctionArgument], condition: Expression?)
}

/// Holds which partitions `DROP PARTITION` drops.
package struct DropPartitions: Sendable, Equatable {
    package var isTemporary: Bool
    package var ifExists: Bool
    /// `DROP ALL TEMPORARY PARTITIONS`.
    package var isAll = false
    package var names: [Identifier]
    /// `DROP PARTITIONS WHERE condition`.
    package var condition: Expression?
    /// `DROP PARTITIONS START (..) END (..) EVERY (..)`.
    package var run: PartitionDefinition?
    package var force: Bool
    /// `RETAIN IN VIEWS`.
    package var retainsInViews = false
}

/// Holds `CREATE BRANCH` or `CREATE TAG` of a lake table.
package struct SnapshotReference: Sendable, Equatable {
    package var isTag: Bool
    package var orReplace: Bool
    package var ifNotExists: Bool
    package var name: Identifier
    package var version: Expression?
    /// `RETAIN 7 DAYS`.
    package var retain: Retention?
    /// `WITH SNAPSHOT RETENTION 2 SNAPSHOTS`.
    package var snapshotCount: Int?
    /// The time of `WITH SNAPSHOT RETENTION 2 DAYS`.
    package var snapshotAge: Retention?

    /// Holds a time to keep something.
    package struct Retention: Sendable, Equatable {
        package var count: Int
        package var unit: IntervalUnit
    }
}
