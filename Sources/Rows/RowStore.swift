// Placeholder of the rows that sinks gather.
