// The functions that users have made. They belong to databases as tables do; GLOBAL ones belong to
// none and are found from everywhere.

import StarlingErrors
import StarlingSyntax

extension Catalog {
    /// Finds a function of a database.
    package func function(_ name: CatalogName) -> CreateFunction? {
        functions.withLock { $0[name.database.lowercased()]?[name.name.lowercased()] }
    }

    /// Finds a function that is GLOBAL.
    package func globalFunction(_ name: String) -> CreateFunction? {
        function(CatalogName(database: "", name: name))
    }

    /// Lists a database's functions by name, or those that are GLOBAL where the database is ''.
    package func functions(in database: String) -> [CreateFunction] {
        functions.withLock { functions in
            (functions[database.lowercased()] ?? [:]).values.sorted {
                $0.name.last.text < $1.name.last.text
            }
        }
    }

    package func add(_ function: CreateFunction, as name: CatalogName) {
        functions.withLock {
            $0[name.database.lowercased(), default: [:]][name.name.lowercased()] = function
        }
    }

    /// Removes a function and tells whether it was there.
    package func removeFunction(_ name: CatalogName) -> Bool {
        functions.withLock {
            $0[name.database.lowercased()]?.removeValue(forKey: name.name.lowercased()) != nil
        }
    }
}
