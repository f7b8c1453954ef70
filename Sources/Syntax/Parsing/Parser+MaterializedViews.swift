// Materialized views: CREATE, ALTER, REFRESH, CANCEL REFRESH.

import StarlingErrors

extension Parser {
    mutating func createMaterializedView(_ prefix: CreatePrefix) throws(StarlingError)
        -> CreateMaterializedView
    {
        try expect(.materialized, .view)
        let ifNotExists = try acceptIfNotExists()
        var view = CreateMaterializedView(
            name: try qualifiedName("a name for the materialized view"),
            query: Query(with: nil, body: .values([]), range: current.range))
        view.orReplace = prefix.orReplace
        view.ifNotExists = ifNotExists
        if acceptSymbol(.open) { try materializedViewColumns(&view) }
        while try materializedViewClause(&view) {}
        guard accept(.as) else {
            throw expected(
                "AS and a query",
                nearest: [
                    .as, .into, .refresh, .distributed, .partition, .order, .properties, .comment,
                ])
        }
        view.query = try query()
        return view
    }

    private mutating func materializedViewColumns(_ view: inout CreateMaterializedView)
        throws(StarlingError)
    {
        repeat {
            if at(.index), isName(token(ahead: 1)), token(ahead: 2).symbol == .open {
                take()
                let name = try identifier("a name for the index")
                view.indexes.append(try indexDefinition(named: name))
            } else {
                let name = try identifier("a column's name")
                view.columns.append(ViewColumn(name: name, comment: try optionalComment()))
            }
        } while acceptSymbol(.comma)
        try expectSymbol(.close)
    }

    private mutating func materializedViewClause(_ view: inout CreateMaterializedView)
        throws(StarlingError) -> Bool
    {
        if let comment = try optionalComment() {
            view.comment = comment
        } else if view.target == nil, accept(.into) {
            view.target = try qualifiedName("the table that gets the rows")
        } else if let distribution = try distribution() {
            view.distribution = distribution
        } else if accept(.refresh) {
            view.refresh = try refreshScheme()
        } else if accept(.partition, .by) {
            view.partitionBy = try partitionExpressions()
        } else if accept(.order, .by) {
            view.sortKey = try identifierList()
        } else if accept(.properties) {
            view.properties += try properties()
        } else {
            return false
        }
        return true
    }

    /// Parses what follows REFRESH.
    mutating func refreshScheme() throws(StarlingError) -> RefreshScheme {
        var isImmediate: Bool?
        if accept(.immediate) {
            isImmediate = true
        } else if accept(.deferred) {
            isImmediate = false
        }
        let trigger: RefreshScheme.Trigger
        if accept(.async) {
            let (start, every) = try schedule()
            trigger = .asynchronous(start: start, every: every)
        } else if accept(.manual) {
            trigger = .manual
        } else if accept(.incremental) {
            trigger = .incremental
        } else if accept(.sync) {
            trigger = .synchronous
        } else if isImmediate == nil {
            throw expected(
                "ASYNC, MANUAL, IMMEDIATE or DEFERRED",
                nearest: [.async, .manual, .immediate, .deferred, .incremental, .sync])
        } else {
            trigger = .unspecified
        }
        return RefreshScheme(isImmediate: isImmediate, trigger: trigger)
    }

    /// Parses `[START ('..')] [EVERY (INTERVAL ..)]`.
    mutating func schedule() throws(StarlingError) -> (start: String?, every: Expression?) {
        var start: String?
        if accept(.start) {
            try expectSymbol(.open)
            start = try string("a time")
            try expectSymbol(.close)
        }
        guard accept(.every) else { return (start, nil) }
        try expectSymbol(.open)
        let every = try expression()
        try expectSymbol(.close)
        return (start, every)
    }

    // MARK: ALTER

    mutating func alterMaterializedView() throws(StarlingError) -> Statement.Kind {
        try expect(.materialized, .view)
        let name = try qualifiedName("a materialized view")
        let action: AlterMaterializedViewAction
        if accept(.rename) {
            _ = accept(.to)
            action = .rename(try identifier("a new name"))
        } else if accept(.active) {
            action = .active
        } else if accept(.inactive) {
            action = .inactive
        } else if accept(.refresh) {
            action = .refresh(try refreshScheme())
        } else if accept(.set) {
            action = .setProperties(try properties())
        } else if accept(.swap) {
            try expect(.with)
            action = .swap(with: try identifier("a materialized view"))
        } else if accept(.add, .index) {
            let index = try identifier("a name for the index")
            action = .addIndex(try indexDefinition(named: index))
        } else if accept(.drop, .index) {
            let ifExists = try acceptIfExists()
            action = .dropIndex(try identifier("an index"), ifExists: ifExists)
        } else {
            throw expected(
                "RENAME, ACTIVE, INACTIVE, REFRESH, SET, SWAP, ADD INDEX or DROP INDEX",
                nearest: [.rename, .active, .inactive, .refresh, .set, .swap, .add, .drop])
        }
        return .alterMaterializedView(name, action)
    }

    // MARK: REFRESH

    mutating func refreshMaterializedView() throws(StarlingError) -> RefreshMaterializedView {
        try expect(.refresh, .materialized, .view)
        var refresh = RefreshMaterializedView(
            name: try qualifiedName("a materialized view"), scope: .all, force: false)
        if accept(.partition) { refresh.scope = try refreshScope() }
        refresh.force = accept(.force)
        refresh.isSynchronous = try syncMode()
        if accept(.with, .priority) { refresh.priority = try integer("a priority") }
        return refresh
    }

    private mutating func refreshScope() throws(StarlingError) -> RefreshMaterializedView.Scope {
        guard accept(.start) else { return .list(try listValues()) }
        try expectSymbol(.open)
        let start = try string("a partition's start")
        try expectSymbol(.close)
        try expect(.end)
        try expectSymbol(.open)
        let end = try string("a partition's end")
        try expectSymbol(.close)
        return .range(start: start, end: end)
    }

    /// Parses `WITH SYNC MODE` or `WITH ASYNC MODE`.
    mutating func syncMode() throws(StarlingError) -> Bool? {
        if accept(.with, .sync) {
            try expect(.mode)
            return true
        }
        guard accept(.with, .async) else { return nil }
        try expect(.mode)
        return false
    }

    mutating func cancelRefresh() throws(StarlingError) -> Statement.Kind {
        try expect(.cancel, .refresh, .materialized, .view)
        let name = try qualifiedName("a materialized view")
        return .cancelRefresh(name, force: accept(.force))
    }
}
