// swift-tools-version: 6.2
// The package graph is the architecture: ARCHITECTURE.md tells what each module is for, and tidy
// checks that page against this file.

import PackageDescription

/// The instruction set everything is compiled for: x86-64-v3 unless STARLING_MARCH names another
/// one. `tools/build` sets it to `native`.
#if arch(x86_64)
let instructionSet = Context.environment["STARLING_MARCH"] ?? "x86-64-v3"
let machineFlags = ["-Xcc", "-march=\(instructionSet)"]
#else
let machineFlags = Context.environment["STARLING_MARCH"].map { ["-Xcc", "-mcpu=\($0)"] } ?? []
#endif

let commonSettings: [SwiftSetting] = [
    .unsafeFlags(machineFlags),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

/// A module of the engine: folder `Sources/<name>`, module `Starling<name>`.
func engineModule(_ name: String, _ dependencies: [String]) -> Target {
    .target(
        name: "Starling\(name)",
        dependencies: dependencies.map(moduleDependency),
        path: "Sources/\(name)",
        swiftSettings: commonSettings)
}

func testModule(_ name: String, _ dependencies: [String]) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: dependencies.map(moduleDependency),
        path: "Tests/\(name)Tests",
        swiftSettings: commonSettings)
}

/// Dependencies are written by folder name; C shims and the product module keep theirs.
func moduleDependency(_ name: String) -> Target.Dependency {
    let isShim = name.hasPrefix("C") && name.dropFirst().first!.isUppercase && name != "CSV"
    return .byName(name: isShim || name == "Starling" ? name : "Starling\(name)")
}

func shim(_ name: String, package: String, debian: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/\(name)", pkgConfig: package, providers: [.apt([debian])])
}

