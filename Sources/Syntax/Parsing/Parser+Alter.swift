// ALTER: which thing is changed, and the changes of tables.

import StarlingErrors

extension Parser {
    mutating func alter() throws(StarlingError) -> Statement.Kind {
        let start = position
        try expect(.alter)
        switch current.keyword {
        case .table:
            take()
            let name = try qualifiedName("a table")
            let actions = try list { parser throws(StarlingError) in
                try parser.alterTableAction()
            }
            return .alterTable(AlterTable(name: name, actions: actions))
        case .view:
            take()
            let name = try qualifiedName("a view")
            let isOther = at(anyOf: .set, .add, .modify, .drop)
            guard !isOther else {
                position = start
                return other()
            }
            let columns = atSymbol(.open) ? try viewColumns() : []
            try expect(.as)
            return .alterView(name, columns: columns, query: try query())
        case .materialized: return try alterMaterializedView()
        case .pipe: return try alterPipe()
        case .database where isRenamedDatabase:
            take()
            let name = try qualifiedName("a database")
            take()
            _ = accept(.to)
            return .renameDatabase(name, to: try identifier("a new name"))
        case .database, .catalog, .user, .role, .resource, .routine, .storage, .system, .load:
            position = start
            return other()
        default:
            throw expected(
                "what to alter, such as TABLE or VIEW",
                nearest: [.table, .view, .materialized, .pipe, .database])
        }
    }

    /// Tells whether RENAME stands behind the name of a database.
    private var isRenamedDatabase: Bool {
        let next = token(ahead: 2)
        return next.keyword == .rename
            || next.symbol == .dot && token(ahead: 4).keyword == .rename
    }

    private mutating func alterPipe() throws(StarlingError) -> Statement.Kind {
        try expect(.pipe)
        let name = try qualifiedName("a pipe")
        if accept(.suspend) { return .alterPipe(name, .suspend) }
        if accept(.resume) {
            let ifSuspended = accept(.if)
            if ifSuspended { try expect(.suspended) }
            return .alterPipe(name, .resume(ifSuspended: ifSuspended))
        }
        if accept(.set) { return .alterPipe(name, .setProperties(try properties())) }
        if accept(.retry, .all) { return .alterPipe(name, .retryAll) }
        if accept(.retry, .file) {
            return .alterPipe(name, .retryFile(try string("a file's path")))
        }
        throw expected("SUSPEND, RESUME, SET or RETRY", nearest: [.suspend, .resume, .set, .retry])
    }

    // MARK: Changes of a table

    private mutating func alterTableAction() throws(StarlingError) -> AlterTableAction {
        switch current.keyword {
        case .add: return try addAction()
        case .drop: return try dropAction()
        case .modify: return try modifyAction()
        case .alter: return try columnAction()
        case .rename: return try renameAction()
        case .replace: return try replacePartitions()
        case .create: return try createReference(orReplace: false)
        case .set:
            take()
            return .setProperties(try properties())
        case .order:
            try expect(.order, .by)
            return .orderBy(
                atSymbol(.open) || token(ahead: 1).symbol == .open
                    ? try tableSortKey(mayBeEmpty: true) : TableSortKey(try bareColumns()),
                rollup: try optionalRollup(.from), properties: try optionalProperties())
        case .swap:
            try expect(.swap, .with)
            return .swap(with: try identifier("a table"))
        case .comment:
            take()
            _ = acceptSymbol(.equal)
            return .comment(try string("a comment's text"))
        case .distributed: return .distributedBy(try distribution()!, partitions: [])
        case .partition, .partitions:
            if token(ahead: 1).keyword != .by {
                take()
                let names = atSymbol(.open) ? try identifierList() : [try identifier("a partition")]
                guard let distribution = try distribution() else {
                    throw expected("DISTRIBUTED BY", nearest: [.distributed])
                }
                return .distributedBy(distribution, partitions: names)
            }
            try expect(.partition, .by)
            return .partitionBy(try partitioning())
        case .compact, .cumulative, .base: return try compact()
        case .execute: return try executeProcedure()
        case .autoIncrement:
            take()
            try expectSymbol(.equal)
            let number = current
            _ = try integer("a number")
            return .autoIncrement(text(of: number))
        case .truncate:
            take()
            guard let partitions = try partitionSelection() else {
                throw expected("PARTITION", nearest: [.partition])
            }
            return .truncatePartitions(partitions)
        case .merge: return verbatimAction()
        default:
            if isWord("SPLIT") { return verbatimAction() }
            if let key = try tableKey() { return .key(key) }
            throw expected(
                "a change such as ADD, DROP, MODIFY, RENAME or SET",
                nearest: [
                    .add, .drop, .modify, .rename, .replace, .create, .set, .order, .swap,
                    .comment, .distributed, .partition, .compact, .execute,
                ])
        }
    }

