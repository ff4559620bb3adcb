//! What a change means: the inflows, users, canals and storages that its keys name.

use crate::faults::{counted, nearest};
use crate::inputs::folder::Folder;
use crate::network::curve::Curve;
use crate::network::link::LinkKind;
use crate::network::storage::{Dam, Storage};
use crate::network::{Network, Node, NodeKind};
use crate::scenario::rule::{Amount, RELEASE_FACTOR, RuleChange, ZONE_FACTOR};
use crate::scenario::{Change, Pick};
use crate::units::HM3_PER_KM3;

/// Where the faults of one change are put down.
pub(super) struct Desk<'a> {
    pub(super) folder: &'a Folder,
    pub(super) change: &'a Change,
}

impl Desk<'_> {
    pub(super) fn fault(&self, key: &str, found: String, expected: &str, hint: String) {
        let written = &self.change.written;
        self.folder
            .fault(written.fault(key, found, expected.to_owned(), hint));
    }

    /// The place of a name among those of `what`.
    pub(super) fn known<'n>(
        &self,
        key: &str,
        name: &str,
        what: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> Option<usize> {
        let names: Vec<&str> = names.collect();
        let place = names.iter().position(|known| *known == name);
        if place.is_none() {
            let hint = nearest(name, names);
            let expected = format!("the name of {what}");
            self.fault(key, format!("`{name}`"), &expected, hint);
        }
        place
    }

    pub(super) fn user(&self, network: &Network, key: &str, name: &str) -> Option<usize> {
        let names = network.users.iter().map(|user| user.name.as_str());
        self.known(key, name, "a user", names)
    }

    pub(super) fn storage(&self, network: &Network, name: &str) -> Option<usize> {
        let storages = || network.storages().map(|(node, _)| node);
        let names = storages().map(|node| network.nodes[node].name.as_str());
        storages().nth(self.known("storage", name, "a lake or reservoir", names)?)
    }

    /// The reservoir of a name with its dam; a lake has none.
    pub(super) fn reservoir<'n>(
        &self,
        network: &'n Network,
        name: &str,
    ) -> Option<(usize, &'n Dam)> {
        let dams = || {
            let storages = network.storages();
            storages.filter_map(|(node, storage)| Some((node, storage.dam.as_ref()?)))
        };
        let is_lake = |(node, storage): (usize, &Storage)| {
            storage.dam.is_none() && network.nodes[node].name == name
        };
        if network.storages().any(is_lake) {
            let found = format!("`{name}`, a lake without a dam");
            self.fault("reservoir", found, "the name of a reservoir", String::new());
            return None;
        }
        let names = dams().map(|(node, _)| network.nodes[node].name.as_str());
        dams().nth(self.known("reservoir", name, "a reservoir", names)?)
    }

    /// Refuses a target above the full storage, and factors of what the dam and the changes before have not.
    pub(super) fn check_rule(&self, dam: &Dam, rule: &RuleChange, before: &[RuleChange]) {
        if let Some(Amount::Months(target_hm3, spelling)) = &rule.target {
            let highest = target_hm3.iter().copied().fold(0.0, f64::max);
            if highest > dam.full_hm3 {
                let expected =
                    format!("at most the full storage, {}", spelling.shown(dam.full_hm3));
                self.fault(
                    &spelling.name,
                    spelling.shown(highest),
                    &expected,
                    String::new(),
                );
            }
        }
        let name = &rule.reservoir;
        let own = dam.rules.iter().flat_map(|rule| rule.release_m3s);
        let releases = own.fold(0.0, f64::max) > 0.0
            || before
                .iter()
                .any(|rule| matches!(rule.release, Some(Amount::Months(..))));
        if matches!(rule.release, Some(Amount::Factor(_))) && !releases {
            let found = format!("`{name}`, which has no least release");
            let expected = "a reservoir with a least release, or `release_m3s`";
            self.fault(RELEASE_FACTOR, found, expected, String::new());
        }
        if rule.zone_factor.is_some() && dam.zones.is_empty() {
            let found = format!("`{name}`, which has no zone");
            let expected = "a reservoir with a table [[reservoir.zone]]";
            self.fault(ZONE_FACTOR, found, expected, String::new());
        }
    }

    /// The plant of a name; refuses energy that it cannot generate.
    pub(super) fn plant(
        &self,
        network: &Network,
        name: &str,
        energy_gwh: &[f64; 12],
    ) -> Option<usize> {
        let names = network.plants.iter().map(|(plant, _)| plant.name.as_str());
        let place = self.known("plant", name, "a hydropower plant", names)?;
        if let Some((found, expected)) = network.plants[place].0.too_much(energy_gwh) {
            self.fault("energy_gwh", found, &expected, String::new());
        }
        Some(place)
    }

    /// Refuses a curve without the bodies of its lake, and one that ends below the full storage.
    pub(super) fn curve_fits(&self, node: &Node, curve: &Curve) -> bool {
        let Some(storage) = node.storage() else {
            return false;
        };
        if curve.bodies.len() != storage.bodies.len() {
            let found = counted(curve.bodies.len(), "text");
            let expected =
                counted(storage.bodies.len(), "text") + ", one for each body of the lake";
            self.fault("bodies", found, &expected, String::new());
            return false;
        }
        let top = curve.volume_hm3[curve.volume_hm3.len() - 1];
        let full = storage.dam.as_ref().map_or(0.0, |dam| dam.full_hm3);
        if full > top {
            let found = format!("a curve up to {} km³", top / HM3_PER_KM3);
            let expected = format!("at least the full storage, {} km³", full / HM3_PER_KM3);
            self.fault("curve", found, &expected, String::new());
        }
        full <= top
    }

    pub(super) fn canal(&self, network: &Network, name: &str) -> Option<usize> {
        let names = canals(network).map(|link| network.links[link].name.as_str());
        let place = self.known("link", name, "a canal", names)?;
        canals(network).nth(place)
    }

    pub(super) fn inflows(&self, network: &Network, pick: &Pick) -> Vec<usize> {
        let inflow = |node: &Node| match &node.kind {
            NodeKind::Inflow(inflow) => Some(inflow.river.clone()),
            _ => None,
        };
        let all: Vec<Candidate> = (0..network.nodes.len())
            .filter_map(|place| {
                let node = &network.nodes[place];
                let river = Some(inflow(node)?);
                Some(Candidate::of(
                    network,
                    place,
                    &node.name,
                    node.basin,
                    &node.party,
                    None,
                    river,
                ))
            })
            .collect();
        self.picked(&all, pick, "inflow")
    }

    pub(super) fn users(&self, network: &Network, pick: &Pick) -> Vec<usize> {
        let all: Vec<Candidate> = (0..network.users.len())
            .map(|place| {
                let user = &network.users[place];
                let basin = network.nodes[network.paths[place].head].basin;
                let sector = Some(user.sector.clone());
                Candidate::of(network, place, &user.name, basin, &user.party, sector, None)
            })
            .collect();
        self.picked(&all, pick, "user")
    }

    /// The candidates that a pick means; each key that names nothing known is a fault.
    fn picked(&self, all: &[Candidate], pick: &Pick, kind: &str) -> Vec<usize> {
        let keys: [(&str, &Option<String>, Property); 5] = [
            (kind, &pick.name, |candidate| Some(&candidate.name)),
            ("basin", &pick.basin, |candidate| Some(&candidate.basin)),
            ("party", &pick.party, |candidate| Some(&candidate.party)),
            ("sector", &pick.sector, |candidate| {
                candidate.sector.as_deref()
            }),
            ("river", &pick.river, |candidate| candidate.river.as_deref()),
        ];
        let mut sound = true;
        for (key, wanted, of) in &keys {
            if let Some(wanted) = wanted {
                let mut names: Vec<&str> = all.iter().filter_map(of).collect();
                names.sort_unstable();
                names.dedup();
                let what = match *key {
                    key if key == kind => format!("an {kind}").replace("an user", "a user"),
                    key => format!("the {key} of an {kind}").replace("an user", "a user"),
                };
                sound &= self.known(key, wanted, &what, names.into_iter()).is_some();
            }
        }
        let fits = |candidate: &&Candidate| {
            keys.iter().all(|(_, wanted, of)| {
                wanted
                    .as_deref()
                    .is_none_or(|wanted| of(candidate) == Some(wanted))
            })
        };
        let picked: Vec<usize> = all.iter().filter(fits).map(|c| c.place).collect();
        if picked.is_empty() && sound {
            let expected = format!("keys that together fit at least one {kind}");
            let found = format!("no {kind} that fits all keys");
            let written = &self.change.written;
            let fault = written.whole(found, expected, String::new());
            self.folder.fault(fault);
        }
        picked
    }
}

/// Gives the property of a candidate that a key names.
type Property = fn(&Candidate) -> Option<&str>;

/// An inflow or user with the properties by which a change can mean it.
struct Candidate {
    place: usize,
    name: String,
    basin: String,
    party: String,
    sector: Option<String>,
    river: Option<String>,
}

impl Candidate {
    fn of(
        network: &Network,
        place: usize,
        name: &str,
        basin: usize,
        party: &str,
        sector: Option<String>,
        river: Option<String>,
    ) -> Self {
        let basin = network.basins[basin].clone();
        Self {
            place,
            name: name.to_owned(),
            basin,
            party: party.to_owned(),
            sector,
            river,
        }
    }
}

pub(super) fn canals(network: &Network) -> impl Iterator<Item = usize> {
    (0..network.links.len()).filter(|link| network.links[*link].kind == LinkKind::Canal)
}