let package = Package(
    name: "Starling",
    products: [
        .library(name: "Starling", targets: ["Starling"]),
        .executable(name: "starling", targets: ["StarlingShell"]),
    ],
    targets: [
        .target(
            name: "CPlatform", path: "Sources/CPlatform",
            cSettings: [.unsafeFlags(machineFlags.filter { $0 != "-Xcc" })]),
        shim("CBrotli", package: "libbrotlidec", debian: "libbrotli-dev"),
        shim("CZstd", package: "libzstd", debian: "libzstd-dev"),
        shim("CLZ4", package: "liblz4", debian: "liblz4-dev"),
        shim("CSnappy", package: "snappy", debian: "libsnappy-dev"),
        shim("CDeflate", package: "libdeflate", debian: "libdeflate-dev"),
        shim("CZlib", package: "zlib", debian: "zlib1g-dev"),

        .target(
            name: "CRE2", path: "Sources/CRE2",
            cxxSettings: [.unsafeFlags(machineFlags.filter { $0 != "-Xcc" })],
            linkerSettings: [.linkedLibrary("re2")]),

        engineModule("Errors", []),
        engineModule("Memory", ["CPlatform", "Errors"]),
        engineModule("Threads", ["Errors"]),
        engineModule("Bitmaps", []),
        engineModule("Patterns", ["CRE2", "Errors"]),
        engineModule("Analyzers", ["Errors", "Patterns"]),
        engineModule("Types", ["Bitmaps", "Errors"]),
        engineModule("Files", ["Errors", "Memory"]),
        engineModule("Vectors", ["Memory", "Types"]),
        engineModule("Kernels", ["CPlatform", "Errors", "Memory", "Types", "Vectors"]),
        engineModule(
            "Blocks",
            ["CPlatform", "CZstd", "Errors", "Kernels", "Memory", "Types", "Vectors"]),
        engineModule("Syntax", ["Errors"]),
        engineModule(
            "Tables", ["Errors", "Memory", "Threads", "Types", "Vectors"]),
        engineModule("Indexes", ["Analyzers", "Errors", "Memory", "Tables"]),
        engineModule("Formats", ["Errors", "Files", "Memory", "Tables", "Types", "Vectors"]),
        engineModule("Streams", ["CLZ4", "CZlib", "CZstd", "Errors", "Files", "Memory"]),
        engineModule(
            "Arrow",
            [
                "CPlatform", "CZstd", "Errors", "Files", "Formats", "Kernels", "Memory", "Streams",
                "Tables", "Types", "Vectors",
            ]),
        engineModule(
            "Parquet",
            [
                "CBrotli", "CDeflate", "CLZ4", "CPlatform", "CZstd", "Errors", "Files", "Formats",
                "Kernels", "Memory", "Shredding", "Streams", "Tables", "Types", "Vectors",
            ]),
        engineModule(
            "ORC",
            [
                "CBrotli", "CDeflate", "CLZ4", "CPlatform", "CZstd", "Errors", "Files", "Formats",
                "Kernels", "Memory", "Tables", "Types", "Vectors",
            ]),
        engineModule("Fields", ["CPlatform", "Memory", "Types", "Vectors"]),
        engineModule("Documents", ["CPlatform", "Fields", "Memory", "Types"]),
        engineModule(
            "Shredding",
            [
                "CPlatform", "Documents", "Errors", "Kernels", "Memory", "Tables", "Types",
                "Vectors",
            ]),
        engineModule(
            "Avro",
            [
                "CDeflate", "CPlatform", "CZstd", "Errors", "Fields", "Files", "Formats", "Kernels",
                "Memory", "Tables", "Types", "Vectors",
            ]),
        engineModule(
            "CSV",
            [
                "CPlatform", "Errors", "Fields", "Files", "Formats", "Kernels", "Memory",
                "Streams", "Tables", "Threads", "Types", "Vectors",
            ]),
        engineModule(
            "JSONLines",
            [
                "CPlatform", "Errors", "Fields", "Files", "Formats", "Kernels", "Memory",
                "Streams", "Tables", "Types", "Vectors",
            ]),
        engineModule(
            "TextWriting",
            [
                "CDeflate", "CZstd", "Errors", "Files", "Formats", "Kernels", "Memory", "Tables",
                "Types", "Vectors",
            ]),
        engineModule(
            "Generators", ["Errors", "Memory", "Tables", "Threads", "Types", "Vectors"]),
        engineModule(
            "ParquetWriting",
            [
                "CBrotli", "CDeflate", "CLZ4", "CSnappy", "CZstd", "Errors", "Files", "Formats",
                "Kernels", "Memory", "Tables", "Types", "Vectors",
            ]),
        engineModule(
            "ArrowWriting",
            [
                "CLZ4", "CPlatform", "CZstd", "Errors", "Files", "Formats", "Kernels", "Memory",
                "Tables", "Types", "Vectors",
            ]),
        engineModule(
            "Lake",
            [
                "Arrow", "ArrowWriting", "Avro", "CSV", "Errors", "Files", "Formats", "JSONLines",
                "Kernels", "Memory", "ORC", "Parquet", "ParquetWriting", "Streams", "Tables",
                "TextWriting", "Types", "Vectors",
            ]),
        engineModule(
            "Functions",
            [
                "Analyzers", "Bitmaps", "CLZ4", "CSnappy", "CZlib", "CZstd", "Documents",
                "Errors", "Files", "Kernels", "Memory", "Patterns", "Threads", "Types", "Vectors",
            ]),
        engineModule("Plans", ["Errors", "Functions", "Tables", "Types"]),
        engineModule(
            "Evaluation",
            [
                "Errors", "Functions", "Kernels", "Memory", "Plans", "Tables", "Threads", "Types",
                "Vectors",
            ]),
        engineModule("Rows", ["Errors", "Memory", "Types", "Vectors"]),
        engineModule("Catalog", ["Errors", "Syntax", "Tables"]),
        engineModule(
            "Binder",
            [
                "Analyzers", "Catalog", "Errors", "Fields", "Functions", "Plans", "Syntax",
                "Tables",
                "Types",
            ]),
        engineModule(
            "Optimizer",
            ["Errors", "Evaluation", "Functions", "Generators", "Plans", "Tables", "Types"]),
        engineModule(
            "Storage",
            [
                "Analyzers", "Blocks", "Documents", "Errors", "Files", "Indexes", "Kernels",
                "Memory",
                "Shredding",
                "Tables", "Threads", "Types", "Vectors",
            ]),
        engineModule(
            "Views",
            ["Errors", "Functions", "Optimizer", "Plans", "Storage", "Syntax", "Tables", "Types"]),
        engineModule(
            "Execution",
            [
                "Errors", "Evaluation", "Files", "Functions", "Kernels", "Memory", "Plans",
                "Rows", "Tables", "Threads", "Types", "Vectors",
            ]),

        engineModule(
            "Writing",
            [
                "Errors", "Execution", "Files", "Formats", "Kernels", "Memory", "Tables",
                "Threads", "Types", "Vectors",
            ]),

        .executableTarget(
            name: "ScanBenchmarks",
            dependencies: [
                "CPlatform", "Errors", "Lake", "Memory", "Tables", "Threads", "Types", "Vectors",
            ]
            .map(moduleDependency),
            path: "Benchmarks/Scans",
            swiftSettings: commonSettings),
        .executableTarget(
            name: "JoinBenchmarks",
            dependencies: [
                "CPlatform", "Errors", "Execution", "Functions", "Memory", "Threads", "Types",
                "Vectors",
            ].map(moduleDependency),
            path: "Benchmarks/Joins",
            swiftSettings: commonSettings),
        .executableTarget(
            name: "KernelBenchmarks",
            dependencies: [
                "CPlatform", "Errors", "Evaluation", "Execution", "Functions", "Kernels",
                "Memory", "Plans", "Threads", "Types", "Vectors",
            ].map(moduleDependency),
            path: "Benchmarks/Kernels",
            swiftSettings: commonSettings),

        .target(
            name: "Starling",
            dependencies: [
                "Analyzers", "Binder", "Catalog", "Errors", "Evaluation", "Execution", "Fields",
                "Files", "Formats", "Functions", "Generators", "Kernels", "Lake", "Memory",
                "Optimizer", "Plans", "Shredding", "Storage", "Syntax", "Tables", "Threads",
                "Types", "Vectors", "Views", "Writing",
            ].map(moduleDependency),
            path: "Sources/Engine", swiftSettings: commonSettings),
        engineModule("Console", ["CPlatform", "Errors", "Starling", "Threads", "Types"]),
        .executableTarget(
            name: "StarlingShell", dependencies: ["StarlingConsole"],
            path: "Sources/Shell", swiftSettings: commonSettings),

        .target(
            name: "StarlingTestSupport",
            dependencies: ["Errors", "Functions", "Memory", "Plans", "Types", "Vectors"]
                .map(moduleDependency),
            path: "Tests/Support",
            swiftSettings: commonSettings),
        .target(
            name: "StarlingFuzzing",
            dependencies: [
                "Console", "Documents", "Errors", "FormatSupport", "Starling", "Syntax",
                "TestSupport", "Threads", "Types", "Views",
            ].map(moduleDependency) + ["SQLLogic", "StarlingCrashes"],
            path: "Tests/Fuzzing",
            swiftSettings: commonSettings),
        .executableTarget(
            name: "FuzzCommand", dependencies: ["Fuzzing", "Threads"].map(moduleDependency),
            path: "Tests/FuzzCommand", swiftSettings: commonSettings),
        .testTarget(
            name: "FuzzTests", dependencies: ["StarlingFuzzing", "FuzzCommand", "StarlingViews"],
            path: "Tests/FuzzTests", swiftSettings: commonSettings),
        testModule("Analyzers", ["Analyzers"]),
        testModule("Bitmaps", ["Bitmaps"]),
        testModule(
            "Indexes", ["Analyzers", "Errors", "Indexes", "Memory", "Tables", "TestSupport"]),
        testModule("Errors", ["Errors"]),
        testModule("Memory", ["Errors", "Memory"]),
        testModule("Threads", ["Errors", "Threads"]),
        testModule("Vectors", ["Memory", "TestSupport", "Types", "Vectors"]),
        testModule("Tables", ["Memory", "Tables", "TestSupport", "Threads", "Types"]),
        .target(
            name: "StarlingPlanSupport",
            dependencies: [
                "Analyzers", "Binder", "Catalog", "Errors", "Functions", "Plans", "Syntax",
                "Tables", "Types",
            ].map(moduleDependency),
            path: "Tests/PlanSupport",
            swiftSettings: commonSettings),
        testModule("Plans", ["Errors", "Functions", "PlanSupport", "Plans", "Types"]),
        testModule("Binder", ["Binder", "Errors", "PlanSupport", "Plans", "Types"]),
        testModule(
            "Optimizer",
            ["Errors", "Functions", "Optimizer", "PlanSupport", "Plans", "Types"]),
        testModule(
            "Formats", ["Errors", "Files", "Formats", "Memory", "Tables", "Types"]),
        testModule("Streams", ["Errors", "FormatSupport", "Memory", "Streams"]),
        testModule("Fields", ["Fields", "Memory", "TestSupport", "Types", "Vectors"]),
        testModule("Kernels", ["Kernels", "Memory", "TestSupport", "Types", "Vectors"]),
        testModule(
            "Evaluation",
            [
                "Errors", "Evaluation", "Functions", "Plans", "Tables", "TestSupport", "Types",
                "Vectors",
            ]),
        testModule("Views", ["Views"]),
        testModule("Console", ["Console", "Starling"]),
        testModule(
            "Execution",
            [
                "Errors", "Execution", "Files", "Functions", "Kernels", "Memory", "Plans",
                "Tables", "TestSupport", "Threads", "Types", "Vectors",
            ]),
        testModule(
            "ParquetWriting",
            [
                "Errors", "Files", "Lake", "Memory", "ParquetWriting", "Tables",
                "Threads", "Types", "Vectors",
            ]),
        testModule(
            "Engine",
            [
                "Errors", "Files", "Formats", "Functions", "Lake", "Memory", "Starling",
                "TestSupport", "Threads", "Types", "Writing",
            ]),
        testModule("Files", ["Errors", "Files", "Memory"]),
        .target(
            name: "StarlingFormatSupport",
            dependencies: [
                "Errors", "Files", "Memory", "Tables", "TestSupport", "Threads", "Types", "Vectors",
            ].map(moduleDependency),
            path: "Tests/FormatSupport",
            swiftSettings: commonSettings),
        .testTarget(
            name: "ArrowTests",
            dependencies: [
                "Arrow", "Errors", "Files", "FormatSupport", "Formats", "Tables", "Types",
            ].map(moduleDependency),
            path: "Tests/ArrowTests",
            exclude: ["Fixtures"],
            swiftSettings: commonSettings),
        testModule(
            "ArrowWriting",
            [
                "Arrow", "ArrowWriting", "Errors", "Files", "FormatSupport", "Formats", "Tables",
                "TestSupport", "Types", "Vectors",
            ]),
        .testTarget(
            name: "AvroTests",
            dependencies: [
                "Avro", "Errors", "Files", "FormatSupport", "Formats", "Tables", "TestSupport",
                "Types",
            ].map(moduleDependency),
            path: "Tests/AvroTests",
            exclude: ["Fixtures"],
            swiftSettings: commonSettings),
        .testTarget(
            name: "ORCTests",
            dependencies: [
                "Errors", "Files", "FormatSupport", "Formats", "ORC", "Tables",
                "TestSupport", "Types",
            ].map(moduleDependency),
            path: "Tests/ORCTests",
            exclude: ["Fixtures"],
            swiftSettings: commonSettings),
        .testTarget(
            name: "ParquetTests",
            dependencies: [
                "Documents", "Errors", "Files", "FormatSupport", "Memory", "Parquet", "Tables",
                "TestSupport", "Types", "Vectors",
            ].map(moduleDependency),
            path: "Tests/ParquetTests",
            exclude: ["Fixtures"],
            swiftSettings: commonSettings),
        .testTarget(
            name: "CSVTests",
            dependencies: [
                "CSV", "Errors", "Files", "FormatSupport", "Formats", "TestSupport", "Types",
                "Vectors",
            ].map(moduleDependency),
            path: "Tests/CSVTests",
            exclude: ["Fixtures"],
            swiftSettings: commonSettings),
        .testTarget(
            name: "JSONLinesTests",
            dependencies: [
                "Errors", "Files", "FormatSupport", "Formats", "JSONLines", "Tables", "Types",
                "Vectors",
            ].map(moduleDependency),
            path: "Tests/JSONLinesTests",
            exclude: ["Fixtures"],
            swiftSettings: commonSettings),
        testModule(
            "TextWriting",
            [
                "CSV", "Errors", "Files", "FormatSupport", "Formats", "JSONLines", "Kernels",
                "Memory", "Tables", "TextWriting", "TestSupport", "Types", "Vectors",
            ]),
        .testTarget(
            name: "LakeTests",
            dependencies: [
                "Errors", "Files", "FormatSupport", "Formats", "Lake", "Memory", "Tables",
                "Threads", "Types",
                "Vectors",
            ].map(moduleDependency),
            path: "Tests/LakeTests",
            exclude: ["Fixtures"],
            swiftSettings: commonSettings),
        testModule("Rows", ["Errors", "Memory", "Rows", "Types", "Vectors"]),
        testModule("Syntax", ["Errors", "Syntax", "TestSupport"]),
        testModule("Types", ["Errors", "TestSupport", "Types"]),
        testModule("Documents", ["Documents"]),
        testModule(
            "Shredding",
            ["Documents", "Errors", "Shredding", "Types", "Vectors"]),
        testModule(
            "Storage",
            [
                "Blocks", "Errors", "Files", "Memory", "Storage", "Tables", "TestSupport",
                "Threads", "Types", "Vectors",
            ]),
        .target(
            name: "StarlingCrashes",
            dependencies: ["Errors", "Files", "Starling", "TestSupport"].map(moduleDependency),
            path: "Tests/Crashes", swiftSettings: commonSettings),
        .executableTarget(
            name: "CrashCommand", dependencies: ["StarlingCrashes"], path: "Tests/CrashCommand",
            swiftSettings: commonSettings),
        .testTarget(
            name: "CrashTests",
            dependencies: ["Starling", "TestSupport"].map(moduleDependency)
                + ["StarlingCrashes", "CrashCommand", "StarlingShell"],
            path: "Tests/CrashTests", swiftSettings: commonSettings),
        testModule(
            "Blocks", ["Blocks", "Errors", "Memory", "TestSupport", "Types", "Vectors"]),
        testModule(
            "Writing",
            [
                "Errors", "Execution", "Files", "Formats", "Functions", "Memory", "Tables",
                "TestSupport", "Threads", "Types", "Vectors", "Writing",
            ]),
        testModule("Functions", ["Errors", "Functions", "Memory", "Types", "Vectors"]),
        testModule("Tidy", []),
        testModule(
            "Generators",
            ["Errors", "Generators", "Memory", "Tables", "Threads", "Types", "Vectors"]),
        .target(
            name: "CAllocations", path: "Tests/CAllocations",
            cSettings: [.unsafeFlags(["-fno-builtin"])]),
        .executableTarget(
            name: "GateCommand", dependencies: ["Starling", "CAllocations"],
            path: "Tests/GateCommand", swiftSettings: commonSettings),
        .testTarget(
            name: "GateTests", dependencies: ["GateCommand"], path: "Tests/GateTests",
            exclude: ["allocations.tsv"], swiftSettings: commonSettings),
        .target(
            name: "RandomQueries", dependencies: ["StarlingTestSupport"],
            path: "Tests/RandomQueries", swiftSettings: commonSettings),
        .testTarget(
            name: "RandomQueriesTests", dependencies: ["RandomQueries", "Starling"],
            path: "Tests/RandomQueriesTests", swiftSettings: commonSettings),
        .target(
            name: "SQLLogic", dependencies: ["Errors", "Starling", "Syntax"].map(moduleDependency),
            path: "Tests/SQLLogic", swiftSettings: commonSettings),
        .executableTarget(
            name: "SQLLogicCommand", dependencies: ["SQLLogic"], path: "Tests/SQLLogicCommand",
            swiftSettings: commonSettings),
        .testTarget(
            name: "SQLTests",
            dependencies: ["SQLLogic"],
            path: "Tests/SQLTests", swiftSettings: commonSettings),
    ],
    cxxLanguageStandard: .cxx17
)
