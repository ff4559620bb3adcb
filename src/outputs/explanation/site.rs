//! What happens to the water at one place: at a node, along a canal, at the user.

use super::{Entry, SMALL, Site};
use crate::plan::{Claim, Place, Turn};
use crate::results::Run;
use crate::units::m3s_in;

/// Users that are told one by one at a place; the others are added up.
const USERS: usize = 6;

/// One step of a run from which a claim is explained.
pub(super) struct Ledge<'r, 'n> {
    pub(super) run: &'r Run<'n>,
    pub(super) step: usize,
    pub(super) claim: Claim,
}

/// The river link that brings most to a node.
pub(super) fn river_above(ledge: &Ledge, node: usize) -> Option<usize> {
    let brings = |link: &usize| ledge.run.record.leaves[[ledge.step, *link]];
    let links = ledge.run.plan.rivers_in[node].iter().copied().rev();
    links.max_by(|one, other| brings(one).total_cmp(&brings(other)))
}

impl Ledge<'_, '_> {
    /// Something that stands in the balance of a place.
    fn flux(&self, text: String, hm3: f64) -> Entry {
        Entry {
            text,
            hm3: Some(hm3),
            m3s: Some(m3s_in(hm3, self.run.plan.seconds[self.step])),
        }
    }

    /// Whether a node only passes on what one river brings.
    pub(super) fn is_quiet(&self, node: usize) -> bool {
        let (plan, step) = (&self.run.plan, self.step);
        plan.places[node] == Place::Pass
            && plan.rivers_in[node].len() == 1
            && plan.formed[[step, node]] == 0.0
            && self.lost_into(node) == 0.0
            && self.users_at(node).is_empty()
            && self.returning_to(node).next().is_none()
            && self.flows_at(node).next().is_none()
            && plan
                .spillways
                .iter()
                .flatten()
                .all(|link| plan.ends[*link].to != node)
    }

    /// A node; `last` is the one shown before it.
    pub(super) fn node(&self, node: usize, last: Option<usize>, binds: bool) -> Site {
        let mut entries = self.what_comes(node, last);
        if let Place::Storage(storage) = self.run.plan.places[node] {
            entries.extend(self.what_a_storage_does(storage));
        }
        entries.extend(self.what_users_take(node));
        let (plan, record, step) = (&self.run.plan, &self.run.record, self.step);
        if let Place::Delta(_) = plan.places[node] {
            let lost = record.delta_loss[[step, node]];
            entries.push(self.flux("lost in the delta".to_owned(), -lost));
        }
        if let Some(link) = plan.river[node] {
            let below = &self.run.network.nodes[plan.ends[link].to].name;
            entries.push(self.flux(format!("= goes on to {below}"), record.enters[[step, link]]));
        }
        entries.extend(self.what_is_kept(node));
        if let Place::Storage(storage) = plan.places[node] {
            entries.extend(self.what_a_storage_withholds(storage));
        }
        Site {
            name: self.run.network.nodes[node].name.clone(),
            binds,
            entries,
        }
    }

    fn what_comes(&self, node: usize, last: Option<usize>) -> Vec<Entry> {
        let (network, plan, record) = (self.run.network, &self.run.plan, &self.run.record);
        let name = |node: usize| &network.nodes[node].name;
        let step = self.step;
        let main = river_above(self, node);
        let mut entries = Vec::new();
        for link in main.into_iter().chain(self.other_rivers(node, main)) {
            let from = match last {
                Some(last) if Some(link) == main => name(last),
                _ => name(plan.ends[link].from),
            };
            let lost = self.lost_on(link);
            let text = match lost > 0.0 {
                true => format!("from {from}, {lost:.2} hm3 lost on the way"),
                false => format!("from {from}"),
            };
            entries.push(self.flux(text, record.leaves[[step, link]]));
        }
        let formed = plan.formed[[step, node]];
        if formed > 0.0 || entries.is_empty() {
            entries.push(self.flux("formed here".to_owned(), formed));
        }
        for user in self.returning_to(node) {
            let text = format!("returned by {}", network.users[user].name);
            entries.push(self.flux(text, record.returned[[step, user]]));
        }
        for (storage, link) in plan.spillways.iter().enumerate() {
            if let Some(link) = link.filter(|link| plan.ends[*link].to == node) {
                let text = format!("spilled from {}", name(plan.storage_nodes[storage]));
                entries.push(self.flux(text, record.leaves[[step, link]]));
            }
        }
        entries
    }

    fn other_rivers(&self, node: usize, main: Option<usize>) -> impl Iterator<Item = usize> {
        let links = self.run.plan.rivers_in[node].iter().copied();
        links.filter(move |link| Some(*link) != main)
    }

