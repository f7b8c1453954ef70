// What goes wrong inside a file, before it is known which file and column it was.

import StarlingErrors

/// Says what is wrong with bytes that were read; whoever knows the place adds it.
struct ORCDamage: Error {
    var message: String
    var kind = StarlingError.Kind.file
    /// The error of the file system, which names the file already.
    private var cause: StarlingError?

    init(_ message: String) { self.message = message }

    init(_ cause: StarlingError) {
        message = cause.message
        self.cause = cause
    }

    /// Makes the error for something that is valid and that this reader doesn't do.
    static func unsupported(_ message: String) -> ORCDamage {
        var damage = ORCDamage(message)
        damage.kind = .unsupported
        return damage
    }

    func located(in place: String) -> StarlingError {
        cause ?? StarlingError(kind, "\(place): \(message)")
    }
}
