//! A whole Postern on port 0 in a temporary folder, for tests
