//! The integration tests, one binary.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::float_cmp, reason = "a test fails by panicking")]

mod suite;
