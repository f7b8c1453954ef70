// Changes of tables.

extension Printer {
    mutating func write(_ action: AlterTableAction) {
        switch action {
        case .addColumns(let columns, let position, let rollup, let properties):
            write("ADD COLUMN ")
            if columns.contains(where: \.ifNotExists) { write("IF NOT EXISTS ") }
            if columns.count == 1 {
                write(columns[0])
            } else {
                writeList(columns) { $0.write($1) }
            }
            write(position)
            write(" TO ", rollup)
            write(" PROPERTIES ", properties)
        case .dropColumn(let name, let ifExists, let rollup, let properties):
            write(ifExists ? "DROP COLUMN IF EXISTS " : "DROP COLUMN ", name)
            write(" FROM ", rollup)
            write(" PROPERTIES ", properties)
        case .modifyColumn(let column, let position, let rollup, let properties):
            write("MODIFY COLUMN ")
            write(column)
            write(position)
            write(" FROM ", rollup)
            write(" PROPERTIES ", properties)
        case .setDefault(let name, let value):
            write("ALTER COLUMN ", name)
            write(value == nil ? " DROP DEFAULT" : " SET DEFAULT ")
            if let value { write(value) }
        case .renameColumn(let name, let new): write("RENAME COLUMN ", name, to: new)
        case .orderBy(let key, let rollup, let properties):
            write("ORDER BY ")
            write(key)
            write(" FROM ", rollup)
            write(" PROPERTIES ", properties)
        case .addField(let path, let type, let position):
            writeField("ADD FIELD ", path)
            write(" ")
            write(type)
            write(position)
        case .dropField(let path): writeField("DROP FIELD ", path)
        case .rename(let name): write("RENAME TO ", name)
        case .renamePartition(let name, let new): write("RENAME PARTITION ", name, to: new)
        case .renameRollup(let name, let new): write("RENAME ROLLUP ", name, to: new)
        case .swap(let other): write("SWAP WITH ", other)
        case .comment(let comment): write("COMMENT = \(Self.quoted(comment))")
        case .setProperties(let properties): write("SET ", properties)
        case .addIndex(let index):
            write("ADD INDEX ")
            write(index)
        case .dropIndex(let name, let ifExists):
            write(ifExists ? "DROP INDEX IF EXISTS " : "DROP INDEX ", name)
        case .distributedBy(let distribution, let partitions):
            if !partitions.isEmpty {
                write("PARTITIONS ")
                writeList(partitions)
                return write(distribution)
            }
            var inner = Printer(options: options)
            inner.write(distribution)
            write(String(inner.text.dropFirst()))
        case .key(let key): write("", key)
        case .partitionBy(let partitioning):
            write("PARTITION BY ")
            write(partitioning)
        default: writePartitionAction(action)
        }
    }

    /// Writes `MODIFY COLUMN column verb path`, or without a column the verb alone.
    private mutating func writeField(_ verb: String, _ path: QualifiedName) {
        guard path.parts.count > 1, path.parts[1].standsAlone else { return write(verb, path) }
        write("MODIFY COLUMN ", path.parts[0])
        write(" \(verb)", QualifiedName(Array(path.parts.dropFirst())))
    }

    private mutating func write(_ prefix: String, _ name: Identifier, to new: Identifier) {
        write(prefix, name)
        write(" TO ", new)
    }

    private mutating func write(_ position: ColumnPosition?) {
        switch position {
        case .first: write(" FIRST")
        case .after(let name): write(" AFTER ", name)
        case nil: break
        }
    }

    // MARK: Rollups, partitions, snapshots

