// CREATE of indexes, databases, catalogs, functions, analyzers and pipes; changes of pipes.

extension Printer {
    mutating func writeCreation(_ kind: Statement.Kind) {
        switch kind {
        case .createIndex(let index, let table, let ifNotExists):
            write(ifNotExists ? "CREATE INDEX IF NOT EXISTS " : "CREATE INDEX ", index.name)
            write(" ON ", table)
            writeMeaning(of: index)
        case .createDatabase(let database):
            let prefix = database.ifNotExists ? "DATABASE IF NOT EXISTS " : "DATABASE "
            write("CREATE \(prefix)", database.name)
            write(" PROPERTIES ", database.properties)
        case .createCatalog(let catalog):
            let prefix = catalog.ifNotExists ? "CATALOG IF NOT EXISTS " : "CATALOG "
            write("CREATE EXTERNAL \(prefix)", catalog.name)
            writeComment(catalog.comment)
            write(" PROPERTIES ", catalog.properties)
        case .createFunction(let function): write(function)
        case .createTextAnalyzer(let name, let properties):
            write("CREATE TEXT ANALYZER ", name)
            write(" PROPERTIES ", properties)
        case .createPipe(let pipe):
            write(pipe.orReplace ? "CREATE OR REPLACE " : "CREATE ")
            write(pipe.ifNotExists ? "PIPE IF NOT EXISTS " : "PIPE ", pipe.name)
            write(" PROPERTIES ", pipe.properties)
            write(" AS ")
            write(pipe.insert)
        case .alterPipe(let name, let action):
            write("ALTER PIPE ", name)
            write(action)
        default: break
        }
    }

    private mutating func write(_ action: AlterPipeAction) {
        switch action {
        case .suspend: write(" SUSPEND")
        case .resume(let ifSuspended): write(ifSuspended ? " RESUME IF SUSPENDED" : " RESUME")
        case .setProperties(let properties): write(" SET ", properties)
        case .retryAll: write(" RETRY ALL")
        case .retryFile(let path): write(" RETRY FILE \(Self.quoted(path))")
        }
    }

    private mutating func write(_ function: CreateFunction) {
        write(function.orReplace ? "CREATE OR REPLACE " : "CREATE ")
        if function.isTemporary { write("TEMPORARY ") }
        if function.isGlobal { write("GLOBAL ") }
        if let kind = function.kind { write("\(kind.text) ") }
        write(function.ifNotExists ? "FUNCTION IF NOT EXISTS " : "FUNCTION ", function.name)
        write("(")
        write(function.parameters) { $0.write($1) }
        if function.isVariadic { write(function.parameters.isEmpty ? "..." : ", ...") }
        write(")")
        if let type = function.returns {
            write(" RETURNS ")
            write(type)
        }
        switch function.body {
        case .properties(let properties):
            write(" PROPERTIES ", properties)
            if let code = function.code { write(" AS $$\(code)$$") }
        case .expression(let expression): write(" AS ", expression)
        case .table(let query):
            write(" AS TABLE ")
            write(query)
        }
    }

    private mutating func write(_ parameter: CreateFunction.Parameter) {
        if let name = parameter.name { write(name) }
        if let type = parameter.type {
            if parameter.name != nil { write(" ") }
            write(type)
        }
        write(" DEFAULT ", parameter.defaultValue)
    }
}
