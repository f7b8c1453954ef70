// Statements that change rows: INSERT, UPDATE, DELETE, MERGE and COPY.

/// Holds `INSERT INTO` or `INSERT OVERWRITE`.
package struct Insert: Sendable, Equatable {
    /// Names where rows go.
    package enum Target: Sendable, Equatable {
        case table(QualifiedName)
        /// `INSERT INTO FILES('path' = '..')`: unloading.
        case files([Property])
        /// `INSERT INTO BLACKHOLE()`: nowhere.
        case blackhole
    }

    package var with: WithClause?
    package var hints: [Hint] = []
    package var overwrites: Bool
    package var target: Target
    /// `FOR VERSION AS OF branch`.
    package var timeTravel: TimeTravel?
    package var partitions: PartitionSelection?
    package var label: Identifier?
    /// `BY NAME`: columns are matched by name.
    package var isByName = false
    package var columns: [Identifier] = []
    package var properties: [Property] = []
    /// `DEFAULT VALUES`: one row of defaults, in the place of the query.
    package var takesDefaults = false
    package var query: Query
}

/// Holds `column = expression` of UPDATE and MERGE.
package struct ColumnAssignment: Sendable, Equatable {
    package var column: QualifiedName
    package var value: Expression
}

/// Holds `UPDATE table SET .. [FROM ..] [WHERE ..]`.
package struct Update: Sendable, Equatable {
    package var with: WithClause?
    package var hints: [Hint] = []
    package var table: QualifiedName
    package var alias: Identifier?
    package var assignments: [ColumnAssignment]
    package var from: [TableReference] = []
    package var condition: Expression?
}

/// Holds `DELETE FROM table [PARTITION ..] [USING ..] [WHERE ..]`.
package struct Delete: Sendable, Equatable {
    package var with: WithClause?
    package var hints: [Hint] = []
    package var table: QualifiedName
    package var partitions: PartitionSelection?
    package var alias: Identifier?
    package var using: [TableReference] = []
    package var condition: Expression?
}

/// Holds `MERGE INTO target USING source ON condition WHEN ..`.
package struct Merge: Sendable, Equatable {
    /// Names the rows that a clause is for.
    package enum Match: String, Sendable {
        case matched = "MATCHED"
        case notMatched = "NOT MATCHED"
        case notMatchedBySource = "NOT MATCHED BY SOURCE"
    }

    /// Names what happens to such a row.
    package enum Action: Sendable, Equatable {
        case delete
        case update([ColumnAssignment])
        /// `UPDATE SET *`.
        case updateAll
        case insert(columns: [Identifier], values: [Expression])
        /// `INSERT *`.
        case insertAll
        case doNothing
    }

    /// Holds `WHEN [NOT] MATCHED [AND condition] THEN action`.
    package struct Clause: Sendable, Equatable {
        package var match: Match
        package var condition: Expression?
        package var action: Action
    }

    package var with: WithClause?
    package var target: QualifiedName
    package var alias: Identifier?
    package var source: TableReference
    package var condition: Expression
    package var clauses: [Clause]
}

/// Holds `COPY table FROM 'path'` and `COPY table|(query) TO 'path'`.
package struct Copy: Sendable, Equatable {
    /// Names the side that isn't the file.
    package enum Subject: Sendable, Equatable {
        case table(QualifiedName, columns: [Identifier])
        case query(Query)
    }

    /// Holds one option: a name and, where there is one, a value as text.
    package struct Option: Sendable, Equatable {
        package var name: Identifier
        package var value: Expression?
    }

    package var subject: Subject
    /// Tells FROM, which reads the file, from TO, which writes it.
    package var readsFile: Bool
    package var path: Property
    package var options: [Option]
}
