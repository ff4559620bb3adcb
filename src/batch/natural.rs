//! The natural twin of a run: the flows of the same water in the same climate, without any use and without dams.
//!
//! Runs whose natural plans are equal share it, as long as they follow one another.

use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::side_by_side::SideBySide;
use super::signal::Watch;
use super::water::MemberWater;
use crate::metrics::alteration::Scratch;
use crate::metrics::regime::regime;
use crate::network::Network;
use crate::outputs::manifest::hash_of_plan;
use crate::plan::{Plan, Water};

/// Measures beside the natural run (equations E89, E91 and E92).
pub(super) const REGIME: [(&str, &str); 7] = [
    ("alteration of the regime", "1"),
    ("alteration of months", "1"),
    ("alteration of low flows", "1"),
    ("alteration of high flows", "1"),
    ("alteration of timing", "1"),
    ("severely dry months", "1"),
    ("longest severely dry spell", "months"),
];

/// Twins that are kept at hand.
pub const AT_HAND: usize = 2;

/// The natural twin of a run.
#[derive(Debug)]
pub struct Natural<'a> {
    /// The network.
    pub network: &'a Network,
    /// The plan, of the water alone.
    pub plan: Plan,
    /// What the water of members becomes in it.
    pub water: Water,
    /// Flows, those of the families that are judged beside them.
    pub watch: Watch,
}

/// Natural flows of some members, each as its places' months or as why it has none.
pub type Flows = Vec<Result<Vec<Vec<f64>>, String>>;

impl Natural<'_> {
    fn flows(&self, water: &MemberWater) -> Flows {
        let (plan, watch) = (self.plan.clone(), self.watch.clone());
        let side = SideBySide::of(self.network, plan, self.water.clone(), watch);
        let mut flows = Vec::new();
        side.each(water, |_, _, signals| {
            flows.push(signals.map(|signals| signals.all()));
        });
        flows
    }
}

/// The flows that were computed last.
#[derive(Debug, Default)]
pub struct AtHand(Mutex<Vec<Arc<Twins>>>);

/// Natural flows of some members of a plan.
#[derive(Debug)]
struct Twins {
    plan: String,
    members: Range<usize>,
    flows: OnceLock<Arc<Flows>>,
}

impl AtHand {
    /// The flows of some members; threads that ask for the same ones at the same time wait for one of them.
    pub fn of(&self, natural: &Natural, members: &Range<usize>, water: &MemberWater) -> Arc<Flows> {
        let twins = self.begun(hash_of_plan(&natural.plan), members);
        let flows = twins.flows.get_or_init(|| Arc::new(natural.flows(water)));
        Arc::clone(flows)
    }

    /// Lets go of all of them.
    pub fn let_go(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn begun(&self, plan: String, members: &Range<usize>) -> Arc<Twins> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_meant = |twins: &&Arc<Twins>| twins.plan == plan && twins.members == *members;
        if let Some(known) = all.iter().find(is_meant) {
            return Arc::clone(known);
        }
        if all.len() == AT_HAND {
            all.remove(0);
        }
        let twins = Arc::new(Twins {
            plan,
            members: members.clone(),
            flows: OnceLock::new(),
        });
        all.push(Arc::clone(&twins));
        twins
    }
}

/// The regime beside the natural one; nothing where the years are too few.
pub(super) fn beside(natural: &[f64], months: &[f64]) -> [f64; REGIME.len()] {
    let found = regime(natural, months, &mut Scratch::default());
    found.map_or([f64::NAN; REGIME.len()], |found| {
        [
            found.overall,
            found.months,
            found.low_flows,
            found.high_flows,
            found.timing,
            found.severely_dry,
            found.longest_spell as f64,
        ]
    })
}
