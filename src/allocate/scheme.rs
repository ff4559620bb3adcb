//! The classes of a plan made ready to be served: which claims compete, and where they may be bound.
//!
//! A bound can only stand where a senior claim or one of the class itself takes, keeps or holds water:
//! elsewhere a flow falls below zero only after it did so above. Claims that share no bound are groups of
//! their own, and a group of one claim is served in closed form.

use super::groups::{Group, groups};
use crate::network::sharing::Sharing;
use crate::plan::{Claim, Conveyance, Place, Plan};

/// The classes of a plan in the order of service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scheme {
    /// Each class as groups of claims that compete.
    pub(crate) classes: Vec<Vec<Group>>,
    /// The river below each node.
    pub(crate) below: Vec<Option<Below>>,
    /// Rivers into each node: node above and part that arrives.
    pub(crate) above: Vec<Vec<(usize, f64)>>,
    /// What stands at each node.
    pub(crate) places: Vec<Place>,
    /// Node of each storage.
    pub(crate) storage_nodes: Vec<usize>,
    /// Node of each minimum flow.
    pub(crate) minimum_nodes: Vec<usize>,
    /// Storage of each zone.
    pub(crate) zone_storages: Vec<usize>,
    /// Number of links.
    pub(crate) links: usize,
    /// Number of canals that lose by a curve.
    pub(crate) curved: usize,
    /// The way of each user's water.
    pub(crate) users: Vec<Way>,
}

/// The river below a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Below {
    pub(crate) node: usize,
    /// Part of the flow that arrives there.
    pub(crate) passes: f64,
}

/// The way of a user's water.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Way {
    pub(crate) head: usize,
    /// Part of what leaves the river that arrives at the user.
    pub(crate) arrives: f64,
    /// Canals from the river to the user.
    pub(crate) canals: Vec<Canal>,
    /// Whether a canal loses by a curve, so that no part is the same at every flow.
    pub(crate) bends: bool,
    /// What comes back for the user's own class.
    pub(crate) own_return: Option<OwnReturn>,
    /// Node at which what is left of the return comes back for later classes.
    pub(crate) late_return: Option<usize>,
}

/// What of a user's return makes good what the user takes from the same river (equation E10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct OwnReturn {
    pub(crate) node: usize,
    /// Part of the delivery that it is at most: what would have arrived there of what the user takes for it.
    pub(crate) most: f64,
    /// Whether the return is less than that, so that the user still costs water from there on.
    pub(crate) costs: bool,
}

/// A canal on the way of a user's water.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Canal {
    pub(crate) link: usize,
    /// Part of what enters that arrives at the user, where no canal from here on loses by a curve.
    pub(crate) arrives: f64,
    pub(crate) passes: Passes,
}

/// What arrives at the lower end of a canal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Passes {
    /// A part.
    Part(f64),
    /// By a curve of the plan; and the canal's place among those that have one.
    Curve { loss: usize, place: usize },
}

impl Scheme {
    /// Makes the claims of a plan ready.
    pub fn of(plan: &Plan) -> Self {
        Self::within(plan, &vec![true; plan.places.len()])
    }

    /// Makes the claims at the nodes inside a part of the network ready; no water comes from outside.
    pub(crate) fn within(plan: &Plan, inside: &[bool]) -> Self {
        let mut scheme = Self {
            classes: Vec::new(),
            below: (0..plan.places.len())
                .map(|node| below(plan, node))
                .collect(),
            above: above(plan, inside),
            places: plan.places.clone(),
            storage_nodes: plan.storage_nodes.clone(),
            minimum_nodes: plan.minimum_nodes.clone(),
            zone_storages: plan.zone_storages.clone(),
            links: plan.ends.len(),
            curved: plan.losses.iter().flatten().count(),
            users: Vec::new(),
        };
        scheme.users = (0..plan.paths.len())
            .map(|user| scheme.way(plan, user))
            .collect();
        let mut bounds = vec![false; plan.places.len()];
        for class in &plan.classes {
            let claims: Vec<Claim> = class
                .claims
                .iter()
                .copied()
                .filter(|claim| asks(plan, *claim) && inside[scheme.node(*claim)])
                .collect();
            let classes = match class.sharing {
                Sharing::RiverOrder => claims.into_iter().map(|claim| vec![claim]).collect(),
                _ => vec![claims],
            };
            for claims in classes.into_iter().filter(|claims| !claims.is_empty()) {
                for claim in &claims {
                    bounds[scheme.node(*claim)] = true;
                }
                let groups = groups(plan, &scheme, &claims, &bounds, class.sharing);
                scheme.classes.push(groups);
            }
        }
        scheme
    }