    /// Parses `a, b` up to the next change: what follows a comma is a column where nothing of a
    /// change follows it.
    private mutating func bareColumns() throws(StarlingError) -> [Identifier] {
        var columns = [try identifier("a column")]
        while atSymbol(.comma), isName(token(ahead: 1)) {
            let next = token(ahead: 2)
            let isColumn =
                next.kind == .end || next.symbol == .comma || next.symbol == .semicolon
                || next.keyword == .from || next.keyword == .properties
            guard isColumn else { break }
            take()
            columns.append(try identifier("a column"))
        }
        return columns
    }

    private mutating func addAction() throws(StarlingError) -> AlterTableAction {
        try expect(.add)
        if accept(.index) {
            let name = try identifier("a name for the index")
            return .addIndex(try indexDefinition(named: name))
        }
        if accept(.rollup) {
            return .addRollups(
                try list { parser throws(StarlingError) in try parser.rollupDefinition() })
        }
        if accept(.field) {
            let path = try qualifiedName("a field")
            let type = try typeName()
            return .addField(path, type, position: try columnPosition())
        }
        if isRowAccess { return verbatimAction(from: 1) }
        let isTemporary = accept(.temporary)
        if accept(.partition, .column) {
            return .partitionColumns(isAdded: true, try expressionList())
        }
        if at(anyOf: .partition, .partitions) { return try addPartitions(isTemporary) }
        _ = accept(.column)
        let ifNotExists = try acceptIfNotExists()
        guard atSymbol(.open) else {
            var column = try columnDefinition()
            column.ifNotExists = ifNotExists
            let position = try columnPosition()
            return .addColumns(
                [column], position: position, rollup: try optionalRollup(.to),
                properties: try optionalProperties())
        }
        let columns = try parenthesisedList { parser throws(StarlingError) in
            var column = try parser.columnDefinition()
            column.ifNotExists = ifNotExists
            return column
        }
        return .addColumns(
            columns, position: nil, rollup: try optionalRollup(.to),
            properties: try optionalProperties())
    }

    /// Takes a change that Starling never makes, up to the next one, as it is written; the words
    /// before were taken already.
    private mutating func verbatimAction(from taken: Int = 0) -> AlterTableAction {
        position -= taken
        let start = current.start
        while current.kind != .end, !atSymbol(.semicolon), !atSymbol(.comma) {
            let closing = Int(closings[position])
            position = atSymbol(.open) && closing > 0 ? closing + 1 : position + 1
        }
        let range = range(from: start)
        return .verbatim(String(decoding: bytes[range.start..<range.end], as: UTF8.self))
    }

    private mutating func addPartitions(_ isTemporary: Bool) throws(StarlingError)
        -> AlterTableAction
    {
        if at(.partitions) { take() }
        if at(.partition, .start) { take() }
        let definitions = [try partitionDefinition()]
        return .addPartitions(
            definitions, isTemporary: isTemporary, distribution: try distribution(),
            properties: try optionalProperties())
    }

    private mutating func columnDefinition() throws(StarlingError) -> ColumnDefinition {
        var isPrimary = false
        var column = try columnDefinition(isPrimary: &isPrimary)
        if isPrimary { column.isKey = true }
        return column
    }

    private mutating func columnPosition() throws(StarlingError) -> ColumnPosition? {
        if accept(.first) { return .first }
        return accept(.after) ? .after(try identifier("a column")) : nil
    }

    private mutating func optionalRollup(_ keyword: Keyword) throws(StarlingError) -> Identifier? {
        if accept(keyword) || accept(.in) { return try identifier("a rollup") }
        return nil
    }

