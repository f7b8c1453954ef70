/// Takes what a scan has to do apart from its rows, told in as many rows as would take as long.
package protocol ScanProgress: Sendable {
    /// Tells of work to do.
    func expect(_ rowCount: Int)
    /// Tells of work that is done.
    func note(_ rowCount: Int)
}
