//! The arithmetic of a step with storages, on top of that of its allocation.

use super::hydropower::{Generated, Passage, Target, Trial};
use crate::allocate::Machine;

/// Arithmetic of a step with storages.
pub trait StepMachine: Machine {
    /// Advances a storage exactly (equations E5 to E8).
    fn advance(&mut self, storage: usize, forces: &Forces<Self::Number>) -> Advanced<Self::Number>;
    /// Area of a storage at a volume, km².
    fn area(&mut self, storage: usize, volume: Self::Number) -> Self::Number;
    /// Mean area of each body of a lake at a volume of the whole, km².
    fn body_areas(&mut self, storage: usize, volume: Self::Number) -> Vec<Self::Number>;
    /// Volume of each body of a lake at a volume of the whole, hm³.
    fn body_volumes(&mut self, storage: usize, volume: Self::Number) -> Vec<Self::Number>;
    /// Outflow over the sill of a storage at a volume, hm³ in the step.
    fn over_sill(&mut self, storage: usize, volume: Self::Number) -> Self::Number;
    /// The volume that is left where a net depth in mm acts on the area at the end (equation E25).
    fn unload(&mut self, storage: usize, net_mm: Self::Number, load: Self::Number) -> Self::Number;
    /// Level of a storage at a volume, m (equation E4).
    fn level(&mut self, storage: usize, volume: Self::Number) -> Self::Number;
    /// What a plant makes of what passes its dam (equations E36 to E38).
    fn generate(
        &mut self,
        plant: usize,
        passage: &Passage<Self::Number>,
    ) -> Generated<Self::Number>;
    /// The release that an energy target asks for at the head of the start, hm³ (equation E39).
    fn first_release(&mut self, plant: usize, target: &Target<Self::Number>) -> Self::Number;
    /// What a trial called for and the release to ask for next (equation E40).
    fn correct(
        &mut self,
        target: &Target<Self::Number>,
        before: &Trial<Self::Number>,
        asked: Self::Number,
        generated: &Generated<Self::Number>,
    ) -> (Trial<Self::Number>, Self::Number);
}

/// What acts on a storage that is advanced exactly.
#[derive(Clone, Copy, Debug)]
pub struct Forces<N> {
    /// Volume at the start, hm³.
    pub start: N,
    /// River inflow and groundwater less release, hm³.
    pub net_inflow: N,
    /// Rain, mm.
    pub rain_mm: N,
    /// Open-water evaporation, mm.
    pub evaporation_mm: N,
    /// Volume above which water spills, hm³.
    pub full: N,
    /// Whether water flows over the sill; else the allocation has decided it.
    pub over_sill: bool,
}

/// A storage that was advanced exactly, hm³ and km².
#[derive(Clone, Debug)]
pub struct Advanced<N> {
    /// Volume at the end.
    pub end: N,
    /// Rain.
    pub rain: N,
    /// Evaporation.
    pub evaporation: N,
    /// Outflow over the sill.
    pub outflow: N,
    /// Spill above full storage.
    pub spill: N,
    /// Mean area.
    pub mean_area: N,
    /// Mean area of each body.
    pub body_areas: Vec<N>,
}
