// What statements and their clauses are called in messages. The switches are exhaustive: what the
// dialect gains needs a name here.

import StarlingSyntax

extension Statement.Kind {
    /// The statement's first words.
    var title: String {
        switch self {
        case .query(_, let outfile): outfile == nil ? "SELECT" : "SELECT INTO OUTFILE"
        case .explain(let mode, _): mode.rawValue
        case .insert(let insert): insert.overwrites ? "INSERT OVERWRITE" : "INSERT"
        case .update: "UPDATE"
        case .delete: "DELETE"
        case .merge: "MERGE"
        case .truncate: "TRUNCATE TABLE"
        case .copy: "COPY"
        case .createTable: "CREATE TABLE"
        case .alterTable: "ALTER TABLE"
        case .createView: "CREATE VIEW"
        case .alterView: "ALTER VIEW"
        case .createMaterializedView: "CREATE MATERIALIZED VIEW"
        case .alterMaterializedView: "ALTER MATERIALIZED VIEW"
        case .refreshMaterializedView: "REFRESH MATERIALIZED VIEW"
        case .cancelRefresh: "CANCEL REFRESH"
        case .createIndex: "CREATE INDEX"
        case .createDatabase: "CREATE DATABASE"
        case .createCatalog: "CREATE CATALOG"
        case .createFunction: "CREATE FUNCTION"
        case .createTextAnalyzer: "CREATE TEXT ANALYZER"
        case .createPipe: "CREATE PIPE"
        case .alterPipe: "ALTER PIPE"
        case .drop: "DROP"
        case .recover(let kind, _): "RECOVER \(kind.rawValue)"
        case .recoverPartition: "RECOVER PARTITION"
        case .renameDatabase: "ALTER DATABASE"
        case .cleanLabels: "CLEAN LABEL"
        case .restoreTable: "RESTORE TABLE"
        case .set: "SET"
        case .setCatalog: "SET CATALOG"
        case .unset: "UNSET"
        case .use: "USE"
        case .show(let show): "SHOW \(show.subject)"
        case .describe: "DESC"
        case .summarize: "SUMMARIZE"
        case .help: "HELP"
        case .analyze: "ANALYZE TABLE"
        case .createAnalyze: "CREATE ANALYZE"
        case .dropStatistics: "DROP STATS"
        case .kill: "KILL"
        case .optimize: "OPTIMIZE TABLE"
        case .recommend(let what, _): "RECOMMEND \(what.rawValue)"
        case .recommendViews: "RECOMMEND MATERIALIZED VIEWS"
        case .check: "CHECK TABLE"
        case .repair: "REPAIR TABLE"
        case .call: "CALL"
        case .prepare: "PREPARE"
        case .execute: "EXECUTE"
        case .deallocate: "DEALLOCATE"
        case .begin: "BEGIN"
        case .commit: "COMMIT"
        case .rollback: "ROLLBACK"
        case .submitTask: "SUBMIT TASK"
        case .dropTask: "DROP TASK"
        case .other(let name, _): name
        }
    }
}

/// Gives the words that a statement or clause begins with, before names, lists and properties.
func leadingWords(of text: String, _ count: Int) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).prefix(count).map { $0.uppercased() }
    return words.prefix { $0 != "PROPERTIES" && $0.allSatisfy(\.isLetter) }.joined(separator: " ")
}

extension AlterTableAction {
    /// The words that the clause begins with.
    var title: String {
        switch self {
        case .addColumns: "ADD COLUMN"
        case .dropColumn: "DROP COLUMN"
        case .modifyColumn: "MODIFY COLUMN"
        case .setDefault: "ALTER COLUMN"
        case .renameColumn: "RENAME COLUMN"
        case .orderBy: "ORDER BY"
        case .addField: "ADD FIELD"
        case .dropField: "DROP FIELD"
        case .rename: "RENAME"
        case .renamePartition: "RENAME PARTITION"
        case .renameRollup: "RENAME ROLLUP"
        case .swap: "SWAP WITH"
        case .comment: "COMMENT"
        case .setProperties: "SET"
        case .addIndex: "ADD INDEX"
        case .dropIndex: "DROP INDEX"
        case .addRollups: "ADD ROLLUP"
        case .dropRollups: "DROP ROLLUP"
        case .addPartitions: "ADD PARTITION"
        case .dropPartitions: "DROP PARTITION"
        case .modifyPartitions, .modifyDistribution: "MODIFY PARTITION"
        case .truncatePartitions: "TRUNCATE PARTITION"
        case .partitionColumns(let isAdded, _):
            isAdded ? "ADD PARTITION COLUMN" : "DROP PARTITION COLUMN"
        case .autoIncrement: "AUTO_INCREMENT"
        case .verbatim(let text): leadingWords(of: text, 5)
        case .replacePartitions: "REPLACE PARTITION"
        case .distributedBy: "DISTRIBUTED BY"
        case .key(let key): key.kind.rawValue
        case .partitionBy: "PARTITION BY"
        case .compact: "COMPACT"
        case .createReference(let reference): reference.isTag ? "CREATE TAG" : "CREATE BRANCH"
        case .dropReference(let isTag, _, _): isTag ? "DROP TAG" : "DROP BRANCH"
        case .execute: "EXECUTE"
        }
    }
}
