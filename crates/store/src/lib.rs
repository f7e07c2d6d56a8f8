//! Postern's documents in transactions, its snapshot and its journal