    private mutating func dropAction() throws(StarlingError) -> AlterTableAction {
        try expect(.drop)
        if accept(.index) {
            let ifExists = try acceptIfExists()
            return .dropIndex(try identifier("an index"), ifExists: ifExists)
        }
        if accept(.rollup) {
            return .dropRollups(
                try list { parser throws(StarlingError) in
                    let name = try parser.identifier("a rollup")
                    _ = try parser.optionalProperties()
                    return name
                })
        }
        if accept(.field) { return .dropField(try qualifiedName("a field")) }
        let isIndexOfKeys = isWord("PERSISTENT") && token(ahead: 1).keyword == .index
        if isIndexOfKeys || isRowAccess { return verbatimAction(from: 1) }
        if accept(.all, .temporary, .partitions) {
            return .dropPartitions(
                DropPartitions(
                    isTemporary: true, ifExists: false, isAll: true, names: [],
                    force: accept(.force)))
        }
        if accept(.partition, .column) {
            return .partitionColumns(isAdded: false, try expressionList())
        }
        if at(anyOf: .branch, .tag) {
            let isTag = take().keyword == .tag
            let ifExists = try acceptIfExists()
            return .dropReference(isTag: isTag, try identifierOrString(), ifExists: ifExists)
        }
        let isTemporary = accept(.temporary)
        if accept(.partition) || accept(.partitions) { return try dropPartitions(isTemporary) }
        _ = accept(.column)
        let ifExists = try acceptIfExists()
        let column = try identifier("a column")
        return .dropColumn(
            column, ifExists: ifExists, rollup: try optionalRollup(.from),
            properties: try optionalProperties())
    }

    private mutating func dropPartitions(_ isTemporary: Bool) throws(StarlingError)
        -> AlterTableAction
    {
        var drop = DropPartitions(
            isTemporary: isTemporary, ifExists: try acceptIfExists(), names: [], force: false)
        if accept(.where) {
            drop.condition = try expression()
        } else if at(.start), token(ahead: 1).symbol == .open {
            drop.run = try partitionDefinition()
        } else if atSymbol(.open) {
            drop.names = try parenthesisedList { parser throws(StarlingError) in
                try parser.identifierOrString("a partition's name")
            }
        } else {
            drop.names = [try identifierOrString("a partition's name")]
        }
        drop.force = accept(.force)
        if acceptWord("RETAIN") {
            try expect(.in)
            guard acceptWord("VIEWS") else { throw expected("VIEWS") }
            drop.retainsInViews = true
        }
        return .dropPartitions(drop)
    }

    private mutating func modifyAction() throws(StarlingError) -> AlterTableAction {
        try expect(.modify)
        if at(.partition, .distributed) {
            take()
            return .modifyDistribution(try distribution()!)
        }
        if accept(.partition) || accept(.partitions) {
            let names: [Identifier]
            if atSymbol(.open), token(ahead: 1).symbol == .star {
                position += 2
                try expectSymbol(.close)
                names = []
            } else if atSymbol(.open) {
                names = try identifierList()
            } else {
                names = [try identifierOrString("a partition's name")]
            }
            try expect(.set)
            return .modifyPartitions(names, properties: try properties())
        }
        if at(.comment), token(ahead: 1).kind == .string {
            take()
            return .comment(try string("a comment's text"))
        }
        _ = accept(.column)
        if let change = try fieldAction() { return change }
        let column = try columnDefinition()
        let position = try columnPosition()
        return .modifyColumn(
            column, position: position, rollup: try optionalRollup(.from),
            properties: try optionalProperties())
    }

    /// Parses `ALTER [COLUMN] c SET DEFAULT value` and `… DROP DEFAULT`.
    private mutating func columnAction() throws(StarlingError) -> AlterTableAction {
        try expect(.alter)
        _ = accept(.column)
        let column = try identifier("a column")
        if accept(.drop, .default) { return .setDefault(column, nil) }
        guard accept(.set, .default) else {
            throw expected(
                "SET DEFAULT or DROP DEFAULT (MODIFY COLUMN changes the type)",
                nearest: [.set, .drop])
        }
        return .setDefault(column, try valueExpression())
    }

    /// Parses `column ADD FIELD path type` and `column DROP FIELD path`.
    private mutating func fieldAction() throws(StarlingError) -> AlterTableAction? {
        let verb = token(ahead: 1).keyword
        guard verb == .add || verb == .drop, token(ahead: 2).keyword == .field else { return nil }
        let column = try identifier("a column")
        position += 2
        var path = [column, try fieldName()]
        while acceptSymbol(.dot) { path.append(try fieldName()) }
        guard verb == .add else { return .dropField(QualifiedName(path)) }
        let type = try typeName()
        return .addField(QualifiedName(path), type, position: try columnPosition())
    }

    /// Parses a field's name, or `[*]`, the elements of an array.
    private mutating func fieldName() throws(StarlingError) -> Identifier {
        guard atSymbol(.openBracket) else { return try identifier("a field") }
        let start = current.start
        take()
        try expectSymbol(.star)
        try expectSymbol(.closeBracket)
        return Identifier("[*]", isQuoted: true, range: range(from: start))
    }

