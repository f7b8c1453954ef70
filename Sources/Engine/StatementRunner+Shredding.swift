// The properties flat_json.…: which paths of the documents of a table become columns. They hold for rows
// that are written from then on.

import StarlingErrors
import StarlingShredding
import StarlingStorage
import StarlingSyntax

extension StatementRunner {
    private static let shreddingPrefix = "flat_json."

    /// Reads the properties; what they must not say is an error where `isStrict`.
    static func shreddingRules(
        of definition: CreateTable?, isStrict: Bool
    ) throws(StarlingError) -> ShreddingRules {
        var rules = ShreddingRules()
        for property in definition?.properties ?? [] {
            let name = property.key.lowercased()
            guard name.hasPrefix(shreddingPrefix) else { continue }
            do throws(StarlingError) {
                try read(name, property.value, into: &rules)
            } catch {
                if isStrict { throw error }
            }
        }
        return rules
    }

    private static func read(
        _ name: String, _ text: String, into rules: inout ShreddingRules
    ) throws(StarlingError) {
        let wanted: String
        switch name.dropFirst(shreddingPrefix.count) {
        case "enable":
            if let isEnabled = Bool(text.lowercased()) {
                rules.isEnabled = isEnabled
                return
            }
            wanted = "true or false"
        case "null.factor":
            if let factor = share(text) {
                rules.nullFactor = factor
                return
            }
            wanted = "a number from 0 to 1"
        case "sparsity.factor":
            if let factor = share(text) {
                rules.sparsityFactor = factor
                return
            }
            wanted = "a number from 0 to 1"
        case "column.max":
            if let count = Int(text), count >= 0 {
                rules.columnMax = count
                return
            }
            wanted = "a count"
        default: return
        }
        throw StarlingError(
            .binding, "\(name) is \(wanted), not '\(text)'", about: .value(of: name))
    }

    private static func share(_ text: String) -> Double? {
        Double(text).flatMap { (0...1).contains($0) ? $0 : nil }
    }

    /// Says no to properties that mean nothing while documents stay as they are.
    func checkShredding(
        _ properties: [Property], of definition: CreateTable
    ) throws(StarlingError) {
        let rules = try Self.shreddingRules(of: definition, isStrict: !session.isRestoring)
        guard !rules.isEnabled, !session.isRestoring else { return }
        for property in properties {
            let name = property.key.lowercased()
            guard name.hasPrefix(Self.shreddingPrefix), name != "flat_json.enable" else { continue }
            throw StarlingError(
                .binding,
                "\(name) says which paths become columns, and flat_json.enable that none do",
                about: .name(name))
        }
    }
}
