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
        case .recover: Self.recovering
        case .createAnalyze: "ANALYZE TABLE looks at a table now"
        case .other: Self.substitute(ofWords: title)
        default: nil
        }
    }

    private static let recovering =
        "RESTORE TABLE brings back what a table was, and what was dropped is gone"
    private static let loading =
        "INSERT INTO … SELECT … FROM FILES(…) loads files, and a materialized view over files takes "
        + "those along that come"

    private static func substitute(ofWords title: String) -> String? {
        if title.hasPrefix("SHOW ") { return Show.substitute(for: String(title.dropFirst(5))) }
        let words = Set(title.split(separator: " ").map(String.init))
        if words.contains("RECOVER") { return recovering }
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
        case "TABLET", "TABLETS":
            return "tablets are those of a cluster; SHOW DATA and SHOW PARTITIONS tell how large a "
                + "table is"
        case "TRANSACTION": return "SHOW SNAPSHOTS lists what commits made of a table"
        default: return nil
        }
    }
}
