import StarlingSyntax

/// Is what an entry is beside a table where its rows are those of a query.
package struct MaterializedView: Sendable {
    /// CREATE MATERIALIZED VIEW.
    package var definition: CreateMaterializedView
    /// What whoever keeps it knows of it.
    package var state: any MaterializedViewState

    package init(definition: CreateMaterializedView, state: any MaterializedViewState) {
        self.definition = definition
        self.state = state
    }
}

/// Is what the keeper of materialized views notes of one.
package protocol MaterializedViewState: Sendable {}
