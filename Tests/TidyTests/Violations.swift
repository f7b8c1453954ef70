// How a rule reports: one issue for each place that breaks it, so that all are seen at once.

import Testing

/// Records an issue for each place that breaks a rule.
func report(_ violations: [String], rule: String) {
    for violation in violations {
        Issue.record("\(violation): \(rule)")
    }
}
