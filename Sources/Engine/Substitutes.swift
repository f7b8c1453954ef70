// What a single machine leaves out of StarRocks' statements, and what does the same here.

import StarlingSyntax

extension AlterTableAction {
    /// What does the same as an action that is not executed; nil where nothing does.
    var substitute: String? {
        switch self {
        case .addRollups, .dropRollups, .renameRollup, .addColumns, .dropColumn, .modifyColumn,
            .orderBy:
            "a rollup is a materialized view: CREATE MATERIALIZED VIEW … AS SELECT …"
        case .addField, .dropField:
            "a STRUCT keeps its fields; ADD COLUMN, UPDATE and DROP COLUMN make another column of it"
        case .verbatim:
            "tablets, replicas and persistent indexes are those of a cluster; OPTIMIZE TABLE packs "
                + "what one machine has"
        case .createReference, .dropReference, .execute:
            "branches, tags and procedures are those of Iceberg's tables"
        case .key, .partitionBy, .partitionColumns:
            "a table keeps its key and its kind of partitions; CREATE TABLE … AS SELECT … makes "
                + "another one, which SWAP WITH gives the name"
        default: nil
        }
    }
}

extension Statement.Kind {
    /// What does the same as a statement that is not executed; nil where nothing does.
    var substitute: String? {
        switch self {
        case .createCatalog: "files are read where they lie, by FROM 'path' or FILES(…)"
        case .createPipe, .alterPipe: Self.loading
        case .createAnalyze: "ANALYZE TABLE looks at a table now"
        case .other(_, let text): Self.substitute(ofWords: title, text)
        default: nil
        }
    }

    private static let loading =
        "INSERT INTO … SELECT … FROM FILES(…) loads files, and a materialized view over files takes "
        + "those along that come"

    private static let copying =
        "the folder of a database that is closed is all of it, so a copy is a backup; CREATE TABLE "
        + "… CLONE keeps a table as it is"
    private static let replicas =
        "a table has neither tablets nor replicas; CHECK TABLE finds damage, SHOW DATA and SHOW "
        + "PARTITIONS tell how large it is"

    /// What does the same as statements that begin so; the first that fits counts.
    private static let beginnings: [(words: String, substitute: String)] = [
        ("ADMIN CHECK TABLET", "CHECK TABLE reads all that a table has on the disk"),
        ("ADMIN CANCEL REPAIR", "REPAIR TABLE is done when it returns"),
        (
            "ADMIN REPAIR",
            "a table has one copy, which nothing repairs from another; CHECK TABLE finds damage, "
                + "and REPAIR TABLE takes it out"
        ),
        ("ADMIN SHOW REPLICA", replicas), ("ADMIN SET REPLICA", replicas),
        ("ADMIN SHOW TABLET", replicas),
        ("ADMIN SET TABLE", "RESTORE TABLE … TO VERSION AS OF … goes back to a version"),
        (
            "ADMIN SHOW FRONTEND",
            "it concerns the machines of a cluster; SHOW VARIABLES lists what can be set"
        ),
        (
            "CANCEL ALTER",
            "ALTER TABLE is done when it returns, so there is nothing to cancel"
        ),
        ("BACKUP", copying), ("RESTORE SNAPSHOT", copying), ("CREATE REPOSITORY", copying),
        ("DROP REPOSITORY", copying), ("DROP SNAPSHOT", copying), ("CANCEL BACKUP", copying),
        ("CANCEL RESTORE", copying),
        (
            "ALTER DATABASE",
            "a database has no quotas and keeps its name; CREATE TABLE … CLONE … takes tables into "
                + "another one without copying"
        ),
    ]

    /// Tells whether the configuration of a cluster is set, of which there is nothing here.
    var configuresCluster: Bool {
        guard case .other(_, let text) = self else { return false }
        let words = leadingWords(of: text, 4)
        return words == "ADMIN SET FRONTEND CONFIG" || words == "ADMIN SET BACKEND CONFIG"
    }

    private static func substitute(ofWords title: String, _ text: String) -> String? {
        if title.hasPrefix("SHOW ") { return Show.substitute(for: String(title.dropFirst(5))) }
        let beginning = leadingWords(of: text, 4)
        if let known = beginnings.first(where: { beginning.hasPrefix($0.words) }) {
            return known.substitute
        }
        let words = Set(title.split(separator: " ").map(String.init))
        if words.contains("LOAD") { return loading }
        if !words.isDisjoint(with: ["GRANT", "REVOKE", "USER", "ROLE"]) {
            return "whoever may read the folder of a database may read all of it"
        }
        let parts: Set = ["ADMIN", "BACKEND", "FRONTEND", "NODE", "REPLICA", "TABLET", "WAREHOUSE"]
        return words.isDisjoint(with: parts) ? nil : "it concerns the machines of a cluster"
    }
}

extension Show {
    /// What tells the same as a SHOW that is not executed; nil where nothing does.
    static func substitute(for subject: String) -> String? {
        if subject.contains("LOAD") {
            return "a statement that changes something is done when it returns"
        }
        switch subject {
        case "BACKUP", "RESTORE", "REPOSITORIES", "SNAPSHOT":
            return "SHOW SNAPSHOTS FROM t lists the versions of a table; a copy of the folder of a "
                + "database that is closed is its backup"
        case "PROC":
            return "information_schema tells of databases, tables and partitions"
        case "TABLET", "TABLETS":
            return "tablets are those of a cluster; SHOW DATA and SHOW PARTITIONS tell how large a "
                + "table is"
        case "TRANSACTION": return "SHOW SNAPSHOTS lists what commits made of a table"
        default: return nil
        }
    }
}

extension StatementRunner {
    /// Warns that what `ADMIN SET FRONTEND CONFIG ("name" = "value")` sets does nothing.
    func warnOfConfiguration(_ text: String) -> Result {
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        let name = parts.count > 1 ? "'\(parts[1])'" : "what is set"
        session.warnings.append(
            "one machine has no cluster to configure, so \(name) does nothing; SET changes what "
                + "SHOW VARIABLES lists")
        return .none
    }
}
