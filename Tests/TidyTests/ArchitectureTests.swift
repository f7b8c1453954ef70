// ARCHITECTURE.md's module table, Package.swift and the imports in the sources say the same.

import Testing

@Suite struct ArchitectureTests {
    let page = ArchitecturePage.load()
    let graph: PackageGraph

    init() throws {
        graph = try PackageGraph.shared.get()
    }

    var modules: [PackageTarget] {
        graph.targets.filter { $0.folder.hasPrefix("Sources/") }
    }

    @Test func pageListsExactlyTheModules() {
        let listed = Set(page.rows.map(\.module))
        let built = Set(modules.map(\.shortName))
        #expect(listed.count == page.rows.count, "ARCHITECTURE.md lists a module twice")
        report(
            built.subtracting(listed).sorted(), rule: "is missing in ARCHITECTURE.md's module table"
        )
        report(
            listed.subtracting(built).sorted(), rule: "is in ARCHITECTURE.md, not in Package.swift")
    }

    @Test func pageAndPackageAgreeOnImports() {
        for row in page.rows {
            guard let module = modules.first(where: { $0.shortName == row.module }) else {
                continue
            }
            let declared = Set(
                module.dependencies.compactMap { graph.target(named: $0)?.shortName })
            #expect(
                declared == Set(row.imports),
                """
                \(row.module): Package.swift has \(declared.sorted()), ARCHITECTURE.md \
                \(row.imports.sorted())
                """)
        }
    }

    @Test func pageIsOrderedFromBottomToTop() {
        var seen: Set<String> = []
        for row in page.rows {
            report(
                row.imports.filter { !seen.contains($0) }.map { "\(row.module) imports \($0)" },
                rule: "a module stands below what it imports in ARCHITECTURE.md's table")
            seen.insert(row.module)
        }
    }

    @Test func newThingsHaveTheirPlace() {
        #expect(page.placesOfNewThings.count > 20, "the section or its table is gone")
        report(
            page.placesOfNewThings.filter { !Repository.shared.exists($0) },
            rule: "ARCHITECTURE.md sends new things there; write the path from the root")
    }

    @Test func sourcesImportWhatTheirModuleDeclares() {
        let own = Set(graph.targets.map(\.name))
        var violations: [String] = []
        var imported: [String: Set<String>] = [:]
        for file in Repository.shared.swiftFiles {
            guard let target = graph.target(owning: file.path) else { continue }
            for name in file.imports where own.contains(name) {
                imported[target.name, default: []].insert(name)
                if !target.dependencies.contains(name) {
                    violations.append("\(file.path) imports \(name)")
                }
            }
        }
        report(violations, rule: "Package.swift doesn't declare it")

        // A module that isn't begun yet declares what it will need.
        let begun = graph.targets.filter {
            !Repository.shared.exists("\($0.folder)/Placeholder.swift")
        }
        // Tests that run a program depend on it without importing it.
        let programs = Set(graph.targets.filter(\.isExecutable).map(\.name))
        for target in begun where !target.isSystemLibrary {
            let unused = Set(target.dependencies).subtracting(imported[target.name] ?? [])
                .subtracting(target.isTest ? programs : [])
            report(
                unused.sorted().map { "\(target.name) declares \($0)" },
                rule: "no file of it imports that; remove the dependency")
        }
    }

    @Test func foundationStaysAboveTheEngine() {
        let heavy: Set = ["Foundation", "FoundationEssentials", "Dispatch"]
        var violations: [String] = []
        for file in Repository.shared.swiftFiles where file.module != nil {
            guard file.module != "Shell" else { continue }
            violations += file.imports.filter(heavy.contains).map { "\(file.path) imports \($0)" }
        }
        report(violations, rule: "only the shell and the tests do")
    }

    @Test func onlyTheEngineIsPublic() {
        var violations: [String] = []
        for file in Repository.shared.swiftFiles {
            guard let module = file.module, !["Engine", "CStarling"].contains(module) else {
                continue
            }
            for (index, line) in file.codeLines.enumerated() {
                let words = line.split(separator: " ").prefix { !$0.hasPrefix("func") }
                if words.contains("public") || words.starts(with: ["open", "class"]) {
                    violations.append("\(file.path):\(index + 1)")
                }
            }
        }
        report(violations, rule: "everything below the engine is `package` at most")
    }
}
