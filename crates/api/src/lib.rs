//! Postern's one operation table, its wire types and its errors, without IO
