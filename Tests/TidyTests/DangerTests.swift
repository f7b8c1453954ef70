// Danger lives in named places: the modules that ARCHITECTURE.md says may touch raw memory, and the
// types that vouch for their own thread safety.

import Testing

/// Lists the types outside `Memory` and `Threads` that are `@unchecked Sendable`, with the rule that
/// makes it true of each. Keys are paths.
private let uncheckedSendable: [String: String] = [
    "Sources/Vectors/StringHeap.swift": "one worker writes it; others read after the hand-over",
    "Sources/Vectors/StringReference.swift": "an address of bytes that don't change any more",
]

@Suite struct DangerTests {
    @Test func rawMemoryStaysInItsModules() throws {
        let allowed = Set(ArchitecturePage.load().rows.filter(\.mayTouchRawMemory).map(\.module))
        var violations: [String] = []
        for file in Repository.shared.swiftFiles {
            guard let module = file.module, !allowed.contains(module) else { continue }
            file.forEachWord { word, line in
                if Self.isRawMemory(word) { violations.append("\(file.path):\(line) has \(word)") }
            }
        }
        report(violations, rule: "ARCHITECTURE.md doesn't list the module for raw memory")
    }

    @Test func uncheckedSendableIsListed() {
        var used: Set<String> = []
        var violations: [String] = []
        for file in Repository.shared.swiftFiles {
            guard let module = file.module, !["Memory", "Threads"].contains(module) else {
                continue
            }
            let lines = file.codeLines.enumerated().filter { $0.element.contains("@unchecked") }
            guard let first = lines.first else { continue }
            used.insert(file.path)
            if uncheckedSendable[file.path] == nil {
                violations.append("\(file.path):\(first.offset + 1) is @unchecked Sendable")
            }
        }
        report(violations, rule: "its reason is missing in DangerTests.swift")
        let stale = Set(uncheckedSendable.keys).subtracting(used)
        report(stale.sorted(), rule: "is listed in DangerTests.swift and isn't @unchecked any more")
    }

    private static func isRawMemory(_ word: Substring) -> Bool {
        let isUnsafe = word.hasPrefix("Unsafe") || word.hasPrefix("unsafe")
        return (isUnsafe && word != "unsafeFlags") || word.hasPrefix("withUnsafe")
            || word == "OpaquePointer" || word == "Unmanaged"
    }
}
