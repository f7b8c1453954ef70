// All words that SQL knows. A word is a keyword only where the grammar looks for it; reserved
// ones are never names without quotes. StarRocks reserves some more (types, KEY, INDEX, RANGE …);
// here those are names wherever the text stays clear.

/// Names a word of the language; the raw value is its spelling in lower case.
package enum Keyword: String, Sendable, CaseIterable {
    // Reserved.
    case all, alter, analyze, and, array, `as`, asc
    case between, by
    case `case`, collate, create, cross
    case `default`, delete, desc, describe, distinct, div, drop, dual
    case `else`, except, exists, explain
    case `false`, `for`, force, from, full
    case grant, group, grouping
    case having
    case `if`, ignore, `in`, inner, insert, intersect, into, `is`
    case join
    case kill
    case lateral, left, like, limit, load
    case maxvalue, mod
    case not, null
    case on, or, order, outer, outfile, over
    case partition, primary, procedure
    case regexp, rename, revoke, right, rlike
    case select, set, show
    case table, then, to, `true`
    case union, unique, update, use, using
    case values
    case when, `where`, with

    // Not reserved.
    case active, add, admin, after, aggregate, analyzer, anti, any, asof, async, at
    case autoIncrement = "auto_increment"
    case avg, aware
    case backup, base, begin, bernoulli, bigint, binary, bitmap
    case bitshiftleft, bitshiftright, bitshiftrightlogical
    case blackhole, boolean, both, branch, broker, bucket, buckets
    case call, cancel, cascade, cast, catalog, catalogs, ceil, char, character, charset, check
    case cluster, collation, column, columns, comment, commit, committed, compact, config
    case connection, convert, copy, costs, count, cube, cumulative, current
    case currentCatalog = "current_catalog"
    case currentDate = "current_date"
    case currentRole = "current_role"
    case currentTime = "current_time"
    case currentTimestamp = "current_timestamp"
    case currentUser = "current_user"
    case data, database, databases, date, datetime, day, days, deallocate, decimal, decimal32
    case decimal64, decimal128, decimalv2, deferred
    case definer
    case denseRank = "dense_rank"
    case distributed, `do`, double, duplicate
    case enable, end, engine, engines, escape, events, every, exclude, execute, export, external
    case extract
    case failpoint, fetch, field, fields, file, files, filter, first, float, floor, fn, following
    case format, function, functions
    case gin, global
    case groupConcat = "group_concat"
    case groupingId = "grouping_id"
    case groups
    case hash, help, histogram, hll, hour, hours
    case ilike, immediate, inactive, include, incremental, index, indexes, infile, install, int
    case integer, interval, invoker, isolation
    case job, json
    case key, keys
    case label, largeint, last, leading, less, level, list, local, localtime, localtimestamp
    case lock, logical, logs
    case manual, map, match
    case matchAll = "match_all"
    case matchAny = "match_any"
    case matchPhrase = "match_phrase"
    case matchRegexp = "match_regexp"
    case matched, materialized, max, merge, meta, microsecond, millisecond, min, minus, minute
    case minutes, mode, modify, month, months, mv
    case name, names, natural, ngrambf, next, no, nothing, nulls, numeric
    case of, offset, only, optimize, option, others, outline, overwrite
    case partitions, percent, percentile, pipe, pipes, pivot, plugins, position, preceding
    case precision, prepare, priority, proc, processlist, profile, profilelist, properties
    case property
    case qualify, quarter, query
    case random, range, rank, read, reason, recover, recursive, refresh, replace
    case replaceIfNotNull = "replace_if_not_null"
    case repeatable, resource, respect, restore, restrict, resume, retain, retention, retry
    case returns, role, roles, rollback, rollup, routine, row
    case rowNumber = "row_number"
    case rows
    case sample, schedule, schema, schemas, second, seconds, security, semi, separator
    case serializable, session, sets
    case setUserVariable = "set_user_variable"
    case setVar = "set_var"
    case signed, skew, smallint, snapshot, snapshots, some, source, sql, start, stats, status
    case stop, storage, string, `struct`, submit, substr, substring, sum, suspend, suspended
    case swap, sync, system
    case systemTime = "system_time"
    case tables, tablesample, tablet, tag, target, task, temp, temporary, terminated, text, than
    case ties, time, timestamp, timestampadd, timestampdiff, tinyint, trace, trailing
    case transaction, trim, truncate
    case tryCast = "try_cast"
    case type
    case unbounded, uncommitted, unnest, unpivot, unset, unsigned, user
    case value, varbinary, varchar, variables, variant, vector, verbose, version, view, views
    case warnings, week, window, within, work, write
    case xor
    case year, years
    case zone

    /// The keyword as messages and the printer write it.
    package var text: String { rawValue.uppercased() }

    /// Tells that the word is never a name without quotes.
    package var isReserved: Bool {
        switch self {
        case .all, .alter, .analyze, .and, .array, .as, .asc, .between, .by, .case, .collate,
            .create, .cross, .default, .delete, .desc, .describe, .distinct, .div, .drop,
            .dual, .else, .except, .exists, .explain, .false, .for, .force, .from, .full,
            .grant, .group, .grouping, .having, .if, .ignore, .in, .inner, .insert, .intersect,
            .into, .is, .join, .kill, .lateral, .left, .like, .limit, .load, .maxvalue, .mod,
            .not, .null, .on, .or, .order, .outer, .outfile, .over, .partition, .primary,
            .procedure, .regexp, .rename, .revoke, .right, .rlike, .select, .set, .show,
            .table, .then, .to, .true, .union, .unique, .update, .use, .using, .values, .when,
            .where, .with:
            true
        default: false
        }
    }

    /// Tells that a bare word is not taken for an alias, since a clause can begin with it.
    var beginsClause: Bool {
        switch self {
        case .asof, .fetch, .minus, .natural, .offset, .pivot, .qualify, .sample, .tablesample,
            .unpivot, .window:
            true
        default: isReserved
        }
    }

    /// Lists all keywords in upper case and alphabetical order, for completion.
    package static let completions: [String] = allCases.map(\.text).sorted()

    /// Tells whether a statement begins with that word.
    package static func beginsStatement(_ word: some StringProtocol) -> Bool {
        Parser.statementKeywords.contains { $0.text == word.uppercased() }
    }
}
