// What a database does by itself. A task has a session of its own, with one thread and a part of the
// memory, so that whoever reads and writes meanwhile finds the rest.

import StarlingThreads

extension Database {
    /// The part of the memory limit that a task may hold.
    private static let memoryShare = 8

    /// Has work done that nobody waits for; one task of a name that waits is enough.
    func inBackground(
        _ name: String, _ work: @escaping @Sendable (Session, Cancellation) -> Void
    ) {
        guard let background else { return }
        let worker = Database(workingFor: self, background: nil)
        background.request(name) { cancellation in
            let session = worker.makeSession()
            let byteCount = worker.configuration.memoryLimit / Self.memoryShare
            try? session.settings.set("query_mem_limit", to: "\(byteCount)")
            try? session.settings.set("pipeline_dop", to: "1")
            work(session, cancellation)
        }
    }

    /// Does what is to be done in the background, and returns when nothing of it is left.
    public func runBackgroundTasks() { background?.runAll() }
}