    /// ADD or DROP of ROW ACCESS POLICY, and DROP ALL ROW ACCESS POLICIES.
    private var isRowAccess: Bool {
        let ahead = at(.all) ? 1 : 0
        return token(ahead: ahead).keyword == .row
            && token(ahead: ahead + 1).kind == .word
            && text(of: token(ahead: ahead + 1)).uppercased() == "ACCESS"
    }

    private mutating func renameAction() throws(StarlingError) -> AlterTableAction {
        try expect(.rename)
        if accept(.column) {
            let name = try identifier("a column")
            _ = accept(.to)
            return .renameColumn(name, to: try identifier("a new name"))
        }
        if at(.partition) || (at(.rollup) && isName(token(ahead: 1))) {
            let isPartition = take().keyword == .partition
            let name = try identifier()
            _ = accept(.to)
            let new = try identifier("a new name")
            return isPartition ? .renamePartition(name, to: new) : .renameRollup(name, to: new)
        }
        _ = accept(.to)
        return .rename(try identifier("a new name"))
    }

    private mutating func replacePartitions() throws(StarlingError) -> AlterTableAction {
        try expect(.replace)
        if at(anyOf: .branch, .tag) { return try createReference(orReplace: true) }
        if !accept(.partition) { try expect(.partitions) }
        let names = try identifierList()
        try expect(.with, .temporary)
        if !accept(.partition) { try expect(.partitions) }
        let replacements = try identifierList()
        return .replacePartitions(
            names, with: replacements, properties: try optionalProperties())
    }

    private mutating func compact() throws(StarlingError) -> AlterTableAction {
        let kind: Identifier? = at(.compact) ? nil : identifier(of: take())
        try expect(.compact)
        if atSymbol(.open) { return .compact(kind: kind, partitions: try identifierList()) }
        let isNamed = isName(current)
        return .compact(kind: kind, partitions: isNamed ? [try identifier()] : [])
    }

    // MARK: Lake tables

    private mutating func createReference(orReplace: Bool) throws(StarlingError)
        -> AlterTableAction
    {
        var orReplace = orReplace
        if !orReplace {
            try expect(.create)
            orReplace = accept(.or, .replace)
        }
        guard at(anyOf: .branch, .tag) else {
            throw expected("BRANCH or TAG", nearest: [.branch, .tag])
        }
        let isTag = take().keyword == .tag
        let ifNotExists = try acceptIfNotExists()
        var reference = SnapshotReference(
            isTag: isTag, orReplace: orReplace, ifNotExists: ifNotExists,
            name: try identifierOrString())
        if accept(.as, .of, .version) { reference.version = try valueExpression() }
        if accept(.retain) { reference.retain = try retention() }
        if accept(.with, .snapshot, .retention) {
            if token(ahead: 1).keyword == .snapshots {
                reference.snapshotCount = try integer("a number of snapshots")
                take()
            }
            if current.kind == .integer { reference.snapshotAge = try retention() }
        }
        return .createReference(reference)
    }

    private mutating func retention() throws(StarlingError) -> SnapshotReference.Retention {
        let count = try integer("a number")
        return SnapshotReference.Retention(count: count, unit: try intervalUnit())
    }

    private mutating func executeProcedure() throws(StarlingError) -> AlterTableAction {
        try expect(.execute)
        let name = try identifier("a procedure")
        let arguments = try procedureArguments()
        let condition: Expression? = accept(.where) ? try expression() : nil
        return .execute(name, arguments, condition: condition)
    }

    /// Parses `(1, name => 2, "name" = 3)`.
    mutating func procedureArguments() throws(StarlingError) -> [FunctionArgument] {
        try expectSymbol(.open)
        if acceptSymbol(.close) { return [] }
        let arguments = try list { parser throws(StarlingError) in
            let next = parser.token(ahead: 1).symbol
            guard next == .equal || next == .fatArrow else {
                return FunctionArgument(name: nil, value: try parser.expression())
            }
            let name = try parser.identifierOrString("a parameter's name")
            parser.take()
            return FunctionArgument(name: name, value: try parser.sizeOrExpression())
        }
        try expectSymbol(.close)
        return arguments
    }

    /// Parses a value; `256MB`, which lexes as a name, becomes a string.
    private mutating func sizeOrExpression() throws(StarlingError) -> Expression {
        let token = current
        let isSize = token.kind == .word && bytes[token.start] &- UInt8(ascii: "0") < 10
        guard isSize else { return try expression() }
        take()
        return Expression(.literal(.string(text(of: token))), at: token.range)
    }
}
