/// Is a known way for the maintenance of views to be wrong, by which tests of views are tested: each
/// must be found by them.
package enum SeededFlaw: String, Sendable, CaseIterable {
    /// Both terms of an inner join see the other side as it is later.
    case laterInBothTerms = "later_in_both_terms"
    /// The changes of an inner join's right side are forgotten.
    case rightSideLost = "right_side_lost"
    /// Those of an outer, semi or anti join's right side are.
    case partnersLost = "partners_lost"
    /// Rows that went are forgotten.
    case removalsLost = "removals_lost"
    /// Files that came are forgotten.
    case newFilesLost = "new_files_lost"
    /// Groups inside of a query come and never go.
    case earlierGroupsLost = "earlier_groups_lost"
    /// Keys that are NULL are no keys.
    case nullKeysLost = "null_keys_lost"
    /// A smallest or largest value stays when it is gone.
    case extremesKept = "extremes_kept"
    /// A group stays when its last row is gone.
    case emptyGroupsKept = "empty_groups_kept"
}
