// One target of Package.swift, reduced to what the rules ask.

/// Describes one target: its module's name, its folder, and what it declares to import.
struct PackageTarget: Decodable {
    let name: String
    let type: String
    let folder: String
    let dependencies: [String]

    var isTest: Bool { type == "test" }
    var isExecutable: Bool { type == "executable" }
    var isSystemLibrary: Bool { type == "system" }

    /// Names the module as ARCHITECTURE.md does, which is the name of its folder.
    var shortName: String {
        String(folder.split(separator: "/").last ?? "")
    }

    private enum CodingKeys: String, CodingKey {
        case name, type, path, dependencies
    }

    private enum DependencyKeys: String, CodingKey {
        case byName, target, product
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        type = try values.decode(String.self, forKey: .type)
        let defaultFolder = (type == "test" ? "Tests/" : "Sources/") + name
        folder = try values.decodeIfPresent(String.self, forKey: .path) ?? defaultFolder
        var names: [String] = []
        var list = try values.nestedUnkeyedContainer(forKey: .dependencies)
        while !list.isAtEnd {
            let entry = try list.nestedContainer(keyedBy: DependencyKeys.self)
            guard let key = entry.allKeys.first else { continue }
            // Each is a list whose first element is the name and whose second is a condition.
            var parts = try entry.nestedUnkeyedContainer(forKey: key)
            names.append(try parts.decode(String.self))
        }
        dependencies = names
    }
}
