// The repository stays small, its pages link to what exists, and its Swift is formatted.

import Foundation
import Testing

@Suite struct RepositoryTests {
    @Test func filesAreFound() {
        #expect(Repository.shared.paths.contains("Package.swift"), "git lists no files")
    }

    @Test func nothingIsLarge() {
        let limit = 2 << 20
        let large = Repository.shared.paths.filter { Repository.shared.byteCount(of: $0) > limit }
        report(large, rule: "is larger than 2 MB; generate it, or keep a smaller sample")
    }

    @Test func linksLeadSomewhere() {
        var violations: [String] = []
        for page in Repository.shared.paths(ending: ".md") {
            let folder = page.split(separator: "/").dropLast().joined(separator: "/")
            for target in Self.links(in: Repository.shared.text(of: page)) {
                let isAbsolute = target.contains("://") || target.hasPrefix("mailto:")
                guard !isAbsolute, let file = target.split(separator: "#").first else { continue }
                guard !target.hasPrefix("#") else { continue }
                let path = folder.isEmpty ? String(file) : "\(folder)/\(file)"
                if !Repository.shared.exists(path) { violations.append("\(page) → \(target)") }
            }
        }
        report(violations, rule: "the link leads nowhere")
    }

    @Test func swiftIsFormatted() throws {
        let repository = Repository.shared
        let folders = ["Package.swift", "Sources", "Tests", "Benchmarks/Kernels", "Examples"]
            .filter(repository.exists)
        let lint = try run(
            "swift", ["format", "lint", "--strict", "--parallel", "--recursive"] + folders,
            in: repository.root)
        // Paths are printed in full; a reader wants them from the root.
        let prefix = repository.root.path
        let complaints = lint.errors.split(separator: "\n").map {
            String($0).replacing(prefix.hasSuffix("/") ? prefix : prefix + "/", with: "")
        }
        report(complaints, rule: "run tools/format")
        #expect(lint.status == 0)
    }

    /// Lists the targets of `[text](target)`, outside of code.
    private static func links(in page: String) -> [String] {
        var targets: [String] = []
        var isCode = false
        for line in page.split(separator: "\n") {
            if line.hasPrefix("```") { isCode.toggle() }
            guard !isCode else { continue }
            for part in line.components(separatedBy: "](").dropFirst() {
                guard let end = part.firstIndex(of: ")") else { continue }
                targets.append(String(part[..<end]))
            }
        }
        return targets
    }
}
