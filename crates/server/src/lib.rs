//! Postern's HTTP edge, request pipeline, operations, reconciler and drivers

pub mod drivers;
