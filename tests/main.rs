//! The integration tests, one binary.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::float_cmp, reason = "a test fails by panicking")]
#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "names that the tests themselves choose")]
#![expect(clippy::type_complexity, reason = "tables of cases")]

mod suite;
