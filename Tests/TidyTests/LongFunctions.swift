// The functions that are longer than the limit, each with its exact length: FunctionLengthTests
// tells how the list is kept. Keys are a path and a name.

let longFunctions: [String: Int] = [:]
