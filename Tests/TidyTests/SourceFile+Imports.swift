// What a file imports.

extension SourceFile {
    /// Lists the modules of the file's import declarations.
    var imports: [String] {
        codeLines.compactMap { line in
            let words = line.split(separator: " ")
            // `package import Module`, `import struct Module.Type`
            guard let keyword = words.firstIndex(of: "import"), keyword <= 2 else { return nil }
            let kinds: Set<Substring> = [
                "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
            ]
            let rest = words[(keyword + 1)...].drop(while: kinds.contains)
            return rest.first?.split(separator: ".").first.map(String.init)
        }
    }
}
