/// The version of the engine.
public let starlingVersion = "0.1.0"
