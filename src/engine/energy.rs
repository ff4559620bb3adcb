//! Steps with energy targets: carried out several times from the same state, until the releases that the targets
//! ask for give their energy (equations E39 and E40).

use super::hydropower::{Generated, Target, Trial};
use super::layout::Layout;
use super::machine::StepMachine;
use super::state::{Fluxes, Row, State};
use super::step::once;

/// How often a step with energy targets is carried out. The number is fixed, so that a program has no branch.
const PASSES: usize = 8;

/// Carries out a step whose plants have targets; `state` becomes that of its end.
pub(super) fn to_targets<M: StepMachine>(
    m: &mut M,
    layout: &Layout,
    row: &Row<M::Number>,
    state: &mut State<M::Number>,
) -> Fluxes<M::Number> {
    let start = state.clone();
    let mut row = row.clone();
    let mut targets = targets(m, layout, &row, &start);
    let mut asked: Vec<M::Number> = Vec::new();
    for (&plant, target) in layout.targeted.iter().zip(&mut targets) {
        let first = m.first_release(plant, target);
        target.most = most(m, target.most, first);
        asked.push(first);
    }
    let trial = |asked: &M::Number| Trial {
        asked: *asked,
        due: *asked,
    };
    let mut before: Vec<Trial<M::Number>> = asked.iter().map(trial).collect();
    let mut pass = 1;
    loop {
        for (&plant, asked) in layout.targeted.iter().zip(&asked) {
            row.minimum[layout.energy_claims[plant]] = *asked;
        }
        state.clone_from(&start);
        let fluxes = once(m, layout, &row, state);
        if pass == PASSES {
            return fluxes;
        }
        for (place, &plant) in layout.targeted.iter().enumerate() {
            let generated = Generated {
                energy: fluxes.energy[plant],
                head: fluxes.head_m[plant],
                turbined: fluxes.turbined[plant],
            };
            let target = &targets[place];
            (before[place], asked[place]) =
                m.correct(target, &before[place], asked[place], &generated);
        }
        pass += 1;
    }
}

/// The targets of a step; what the turbines cannot generate is not sought.
fn targets<M: StepMachine>(
    m: &mut M,
    layout: &Layout,
    row: &Row<M::Number>,
    start: &State<M::Number>,
) -> Vec<Target<M::Number>> {
    let target = |plant: &usize| {
        let storage = layout.plant_storages[*plant];
        Target {
            start_m: m.level(storage, start.storage[storage]),
            most: row.turbine[*plant],
            energy: m.min(row.energy[*plant], row.power[*plant]),
        }
    };
    layout.targeted.iter().map(target).collect()
}

/// The most that a target asks for: no more than the turbines pass, and no more than twice the first release. Where
/// walls are straight the mean head has fallen by half there, and more release would give less energy.
fn most<M: StepMachine>(m: &mut M, turbine: M::Number, first: M::Number) -> M::Number {
    let twice = m.add(first, first);
    m.min(turbine, twice)
}