    /// The node at which a claim takes, keeps or holds water.
    pub(crate) fn node(&self, claim: Claim) -> usize {
        match claim {
            Claim::User(user) => self.users[user].head,
            Claim::MinimumFlow(place) => self.minimum_nodes[place],
            Claim::Release(storage) | Claim::Hold(storage) => self.storage_nodes[storage],
            Claim::Zone(zone) => self.storage_nodes[self.zone_storages[zone]],
        }
    }

    /// The nodes from one down to the end of its river.
    pub(crate) fn down_from(&self, node: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(node), |node| Some(self.below[*node]?.node))
    }

    fn way(&self, plan: &Plan, user: usize) -> Way {
        let path = &plan.paths[user];
        let mut arrives = 1.0;
        let mut canals = Vec::new();
        for &link in path.canals.iter().rev() {
            arrives *= plan.passes[link];
            let passes = passes(plan, link);
            canals.push(Canal {
                link,
                arrives,
                passes,
            });
        }
        canals.reverse();
        let bends = canals
            .iter()
            .any(|canal| matches!(canal.passes, Passes::Curve { .. }));
        let returns = plan.return_fractions[user];
        let to = path
            .returns_to
            .filter(|_| returns > 0.0 && plan.return_lags[user] == 0);
        // What is taken for a further cubic metre is not the same at every flow.
        let own_return = to.filter(|_| !bends).and_then(|node| {
            let most = self.makes_good(plan, path.head, node)? / arrives;
            let costs = returns < most;
            Some(OwnReturn { node, most, costs })
        });
        let is_late = own_return.is_none_or(|own| returns > own.most);
        Way {
            head: path.head,
            arrives,
            canals,
            bends,
            own_return,
            late_return: to.filter(|_| is_late),
        }
    }

    /// Part of what is taken at `head` that would have reached `to` down the same river; none where a
    /// delta or a limited outlet stands between (equation E10).
    fn makes_good(&self, plan: &Plan, head: usize, to: usize) -> Option<f64> {
        let mut passes = 1.0;
        for node in self.down_from(head) {
            if node == to {
                return Some(passes);
            }
            let bends = match plan.places[node] {
                Place::Pass => false,
                Place::Delta(_) => true,
                Place::Storage(storage) => node != head && has_limited_outlet(plan, storage),
            };
            if bends {
                return None;
            }
            passes *= self.below[node]?.passes;
        }
        None
    }
}

fn passes(plan: &Plan, link: usize) -> Passes {
    match plan.conveyance(link) {
        Conveyance::Part(part) => Passes::Part(part),
        Conveyance::Curve(loss) => {
            let place = plan.losses[..link].iter().flatten().count();
            Passes::Curve { loss, place }
        }
    }
}

/// Whether a claim asks for anything in any step.
fn asks(plan: &Plan, claim: Claim) -> bool {
    let (array, place) = match claim {
        Claim::User(user) => (&plan.demand, user),
        Claim::MinimumFlow(place) => (&plan.minimum, place),
        Claim::Release(storage) => {
            let has_sill = plan.curves[storage].outflow_m3s.is_some();
            if has_sill {
                return true;
            }
            (&plan.least_release, storage)
        }
        Claim::Zone(zone) => (&plan.zone, zone),
        Claim::Hold(storage) => (&plan.target, storage),
    };
    array.column(place).iter().any(|wanted| *wanted > 0.0)
}

/// Whether the outlets of a storage limit what leaves it in any step.
pub(crate) fn has_limited_outlet(plan: &Plan, storage: usize) -> bool {
    let most = plan.most_release.column(storage);
    plan.curves[storage].outflow_m3s.is_some() || most.iter().any(|most| most.is_finite())
}

fn below(plan: &Plan, node: usize) -> Option<Below> {
    plan.river[node].map(|link| Below {
        node: plan.ends[link].to,
        passes: plan.passes[link],
    })
}

fn above(plan: &Plan, inside: &[bool]) -> Vec<Vec<(usize, f64)>> {
    let rivers = |links: &Vec<usize>| {
        let above = |link: &usize| (plan.ends[*link].from, plan.passes[*link]);
        links
            .iter()
            .map(above)
            .filter(|(node, _)| inside[*node])
            .collect()
    };
    plan.rivers_in.iter().map(rivers).collect()
}
