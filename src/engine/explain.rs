//! What kept each claim from more, step by step.
//!
//! The run is carried out once more in numbers that remember what bounds them: the same text, the same values.

use ndarray::Array2;

use super::hydropower::{Generated, Passage, Target, Trial};
use super::layout::Layout;
use super::machine::{Advanced, Forces, StepMachine};
use super::state::Row;
use super::step::{prepare, step};
use crate::allocate::{Bound, Label, Labelled, Plain};
use crate::plan::Plan;

/// What bound the claims of a run: (step, user), (step, minimum flow), (step, storage) and (step, zone).
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    /// What bound each user.
    pub users: Array2<Bound>,
    /// What bound each minimum flow.
    pub minimum_flows: Array2<Bound>,
    /// What bound the least release of each storage.
    pub releases: Array2<Bound>,
    /// What bound each zone.
    pub zones: Array2<Bound>,
    /// What bound the target of each storage.
    pub holds: Array2<Bound>,
}

/// Finds what bound the claims of a plan in each step.
pub fn bounds(plan: &Plan) -> Bounds {
    let layout = Layout::of(plan);
    let steps = plan.steps();
    let none = |places: usize| Array2::default((steps, places));
    let mut bounds = Bounds {
        users: none(plan.paths.len()),
        minimum_flows: none(plan.minimum_nodes.len()),
        releases: none(plan.curves.len()),
        zones: none(plan.zone_storages.len()),
        holds: none(plan.curves.len()),
    };
    let mut state = layout.start(plan).map(&mut unbound);
    for at in 0..steps {
        let mut machine = Labelled(Plain::of(plan, at));
        let row = Row::of(plan, at).map(&mut unbound);
        if at == 0 {
            prepare(&mut machine, &layout, &row, &mut state);
        }
        let fluxes = step(&mut machine, &layout, &row, &mut state);
        let put = |bounds: &mut Array2<Bound>, volumes: &[Label], wanted: &Array2<f64>| {
            for (place, volume) in volumes.iter().enumerate() {
                bounds[[at, place]] = told(*volume, wanted[[at, place]]);
            }
        };
        put(&mut bounds.users, &fluxes.delivered, &plan.demand);
        for (place, kept) in fluxes.kept.iter().enumerate() {
            bounds.minimum_flows[[at, place]] = told(*kept, fluxes.asked[place].0);
        }
        put(&mut bounds.releases, &fluxes.released, &plan.least_release);
        put(&mut bounds.zones, &fluxes.withheld, &plan.zone);
        put(&mut bounds.holds, &fluxes.held, &plan.target);
        // What bound a step does not bind the next.
        state = state.map(&mut |label: Label| unbound(label.0));
    }
    bounds
}

fn unbound(value: f64) -> Label {
    (value, Bound::Nothing)
}

fn told(volume: Label, wanted: f64) -> Bound {
    if volume.0 < wanted {
        volume.1
    } else {
        Bound::Nothing
    }
}

impl StepMachine for Labelled<'_> {
    fn advance(&mut self, storage: usize, forces: &Forces<Label>) -> Advanced<Label> {
        let forces = Forces {
            start: forces.start.0,
            net_inflow: forces.net_inflow.0,
            rain_mm: forces.rain_mm.0,
            evaporation_mm: forces.evaporation_mm.0,
            full: forces.full.0,
            over_sill: forces.over_sill,
        };
        let end = self.0.advance(storage, &forces);
        Advanced {
            end: unbound(end.end),
            rain: unbound(end.rain),
            evaporation: unbound(end.evaporation),
            outflow: unbound(end.outflow),
            spill: unbound(end.spill),
            mean_area: unbound(end.mean_area),
            body_areas: end.body_areas.into_iter().map(unbound).collect(),
        }
    }

    fn area(&mut self, storage: usize, volume: Label) -> Label {
        unbound(self.0.area(storage, volume.0))
    }

    fn body_areas(&mut self, storage: usize, volume: Label) -> Vec<Label> {
        let areas = self.0.body_areas(storage, volume.0);
        areas.into_iter().map(unbound).collect()
    }

    fn body_volumes(&mut self, storage: usize, volume: Label) -> Vec<Label> {
        let volumes = self.0.body_volumes(storage, volume.0);
        volumes.into_iter().map(unbound).collect()
    }

    fn over_sill(&mut self, storage: usize, volume: Label) -> Label {
        unbound(self.0.over_sill(storage, volume.0))
    }

    fn unload(&mut self, storage: usize, net_mm: Label, load: Label) -> Label {
        unbound(self.0.unload(storage, net_mm.0, load.0))
    }

    fn level(&mut self, storage: usize, volume: Label) -> Label {
        unbound(self.0.level(storage, volume.0))
    }

    fn generate(&mut self, plant: usize, passage: &Passage<Label>) -> Generated<Label> {
        let made = self.0.generate(plant, &passage.map(|label| label.0));
        made.map(unbound)
    }

    fn first_release(&mut self, plant: usize, target: &Target<Label>) -> Label {
        unbound(self.0.first_release(plant, &target.map(|label| label.0)))
    }

    fn correct(
        &mut self,
        target: &Target<Label>,
        before: &Trial<Label>,
        asked: Label,
        generated: &Generated<Label>,
    ) -> (Trial<Label>, Label) {
        let value = |label: Label| label.0;
        let (target, before) = (target.map(value), before.map(value));
        let generated = generated.map(value);
        let (trial, next) = self.0.correct(&target, &before, asked.0, &generated);
        (trial.map(unbound), unbound(next))
    }
}