    /// The balance of a storage.
    fn what_a_storage_does(&self, storage: usize) -> Vec<Entry> {
        let lake = self.run.lake(self.step, storage);
        let stands = |text: &str, hm3: f64| Entry {
            text: text.to_owned(),
            hm3: Some(hm3),
            m3s: None,
        };
        let fluxes = [
            ("rain on it", lake.precipitation),
            ("groundwater", lake.groundwater),
            ("evaporated", -lake.evaporation),
        ];
        let fluxes = fluxes.into_iter().filter(|(_, hm3)| *hm3 != 0.0);
        let fluxes = fluxes.map(|(text, hm3)| self.flux(text.to_owned(), hm3));
        let mut entries = vec![stands("held at the start", lake.start)];
        entries.extend(fluxes);
        entries.push(stands("held at the end", -lake.end));
        if let Some(link) = self.run.plan.spillways[storage] {
            let to = &self.run.network.nodes[self.run.plan.ends[link].to].name;
            let spill = self.run.record.spill[[self.step, storage]];
            entries.push(self.flux(format!("spilled to {to}"), -spill));
        }
        entries
    }

    /// What a storage withholds and what its outlets pass.
    fn what_a_storage_withholds(&self, storage: usize) -> Vec<Entry> {
        let (plan, record, step) = (&self.run.plan, &self.run.record, self.step);
        let at = [step, storage];
        let mut entries = Vec::new();
        let mut tell = |text: String| {
            entries.push(Entry {
                text,
                hm3: None,
                m3s: None,
            });
        };
        if plan.spillways[storage].is_none() && record.spill[at] >= SMALL {
            tell(format!("of which spilled {:.2} hm3", record.spill[at]));
        }
        if plan.dead[at] > 0.0 {
            tell(format!(
                "dead volume, offered to nobody: {:.2} hm3",
                plan.dead[at]
            ));
        }
        for (zone, _) in (plan.zone_storages.iter().enumerate()).filter(|(_, at)| **at == storage) {
            let when = self.when(Claim::Zone(zone));
            let volume = plan.zone[[step, zone]];
            tell(format!("zone withheld {when}: {volume:.2} hm3"));
        }
        let (target, least) = (plan.target[at], plan.least_release[at]);
        if target.is_finite() && target > 0.0 {
            let when = self.when(Claim::Hold(storage));
            tell(format!("target to hold {when}: {target:.2} hm3"));
        }
        if least > 0.0 {
            let when = self.when(Claim::Release(storage));
            tell(format!("least release {when}: {least:.2} hm3"));
        }
        if plan.most_release[at].is_finite() {
            let most = plan.most_release[at];
            tell(format!("outlets pass at most: {most:.2} hm3"));
        }
        entries
    }

    /// Users that take water at a node, first served first.
    fn what_users_take(&self, node: usize) -> Vec<Entry> {
        let users = self.users_at(node);
        let shown = users.len().min(USERS);
        let mut entries: Vec<Entry> = users[..shown]
            .iter()
            .map(|user| self.flux(self.taking(*user), -self.taken(*user)))
            .collect();
        if users.len() > shown {
            let rest = users[shown..].iter().map(|user| self.taken(*user));
            let text = format!("taken by {} more users", users.len() - shown);
            entries.push(self.flux(text, -rest.sum::<f64>()));
        }
        entries
    }

    fn taking(&self, user: usize) -> String {
        let name = &self.run.network.users[user].name;
        let claim = Claim::User(user);
        let at = [self.step, user];
        let (asked, got) = (self.run.plan.demand[at], self.run.record.delivered[at]);
        match claim == self.claim {
            true => format!("taken by {name}, this claim"),
            false => format!(
                "taken by {name}, {}: asked {asked:.2}, got {got:.2}",
                self.when(claim)
            ),
        }
    }

    /// Minimum flows at a node.
    fn what_is_kept(&self, node: usize) -> Vec<Entry> {
        let tell = |place: usize| {
            let name = self.run.network.kept_name(place);
            let claim = Claim::MinimumFlow(place);
            let at = [self.step, place];
            let (asked, kept) = (self.run.record.asked[at], self.run.record.kept[at]);
            let when = self.when(claim);
            Entry {
                text: format!(
                    "of this kept for {name}, {when}: asked {asked:.2}, kept {kept:.2} hm3"
                ),
                hm3: None,
                m3s: None,
            }
        };
        self.flows_at(node).map(tell).collect()
    }

