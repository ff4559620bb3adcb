//! Serves all classes of a step, one after the other (equation E10).

use std::sync::Arc;

use super::Bound;
use super::desk::Desk;
use super::groups::Group;
use super::machine::Machine;
use super::scheme::Scheme;
use super::standing::{Flows, Scene, Standing};
use crate::plan::Claim;

/// What a step decides, hm³.
#[derive(Clone, Debug)]
pub struct Decision<N> {
    /// Delivered to each user.
    pub delivered: Vec<N>,
    /// Each minimum flow as far as it is kept.
    pub kept: Vec<N>,
    /// Least release of each storage as far as it is met.
    pub released: Vec<N>,
    /// Volume of each zone as far as it is held.
    pub withheld: Vec<N>,
    /// Target of each storage as far as it is held.
    pub held: Vec<N>,
    /// What stands once all are served.
    pub standing: Standing<N>,
    /// The flows that result.
    pub flows: Flows<N>,
}

impl<N: Copy> Decision<N> {
    /// The volume of a claim.
    fn volume_mut(&mut self, claim: Claim) -> &mut N {
        match claim {
            Claim::User(user) => &mut self.delivered[user],
            Claim::MinimumFlow(place) => &mut self.kept[place],
            Claim::Release(storage) => &mut self.released[storage],
            Claim::Zone(zone) => &mut self.withheld[zone],
            Claim::Hold(storage) => &mut self.held[storage],
        }
    }
}

/// Serves all claims of a step.
pub fn decide<M: Machine>(
    machine: &mut M,
    scheme: &Arc<Scheme>,
    scene: &Scene<M::Number>,
) -> Decision<M::Number> {
    let zero = machine.number(0.0);
    let mut desk = Desk::new(machine, scheme, scene);
    let (standing, flows) = (desk.standing.clone(), desk.flows.clone());
    let mut decision = Decision {
        delivered: vec![zero; scene.demand.len()],
        kept: vec![zero; scene.minimum.len()],
        released: vec![zero; scene.least.len()],
        withheld: vec![zero; scene.zone.len()],
        held: vec![zero; scene.target.len()],
        standing,
        flows,
    };
    for class in &scheme.classes {
        // The bounds of a class stand from its beginning.
        for claim in class.iter().flat_map(|group| &group.claims) {
            desk.forget_spares_above(scheme.node(*claim));
        }
        let mut late = Vec::new();
        for group in class {
            let volumes = serve(&mut desk, group);
            for (&claim, volume) in group.claims.iter().zip(volumes) {
                *decision.volume_mut(claim) = volume;
                // What bound it binds no other.
                let volume = desk.machine.bind(volume, Bound::Nothing);
                desk.place(claim, volume);
                desk.mark(claim);
                late.push((claim, volume));
            }
        }
        for (claim, volume) in late {
            if let Claim::User(user) = claim
                && let Some(node) = desk.place_late_return(user, volume)
            {
                desk.mark_at(node);
            }
        }
    }
    desk.refresh(usize::MAX);
    decision.standing = desk.standing;
    decision.flows = desk.flows;
    decision
}

/// The volumes that the claims of a group get.
fn serve<M: Machine>(desk: &mut Desk<M>, group: &Group) -> Vec<M::Number> {
    match &group.part {
        None => {
            let alone = group.claims.iter();
            alone
                .map(|claim| {
                    let volume = desk.serve_alone(*claim, &group.bounds);
                    retold(desk, volume, |bound| bound)
                })
                .collect()
        }
        Some(part) => {
            let (scene, standing) = part.cut(desk);
            let volumes = desk.machine.share(part, &scene, &standing);
            volumes
                .into_iter()
                .map(|volume| retold(desk, volume, |bound| part.in_whole(bound)))
                .collect()
        }
    }
}

/// A volume with its bound by the places of the whole network, and why there is no more water.
fn retold<M: Machine>(
    desk: &mut Desk<M>,
    volume: M::Number,
    in_whole: impl Fn(Bound) -> Bound,
) -> M::Number {
    match desk.machine.bound(volume).map(in_whole) {
        None => volume,
        Some(Bound::Water(node)) => {
            let reason = desk.reason_at(node);
            desk.machine.bind(volume, reason)
        }
        Some(bound) => desk.machine.bind(volume, bound),
    }
}
