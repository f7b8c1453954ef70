// Statements that make and remove tables and views.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    func createView(_ view: CreateView) throws(StarlingError) -> Result {
        try checkNamed(view.name, "view")
        let name = try catalogName(view.name)
        if view.ifNotExists, home(of: name, isTemporary: view.isTemporary).entry(name) != nil {
            return .none
        }
        if !session.isRestoring { try check(view, name) }
        let definition = ViewDefinition(
            columns: view.columns, query: view.query, comment: view.comment)
        try located(view.name) { () throws(StarlingError) in
            if view.isTemporary { try prepareTemporary(name) }
            let home = home(of: name, isTemporary: view.isTemporary)
            try commit(to: home, [change(.createView(view))]) { (contents) throws(StarlingError) in
                try contents.add(
                    CatalogEntry(name: name.name, content: .view(definition)), to: name.database,
                    replacing: view.orReplace)
            }
        }
        return .none
    }

    /// Gives a view another query; its comment stays.
    func alterView(
        _ target: QualifiedName, _ columns: [ViewColumn], _ query: Query
    ) throws(StarlingError) -> Result {
        let name = try catalogName(target)
        guard let entry = entry(name), entry.materialized == nil,
            case .view(let old) = entry.content
        else {
            let message =
                entry(name).map { "'\($0.name)' is a \($0.kindName), no view" }
                ?? "there is no view '\(name.name)'" + hint(toDrop: "view", name)
            throw StarlingError(.binding, message, at: target.range)
        }
        return try createView(
            CreateView(
                replacing: target, columns: columns, comment: old.comment, query: query,
                isTemporary: session.temporary.entry(name) != nil))
    }

    /// Binds a view's query, which finds mistakes while their author is looking.
    private func check(_ view: CreateView, _ name: CatalogName) throws(StarlingError) {
        let bound = try bind(view.query, ofView: name, at: view.name)
        if !view.columns.isEmpty, view.columns.count != bound.columns.count {
            throw StarlingError(
                .binding,
                "the view names \(view.columns.count) columns, its query has "
                    + "\(bound.columns.count)", at: view.name.range)
        }
        let names = view.columns.isEmpty ? bound.columns.map(\.name) : view.columns.map(\.name.text)
        try checkDistinct(names, of: "the view '\(name.name)'", at: view.name.range)
    }

    /// Binds the query of a view, which must not read what the view itself is to be.
    private func bind(
        _ query: Query, ofView name: CatalogName, at place: QualifiedName
    ) throws(StarlingError) -> BoundQuery {
        guard trace == nil, entry(name) != nil else { return try bind(query) }
        let names = NameTrace()
        trace = names
        defer { trace = nil }
        let bound = try bind(query)
        guard !names.tables.contains(where: { $0.isSame(as: name) }) else {
            throw StarlingError(
                .binding,
                "the view '\(name.name)' would read itself; its query reads it now, directly or "
                    + "through another view", at: place.range)
        }
        return bound
    }

    /// Says no to a table or view without a name.
    func checkNamed(_ name: QualifiedName, _ kind: String) throws(StarlingError) {
        guard name.last.text.isEmpty, !session.isRestoring else { return }
        throw StarlingError(
            .binding, "a \(kind)'s name has one character at least", at: name.range)
    }

    func createTable(_ table: CreateTable) throws(StarlingError) -> Result {
        try checkNamed(table.name, "table")
        let name = try catalogName(table.name)
        let known = home(of: name, isTemporary: table.isTemporary).entry(name)
        if let old = known, !table.orReplace || old.kindName != "table" {
            if table.ifNotExists { return .none }
            throw StarlingError(
                .binding, "\(old.kindName) '\(name.name)' exists already", at: table.name.range)
        }
        if let like = table.like { return try createTable(table, like: like, as: name) }
        if let other = table.clone { return try createTable(table, cloning: other, as: name) }
        let table = table.withImpliedKey
        _ = try retention(of: table)
        var definition = table
        var columns = try columns(of: table)
        var created = keyed(NativeTable(name: name.name, columns: columns), by: table)
        checkProperties(of: table)
        definition.rollups = []
        try checkShredding(table.properties, of: table)
        var segments: [Segment] = []
        var writer: SegmentWriter?
        if let query = table.query {
            try applyHints(of: query)
            let bound = try bind(query)
            if columns.isEmpty {
                (columns, definition.columns) = try self.columns(of: bound, for: table)
            }
            try checkNames(in: definition)
            created = try filtering(
                partitioned(
                    keyed(NativeTable(name: name.name, columns: columns), by: table), definition),
                as: definition)
            let router = try router(for: created, definition)
            let conversion = try InsertConversion(
                bound, to: created, positions: Array(columns.indices), defaults: [],
                generated: columns.map { _ in nil }, at: table.name, runner: self)
            let home = home(of: name, isTemporary: table.isTemporary)
            writer = segmentWriter(for: created, name, in: home)
            try definition.checkKeys(columns)
            if !session.isRestoring { try checkUpkeep(definition, created) }
            segments = try load(
                conversion, query, into: created, name, definition, numbered: nil, home: home,
                writer, router)
        } else {
            try checkNames(in: definition)
            try definition.checkKeys(columns)
            created = try beginning(partitioned(created, definition), definition)
        }
        definition.query = nil
        definition = definition.listing()
        try addTable(created, segments, definition, as: name, writer)
        return Result(
            columns: [], chunks: [], affectedRowCount: segments.reduce(0) { $0 + $1.liveRowCount })
    }

    /// Makes the partitions that properties want at once.
    private func beginning(
        _ table: NativeTable, _ definition: CreateTable
    ) throws(StarlingError) -> NativeTable {
        guard !session.isRestoring else { return table }
        try checkUpkeep(definition, table)
        guard let set = table.partitions else { return table }
        return try wanted(set, definition, table).map { table.having($0, []) } ?? table
    }

    /// `CREATE TABLE name LIKE other`: the same columns and clauses but those that are named, no rows.
    private func createTable(
        _ table: CreateTable, like other: QualifiedName, as name: CatalogName
    ) throws(StarlingError) -> Result {
        let source = try nativeTable(other)
        var definition = entry(try catalogName(other))?.definition ?? table
        definition.like = nil
        definition.isTemporary = table.isTemporary
        definition.orReplace = table.orReplace
        definition.ifNotExists = table.ifNotExists
        definition.name = table.name
        definition.take(clausesOf: table)
        _ = try retention(of: definition)
        checkProperties(of: table)
        try checkShredding(table.properties, of: definition)
        var created = try beginning(
            partitioned(
                keyed(NativeTable(name: name.name, columns: source.columns), by: definition),
                definition), definition)
        if table.partitioning == nil, let set = created.partitions, !set.isAutomatic {
            created = created.having(
                set.having(source.partitions?.partitions.filter { !$0.isTemporary } ?? []), [])
        }
        let home = home(of: name, isTemporary: table.isTemporary)
        let writer = segmentWriter(for: created, name, in: home)
        try addTable(created, [], definition, as: name, writer)
        return .none
    }

    /// Adds a table with new segments, or with those of another table, which it keeps.
    func addTable(
        _ table: NativeTable, _ segments: [Segment], _ definition: CreateTable,
        as name: CatalogName, _ writer: SegmentWriter?, kept: [Segment]? = nil
    ) throws(StarlingError) {
        try located(definition.name) { () throws(StarlingError) in
            if definition.isTemporary { try prepareTemporary(name) }
            let home = home(of: name, isTemporary: definition.isTemporary)
            let table = try upkept(
                filtering(table, as: definition).appending(segments), name, definition)
            let typed = try definition.typed(as: table.columns)
            var recorded = [change(.createTable(typed))]
            // The columns of a clone bear the numbers that its segments know.
            if let writer, kept != nil {
                recorded.append(writer.definition(Statement.Kind.createTable(typed).sql))
            }
            recorded += try additions(segments + (kept ?? []), writer)
            let record = PartitionRecord()
            record.note(
                table.having(table.partitions?.having([]), []), table,
                placing: segments + (kept ?? []),
                writer ?? segmentWriter(for: table, name, in: home))
            recorded += record.changes
            try commit(to: home, recorded) { (contents) throws(StarlingError) in
                try contents.add(
                    CatalogEntry(name: name.name, content: .table(table), definition: definition),
                    to: name.database, replacing: definition.orReplace)
            }
        }
    }

    func createDatabase(_ database: CreateDatabase) throws(StarlingError) -> Result {
        try checkNamed(database.name, "database")
        let name = try catalog.resolveDatabase(database.name)
        if database.ifNotExists, catalog.hasDatabase(name) { return .none }
        try located(database.name) { () throws(StarlingError) in
            try commit(to: catalog, [change(.createDatabase(database))]) {
                (contents) throws(StarlingError) in
                let isNew = !catalog.hasDatabase(name) && contents.addDatabase(name)
                guard !isNew, !database.ifNotExists else { return }
                throw StarlingError(.binding, "database '\(name)' exists already")
            }
        }
        return .none
    }

    // MARK: DROP and TRUNCATE

    func runDrop(_ drop: Drop) throws(StarlingError) -> Result {
        if drop.kind == .database { return try dropDatabase(drop) }
        if drop.kind == .function { return try dropFunction(drop) }
        if drop.kind == .index { return try dropIndex(drop) }
        if drop.kind == .textAnalyzer { return try dropTextAnalyzer(drop) }
        guard [.table, .view, .materializedView].contains(drop.kind) else {
            throw StarlingError(
                .unsupported,
                "DROP \(drop.kind.rawValue) is parsed but not executed by this version",
                at: drop.name.range)
        }
        let name = try catalogName(drop.name)
        let kind = drop.kind.rawValue.lowercased()
        let home = home(of: name, isTemporary: drop.isTemporary ? true : nil)
        guard let entry = home.entry(name) else {
            if drop.ifExists { return .none }
            throw StarlingError(
                .binding, "there is no \(kind) '\(name.name)'" + hint(toDrop: kind, name),
                at: drop.name.range)
        }
        try check(entry, isA: kind, drop)
        let end = home === catalog && !drop.force ? keepingEnd(of: [entry]) : nil
        var item: DroppedItem?
        try commit(to: home, item.map { [$0.change(dropping: name)] } ?? [change(.drop(drop))]) {
            (contents) throws(StarlingError) in
            // Another session may have made something else of the name.
            if let entry = contents.entry(name) { try check(entry, isA: kind, drop) }
            item = end.map { contents.item(of: name, isWhole: false, number: nil, until: $0) }
            if item?.entries.isEmpty == true { item = nil }
            guard contents.remove(name) || drop.ifExists else {
                throw StarlingError(
                    .binding, "there is no \(kind) '\(name.name)'", at: drop.name.range)
            }
            if let item { contents.add(item) }
        }
        if drop.kind == .materializedView { _ = session.database.refreshes.cancel(name) }
        return .none
    }

    private func check(
        _ entry: CatalogEntry, isA kind: String, _ drop: Drop
    ) throws(StarlingError) {
        guard entry.kindName != kind else { return }
        throw StarlingError(
            .binding,
            "'\(entry.name)' is a \(entry.kindName); use DROP \(entry.kindName.uppercased())",
            at: drop.name.range)
    }

    /// Offers what can be dropped that way before what cannot.
    private func hint(toDrop kind: String, _ name: CatalogName) -> String {
        let entries = entries(in: name.database)
        let like = entries.filter { $0.kindName == kind }.map(\.name)
        if let near = nearestName(to: name.name, among: like) {
            return "; did you mean '\(near)'?"
        }
        let others = entries.filter { $0.kindName != kind }
        guard let near = nearestName(to: name.name, among: others.map(\.name)),
            let other = others.first(where: { $0.name == near })
        else { return "" }
        return "; '\(near)' is a \(other.kindName)"
    }

    private func dropDatabase(_ drop: Drop) throws(StarlingError) -> Result {
        let database = try catalog.resolveDatabase(drop.name)
        guard catalog.hasDatabase(database) else {
            if drop.ifExists { return .none }
            throw catalog.unknownDatabase(database).located(at: drop.name.range)
        }
        guard database.lowercased() != session.currentDatabase.lowercased() else {
            throw StarlingError(
                .binding, "'\(database)' is the current database; USE another one first",
                at: drop.name.range)
        }
        guard database.lowercased() != Catalog.systemDatabase else {
            throw catalog.unknownDatabase(database).located(at: drop.name.range)
        }
        guard database.lowercased() != Catalog.defaultDatabase else {
            throw StarlingError(
                .binding, "'\(database)' is the database that sessions begin in; it stays",
                at: drop.name.range)
        }
        let whole = CatalogName(database: database, name: "")
        let end = drop.force ? nil : keepingEnd(of: entries(in: database))
        var item: DroppedItem?
        try commit(to: catalog, item.map { [$0.change(dropping: whole)] } ?? [change(.drop(drop))])
        { (contents) throws(StarlingError) in
            guard contents.hasDatabase(database) || drop.ifExists else {
                throw contents.unknownDatabase(database).located(at: drop.name.range)
            }
            item = end.map { contents.item(of: whole, isWhole: true, number: nil, until: $0) }
            contents.removeDatabase(database)
            if drop.force {
                contents.forgetDropped { $0.database.lowercased() == database.lowercased() }
            }
            if let item { contents.add(item) }
        }
        try session.temporary.change { $0.removeDatabase(database) }
        session.database.refreshes.cancelAll(in: database)
        return .none
    }

    func truncate(
        _ name: QualifiedName, _ partitions: PartitionSelection?
    ) throws(StarlingError) -> Result {
        let table = try nativeTable(name)
        let resolved = try catalogName(name)
        let writer = segmentWriter(for: table, resolved, in: home(of: resolved))
        var instead = Overwriting.everything
        if let partitions {
            let chosen = try self.partitions(of: table, partitions, at: name.range)
            instead = .partitions(Set(chosen.map(\.number)))
        }
        try add([], to: table, resolved, instead: instead, writer)
        return .none
    }

    // MARK: Tables that can be written

    /// Finds a table; `part` names what of it is asked for, where it is not to be written.
    func nativeTable(
        _ name: QualifiedName, having part: String? = nil
    ) throws(StarlingError) -> NativeTable {
        let resolved = try catalogName(name)
        guard resolved.database.lowercased() != Catalog.systemDatabase || part != nil else {
            throw catalog.unknownDatabase(resolved.database).located(at: name.range)
        }
        guard let entry = entry(resolved) else {
            guard catalog.hasDatabase(resolved.database) else {
                throw catalog.unknownDatabase(resolved.database).located(at: name.range)
            }
            let near = nearestName(
                to: resolved.name, among: entries(in: resolved.database).map(\.name))
            throw StarlingError(
                .binding,
                "there is no table '\(resolved.name)'"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""), at: name.range)
        }
        guard case .table(let table) = entry.content, let table = table as? NativeTable else {
            throw StarlingError(
                .binding,
                "'\(resolved.name)' is a \(entry.kindName)"
                    + (part.map { ", which has no \($0)" } ?? " and cannot be written"),
                at: name.range)
        }
        return table
    }

    /// Finds a table, or the stored rows of a materialized view.
    func storedTable(_ name: QualifiedName) throws(StarlingError) -> NativeTable {
        guard let entry = storedEntry(try catalogName(name)), entry.materialized != nil,
            case .table(let table as NativeTable) = entry.content
        else { return try nativeTable(name) }
        return table
    }

    /// Lets an error that has no place, and is about no property, point at a name.
    func located(
        _ name: QualifiedName, _ body: () throws(StarlingError) -> Void
    ) throws(StarlingError) {
        do { try body() } catch {
            throw error.part == nil ? error.located(at: name.range) : error
        }
    }
}

extension CreateTable {
    /// Takes over the clauses that another definition has.
    fileprivate mutating func take(clausesOf other: CreateTable) {
        partitioning = other.partitioning ?? partitioning
        distribution = other.distribution ?? distribution
        orderBy = other.orderBy ?? orderBy
        comment = other.comment ?? comment
        let named = Set(other.properties.map { $0.key.lowercased() })
        properties = properties.filter { !named.contains($0.key.lowercased()) } + other.properties
    }
}
