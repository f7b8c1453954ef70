// From a path as a user writes it (a file, a pattern, a folder) to files, with the partition keys
// that Hive-style folders (`year=2024/month=5`) carry.

import StarlingErrors

/// Names a file that was found, and the partition keys in the folders above it.
package struct FoundFile: Sendable, Hashable {
    package var path: String
    package var partitionKeys: [PartitionKey]

    package init(path: String, partitionKeys: [PartitionKey] = []) {
        self.path = path
        self.partitionKeys = partitionKeys
    }
}

/// Holds `name=value` from a folder's name; nil stands for NULL.
package struct PartitionKey: Sendable, Hashable {
    package var name: String
    package var value: String?

    package init(name: String, value: String?) {
        self.name = name
        self.value = value
    }
}

/// Finds files by path, pattern or folder.
package struct FileSearch {
    private let files: any FileSystem
    private var found: Set<String> = []
    /// True where folders are found as themselves and not as the files in them.
    private var findsFolders = false

    package init(_ files: any FileSystem) { self.files = files }

    /// Finds the files and folders that `pattern` names, ordered by path; throws where there are
    /// none.
    package static func entries(
        _ pattern: String, in files: any FileSystem
    ) throws(StarlingError) -> [String] {
        if try files.information(of: pattern) != nil { return [pattern] }
        var search = FileSearch(files)
        search.findsFolders = true
        return try search.findAll(pattern).sorted()
    }

    /// Finds the files that `pattern` names, ordered by path; throws where there are none.
    package static func find(
        _ pattern: String, in files: any FileSystem
    ) throws(StarlingError) -> [FoundFile] {
        if let information = try files.information(of: pattern), !information.isFolder {
            return [FoundFile(path: pattern, partitionKeys: Self.keys(in: pattern))]
        }
        var search = FileSearch(files)
        return try search.findAll(pattern).sorted().map {
            FoundFile(path: $0, partitionKeys: keys(in: $0))
        }
    }

    private mutating func findAll(_ pattern: String) throws(StarlingError) -> Set<String> {
        for alternative in GlobPattern.expandingBraces(pattern) {
            let isAbsolute = alternative.hasPrefix("/")
            let components = alternative.split(separator: "/").map { GlobPattern(String($0)) }
            try walk(isAbsolute ? "/" : "", components[...])
        }
        if found.isEmpty { throw nothingFound(pattern) }
        return found
    }

    private static func join(_ folder: String, _ name: String) -> String {
        folder.isEmpty || folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    private mutating func walk(
        _ folder: String, _ rest: ArraySlice<GlobPattern>
    ) throws(StarlingError) {
        guard let first = rest.first else {
            if findsFolders { found.insert(folder) } else { try addFolder(folder) }
            return
        }
        let others = rest.dropFirst()
        if first.isLiteral {
            let path = Self.join(folder, first.text)
            guard let information = try files.information(of: path) else { return }
            if information.isFolder {
                try walk(path, others)
            } else if others.isEmpty {
                found.insert(path)
            }
            return
        }
        let isAnyDepth = first.text == "**"
        if isAnyDepth { try walk(folder, others.isEmpty ? [GlobPattern("*")] : others) }
        for entry in try files.list(folder.isEmpty ? "." : folder) {
            let path = Self.join(folder, entry.name)
            if isAnyDepth {
                if entry.isFolder, !entry.name.hasPrefix(".") { try walk(path, rest) }
            } else if first.matches(entry.name) {
                if entry.isFolder, !others.isEmpty {
                    try walk(path, others)
                } else if others.isEmpty, findsFolders || !entry.isFolder {
                    found.insert(path)
                }
            }
        }
    }

    /// Adds the files of a folder and of those below it, without hidden ones and writers' marks.
    private mutating func addFolder(_ folder: String) throws(StarlingError) {
        for entry in try files.list(folder.isEmpty ? "." : folder) {
            if entry.name.hasPrefix(".") || entry.name.hasPrefix("_") { continue }
            let path = Self.join(folder, entry.name)
            if entry.isFolder { try addFolder(path) } else { found.insert(path) }
        }
    }

    /// Reads `name=value` from the folders of a path.
    package static func keys(in path: String) -> [PartitionKey] {
        var keys: [PartitionKey] = []
        for component in path.split(separator: "/").dropLast() {
            guard let sign = component.firstIndex(of: "="), sign != component.startIndex else {
                continue
            }
            let text = String(component[component.index(after: sign)...])
            let isNull = text == "__HIVE_DEFAULT_PARTITION__"
            keys.append(
                PartitionKey(
                    name: removingPercents(String(component[..<sign])),
                    value: isNull ? nil : removingPercents(text)))
        }
        return keys
    }

    /// Decodes `%3A` and its like, as Hive writes characters that are special in paths.
    private static func removingPercents(_ text: String) -> String {
        guard text.contains("%") else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let code = UInt8(
                    String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                result.append(code)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Makes the error for a path that names nothing, with the nearest name that exists.
    private func nothingFound(_ pattern: String) -> StarlingError {
        var folder = pattern.hasPrefix("/") ? "/" : ""
        for component in pattern.split(separator: "/").map(String.init) {
            let path = Self.join(folder, component)
            let information: FileInformation?
            let entries: [FolderEntry]
            do throws(StarlingError) {
                information = try files.information(of: path)
                entries = try files.list(folder.isEmpty ? "." : folder)
            } catch {
                return error
            }
            if information?.isFolder == true {
                folder = path
                continue
            }
            let names = entries.map(\.name)
            let near = nearestName(to: component, among: names).map { " Did you mean '\($0)'?" }
            let place = folder.isEmpty ? "the working folder" : "'\(folder)'"
            let sample = names.filter { !$0.hasPrefix(".") }.prefix(5).map { "'\($0)'" }
            let others = sample.isEmpty ? "" : " There are \(sample.joined(separator: ", "))."
            return StarlingError(
                .file,
                "no file matches '\(pattern)': nothing in \(place) matches '\(component)'."
                    + (near ?? others))
        }
        return StarlingError(.file, "no file matches '\(pattern)': the folder has no files")
    }
}