    /// A canal on the way to the user.
    pub(super) fn canal(&self, canal: usize, binds: bool) -> Site {
        let (plan, record, at) = (&self.run.plan, &self.run.record, [self.step, canal]);
        let (enters, leaves) = (record.enters[at], record.leaves[at]);
        let mut entries = vec![self.flux("enters, for all users behind it".to_owned(), enters)];
        if enters > leaves {
            entries.push(self.flux("lost on the way".to_owned(), leaves - enters));
        }
        entries.push(self.flux("= arrives".to_owned(), leaves));
        if plan.capacity[at].is_finite() {
            let capacity = plan.capacity[at];
            let m3s = m3s_in(capacity, plan.seconds[self.step]);
            entries.push(Entry {
                text: format!("capacity at its head: {capacity:.2} hm3, {m3s:.2} m3/s"),
                hm3: None,
                m3s: None,
            });
        }
        Site {
            name: self.run.network.links[canal].name.clone(),
            binds,
            entries,
        }
    }

    /// The user itself.
    pub(super) fn user(&self, user: usize) -> Site {
        let (network, record, at) = (self.run.network, &self.run.record, [self.step, user]);
        let mut entries = vec![
            self.flux("got".to_owned(), record.delivered[at]),
            self.flux("= consumed".to_owned(), record.consumed[at]),
        ];
        let returned = record.delivered[at] - record.consumed[at];
        if let (true, Some(to)) = (returned > 0.0, self.run.plan.paths[user].returns_to) {
            let text = format!("returned to {}", network.nodes[to].name);
            entries.insert(1, self.flux(text, -returned));
        }
        Site {
            name: network.users[user].name.clone(),
            binds: false,
            entries,
        }
    }

    /// When a claim is served, as seen from this one.
    fn when(&self, other: Claim) -> String {
        if other == self.claim {
            return "this claim".to_owned();
        }
        let plan = &self.run.plan;
        let (own, turn) = (plan.turn(self.claim), plan.turn(other));
        let class = turn.and_then(|turn| plan.classes[turn.class].priority);
        let order = match turn.cmp(&own) {
            std::cmp::Ordering::Less => "before",
            std::cmp::Ordering::Equal => "equal",
            std::cmp::Ordering::Greater => "after",
        };
        match (class, order) {
            (Some(class), _) => format!("{order} (class {class})"),
            (None, "before") => "before, after all classes".to_owned(),
            (None, _) => "after all classes are served".to_owned(),
        }
    }

    /// Users at a node that ask for or get water, in the order of service.
    fn users_at(&self, node: usize) -> Vec<usize> {
        let (plan, record) = (&self.run.plan, &self.run.record);
        let at_node = (0..plan.paths.len()).filter(|user| plan.paths[*user].head == node);
        let active = at_node.filter(|user| {
            let at = [self.step, *user];
            plan.demand[at] > 0.0 || record.delivered[at] > 0.0
        });
        let mut users: Vec<(Option<Turn>, usize)> = active
            .map(|user| (plan.turn(Claim::User(user)), user))
            .collect();
        users.sort_unstable();
        users.into_iter().map(|(_, user)| user).collect()
    }

    /// Users whose water comes back to a node in this step.
    fn returning_to(&self, node: usize) -> impl Iterator<Item = usize> {
        let (paths, record) = (&self.run.plan.paths, &self.run.record);
        let step = self.step;
        (0..paths.len()).filter(move |user| {
            paths[*user].returns_to == Some(node) && record.returned[[step, *user]] > 0.0
        })
    }

    /// Minimum flows at a node that are asked for.
    fn flows_at(&self, node: usize) -> impl Iterator<Item = usize> {
        let (plan, record, step) = (&self.run.plan, &self.run.record, self.step);
        let at_node = (0..plan.minimum_nodes.len()).filter(move |p| plan.minimum_nodes[*p] == node);
        at_node.filter(move |place| record.asked[[step, *place]] > 0.0)
    }

    /// What leaves the river for a user, losses of its canals included.
    fn taken(&self, user: usize) -> f64 {
        let canals = self.run.plan.paths[user].canals.iter();
        let passes = canals.map(|canal| self.run.part_that_arrives(self.step, *canal));
        let passes: f64 = passes.product();
        self.run.record.delivered[[self.step, user]] / passes
    }

    /// What is lost on a link, without what is still under way.
    fn lost_on(&self, link: usize) -> f64 {
        let (record, step) = (&self.run.record, self.step);
        let lost = record.leaves[[step, link]] / self.run.plan.passes[link];
        lost * (1.0 - self.run.plan.passes[link])
    }

    fn lost_into(&self, node: usize) -> f64 {
        let links = self.run.plan.rivers_in[node].iter();
        links.map(|link| self.lost_on(*link)).sum()
    }
}
