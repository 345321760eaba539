//! The estimation: pure, and the only place where a speed, a size or a cost is computed.
