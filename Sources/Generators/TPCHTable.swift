import StarlingErrors

/// Names the tables of TPC-H.
package enum TPCHTable: String, CaseIterable, Sendable {
    case region
    case nation
    case supplier
    case customer
    case part
    case partsupp
    case orders
    case lineitem

    /// Finds a table by its name, in any case.
    package init(named name: String) throws(StarlingError) {
        guard let table = TPCHTable(rawValue: name.lowercased()) else {
            let names = Self.allCases.map(\.rawValue)
            let nearest =
                nearestName(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
            throw StarlingError(
                .binding,
                "TPC-H has no table '\(name)'\(nearest); its tables are "
                    + names.joined(separator: ", "))
        }
        self = table
    }
}