    private mutating func writePartitionAction(_ action: AlterTableAction) {
        switch action {
        case .addRollups(let rollups):
            write("ADD ROLLUP ")
            write(rollups) { $0.write($1) }
        case .dropRollups(let names):
            write("DROP ROLLUP ")
            write(names) { $0.write($1) }
        case .addPartitions(let partitions, let isTemporary, let distribution, let properties):
            write(isTemporary ? "ADD TEMPORARY " : "ADD ")
            if case .every? = partitions.first { write("PARTITIONS ") }
            write(partitions) { $0.write($1) }
            write(distribution)
            write(" PROPERTIES ", properties)
        case .dropPartitions(let drop): write(drop)
        case .modifyPartitions(let names, let properties):
            write("MODIFY PARTITION ")
            if names.isEmpty { write("(*)") } else { writeList(names) }
            write(" SET ", properties)
        case .modifyDistribution(let distribution):
            write("MODIFY PARTITION")
            write(distribution)
        case .truncatePartitions(let partitions):
            write("TRUNCATE")
            write(partitions)
        case .partitionColumns(let isAdded, let expressions):
            write(isAdded ? "ADD PARTITION COLUMN " : "DROP PARTITION COLUMN ")
            write(expressions) { $0.write($1) }
        case .autoIncrement(let number): write("AUTO_INCREMENT = \(number)")
        case .verbatim(let text): write(text)
        case .replacePartitions(let names, let replacements, let properties):
            write("REPLACE PARTITION ")
            writeList(names)
            write(" WITH TEMPORARY PARTITION ")
            writeList(replacements)
            write(" PROPERTIES ", properties)
        case .compact(let kind, let partitions):
            if let kind { write("\(kind.text) ") }
            write("COMPACT")
            if !partitions.isEmpty {
                write(" ")
                writeList(partitions)
            }
        case .createReference(let reference): write(reference)
        case .dropReference(let isTag, let name, let ifExists):
            write(isTag ? "DROP TAG " : "DROP BRANCH ")
            if ifExists { write("IF EXISTS ") }
            write(name)
        case .execute(let name, let arguments, let condition):
            write("EXECUTE ", name)
            writeList(arguments) { $0.writeOfProcedure($1) }
            write(" WHERE ", condition)
        default: preconditionFailure("a change of a table without a printed form")
        }
    }

    private mutating func write(_ drop: DropPartitions) {
        write(drop.isAll ? "DROP ALL " : "DROP ")
        if drop.isTemporary { write("TEMPORARY ") }
        write(drop.condition == nil && drop.names.count == 1 ? "PARTITION" : "PARTITIONS")
        if !drop.isAll { write(" ") }
        if drop.ifExists { write("IF EXISTS ") }
        if let run = drop.run { write(run) }
        if drop.names.count == 1 {
            write(drop.names[0])
        } else if !drop.names.isEmpty {
            writeList(drop.names)
        }
        write("WHERE ", drop.condition)
        if drop.force { write(" FORCE") }
        if drop.retainsInViews { write(" RETAIN IN VIEWS") }
    }

    private mutating func write(_ reference: SnapshotReference) {
        write(reference.orReplace ? "CREATE OR REPLACE " : "CREATE ")
        write(reference.isTag ? "TAG " : "BRANCH ")
        if reference.ifNotExists { write("IF NOT EXISTS ") }
        write(reference.name)
        if let version = reference.version {
            write(" AS OF VERSION ")
            write(version, .shift)
        }
        if let retain = reference.retain {
            write(" RETAIN ")
            write(retain)
        }
        if reference.snapshotCount != nil || reference.snapshotAge != nil {
            write(" WITH SNAPSHOT RETENTION")
            if let count = reference.snapshotCount { write(" \(count) SNAPSHOTS") }
            if let age = reference.snapshotAge {
                write(" ")
                write(age)
            }
        }
    }

    private mutating func write(_ retention: SnapshotReference.Retention) {
        write("\(retention.count) \(retention.unit.rawValue)S")
    }
}

extension Identifier {
    /// False for what is a name behind a dot only, where any word is one.
    fileprivate var standsAlone: Bool {
        if isQuoted { return true }
        let startsWithDigit = text.utf8.first.map { (48...57).contains($0) } ?? false
        return !startsWithDigit && Keyword(rawValue: text.lowercased())?.isReserved != true
    }
}
