// Runs a test's body for every value of a list; what fails says for which.

import Testing

/// Names the values that the innermost `withEvery` bodies run for.
package enum TestTrace {
    @TaskLocal package static var entries: [String] = []

    /// The comment to give to `#expect`.
    package static var comment: Comment { Comment(rawValue: entries.joined(separator: ", ")) }
}

package func withEvery<Value>(
    _ label: String, in values: some Sequence<Value>, run body: (Value) throws -> Void
) rethrows {
    for value in values {
        try TestTrace.$entries.withValue(TestTrace.entries + ["\(label): \(value)"]) {
            try body(value)
        }
    }
}
