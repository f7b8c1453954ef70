// What a built join tells scans of its probe side.

/// Takes what a join's keys allow, for scans that have not begun.
package final class RuntimeFilterSlot: Sendable {
    package init() {}

    func publish(from table: JoinTable) {}
}
