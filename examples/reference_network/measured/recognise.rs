//! The hand-written loop with the figures of a loaded plan: reads them by the names of nodes and users,
//! and refuses a plan of any other network.

use ndarray::{Array2, ArrayView1};
use rivershare::network::Network;
use rivershare::network::storage::Evaporates;
use rivershare::plan::Plan;
use rivershare::units::HM3_PER_MM_KM2;

use super::floor::{Area, Floor, Month, RIVERS, River};
use super::folder::path;

/// Seconds of a day, the step of this network.
const DAY: f64 = 86_400.0;

/// The loop with the figures of this plan, in hm³ and km².
///
/// # Errors
/// Where the plan is not one of the reference network: what differs, in words.
pub(crate) fn floor(network: &Network, plan: &Plan) -> Result<Floor, String> {
    let reader = Reader { network, plan };
    let read = reader.check().and_then(|()| reader.floor());
    read.map_err(|differs| format!("not the reference network: {differs}"))
}

/// A network with its plan while the loop's figures are read from it.
struct Reader<'a> {
    network: &'a Network,
    plan: &'a Plan,
}

/// An error unless something holds.
fn demand_that(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

impl Reader<'_> {
    fn check(&self) -> Result<(), String> {
        let (network, plan) = (self.network, self.plan);
        let found = [
            network.nodes.len(),
            network.links.len(),
            network.users.len(),
            network.minimum_flows.len(),
            plan.storage_nodes.len(),
            plan.zone_storages.len(),
        ];
        let expected = [28, 27, 9, 6, 4, 0];
        demand_that(found == expected, || {
            let what = "nodes, links, users, minimum flows, storages and zones";
            format!("it has {found:?} {what} in place of {expected:?}")
        })?;
        let days = plan.seconds.iter().all(|seconds| *seconds == DAY);
        demand_that(days, || "its steps are not days".to_owned())?;
        (1..=RIVERS).try_for_each(|n| self.check_river(n))?;
        (0..plan.storage_nodes.len()).try_for_each(|storage| self.check_storage(storage))
    }

    /// Whether a river runs where it should and all who claim its water stand where they should.
    fn check_river(&self, n: usize) -> Result<(), String> {
        let path = path(n);
        for (from, to) in path.iter().zip(&path[1..]) {
            let (above, below) = (self.node(from)?, self.node(to)?);
            let plain = self.plan.river[above].is_some_and(|link| {
                let whole = self.plan.passes[link] == 1.0 && self.plan.travel[link].is_none();
                self.plan.ends[link].to == below && whole
            });
            demand_that(plain, || {
                format!("the river from `{from}` does not run to `{to}`")
            })?;
        }
        self.check_user(&format!("Upstream user {n}"), &path[1], 2, None)?;
        self.check_user(&format!("Town {n}"), &path[4], 3, None)?;
        self.check_user(&format!("Irrigation {n}"), &path[5], 4, Some(&path[7]))?;
        self.check_minimum_flow(&format!("Minimum flow {n}"), &path[2], 1)?;
        self.check_minimum_flow(&format!("Environmental flow {n}"), &path[6], 5)
    }

    fn check_user(
        &self,
        name: &str,
        head: &str,
        priority: u32,
        back: Option<&str>,
    ) -> Result<(), String> {
        let (user, head) = (self.user(name)?, self.node(head)?);
        let back = back.map(|back| self.node(back)).transpose()?;
        let way = &self.plan.paths[user];
        let returned = self.plan.return_fractions[user];
        let returns = match back {
            Some(_) => way.returns_to == back,
            None => returned == 0.0,
        };
        let direct = way.head == head && way.canals.is_empty();
        let ranked = self.network.users[user].priority == priority;
        let prompt = self.plan.return_lags[user] == 0;
        demand_that(direct && returns && ranked && prompt, || {
            format!("`{name}` takes, returns or ranks otherwise")
        })
    }

    fn check_minimum_flow(&self, name: &str, at: &str, priority: u32) -> Result<(), String> {
        let (flow, at) = (self.minimum_flow(name)?, self.node(at)?);
        let (written, node) = &self.network.minimum_flows[flow];
        demand_that(*node == at && written.priority == priority, || {
            format!("`{name}` stands or ranks otherwise")
        })
    }

    /// Whether a storage loses water by evaporation alone and releases without a limit.
    fn check_storage(&self, storage: usize) -> Result<(), String> {
        let plan = self.plan;
        let none = |of: &Array2<f64>| of.column(storage).iter().all(|value| *value == 0.0);
        let free = |of: &Array2<f64>| of.column(storage).iter().all(|value| value.is_infinite());
        let plain = plan.curves[storage].volume_hm3.len() == 2
            && plan.curves[storage].outflow_m3s.is_none()
            && plan.evaporates[storage] == Evaporates::StartArea
            && plan.spillways[storage].is_none()
            && plan.target.column(storage) == plan.full.column(storage)
            && none(&plan.rain_mm)
            && none(&plan.groundwater)
            && none(&plan.least_release)
            && free(&plan.most_release);
        demand_that(plain, || {
            let node = &self.network.nodes[plan.storage_nodes[storage]];
            format!("`{}` has another curve, evaporation or rule", node.name)
        })
    }

    fn floor(&self) -> Result<Floor, String> {
        let plan = self.plan;
        let lake = self.storage("Lake")?;
        let source = |n: usize| self.node(&format!("Headwater {n}"));
        let sources = [source(1)?, source(2)?, source(3)?];
        let steps = 0..plan.steps();
        Ok(Floor {
            rivers: [self.river(1)?, self.river(2)?, self.river(3)?],
            lake_start: plan.initial[lake],
            lake_area: self.area(lake),
            months: self.months(lake)?,
            month_of_step: plan
                .months
                .iter()
                .map(|month| month.index() as u8)
                .collect(),
            inflow: steps
                .map(|step| sources.map(|node| plan.formed[(step, node)]))
                .collect(),
        })
    }

    fn river(&self, n: usize) -> Result<River, String> {
        let plan = self.plan;
        let storage = self.storage(&format!("Reservoir {n}"))?;
        let town = self.user(&format!("Town {n}"))?;
        let irrigation = self.user(&format!("Irrigation {n}"))?;
        let minimum = self.minimum_flow(&format!("Minimum flow {n}"))?;
        let environment = self.minimum_flow(&format!("Environmental flow {n}"))?;
        Ok(River {
            minimum: constant(&plan.minimum.column(minimum), "a minimum flow")?,
            full: constant(&plan.full.column(storage), "a full storage")?,
            dead: constant(&plan.dead.column(storage), "a dead storage")?,
            start: plan.initial[storage],
            area: self.area(storage),
            town: constant(&plan.demand.column(town), "a town's demand")?,
            environment: constant(&plan.minimum.column(environment), "an environmental flow")?,
            returned: plan.return_fractions[irrigation],
        })
    }

    fn area(&self, storage: usize) -> Area {
        let curve = &self.plan.curves[storage];
        let rise = curve.area_km2[1] - curve.area_km2[0];
        Area {
            base: curve.area_km2[0],
            slope: rise / (curve.volume_hm3[1] - curve.volume_hm3[0]),
        }
    }

    fn months(&self, lake: usize) -> Result<[Month; 12], String> {
        let demand = |user: String| self.by_month(&self.plan.demand.column(self.user(&user)?));
        let depth = |storage: usize| self.by_month(&self.plan.evaporation_mm.column(storage));
        let mut months = [Month {
            upstream: [0.0; RIVERS],
            irrigation: [0.0; RIVERS],
            evaporation: [0.0; RIVERS],
            lake_evaporation: 0.0,
        }; 12];
        for r in 0..RIVERS {
            let upstream = demand(format!("Upstream user {}", r + 1))?;
            let irrigation = demand(format!("Irrigation {}", r + 1))?;
            let evaporation = depth(self.storage(&format!("Reservoir {}", r + 1))?)?;
            for (place, month) in months.iter_mut().enumerate() {
                month.upstream[r] = upstream[place];
                month.irrigation[r] = irrigation[place];
                month.evaporation[r] = evaporation[place] * HM3_PER_MM_KM2;
            }
        }
        for (month, depth) in months.iter_mut().zip(depth(lake)?) {
            month.lake_evaporation = depth * HM3_PER_MM_KM2;
        }
        Ok(months)
    }

    /// The value of each calendar month, which must not change from day to day or year to year.
    fn by_month(&self, steps: &ArrayView1<f64>) -> Result<[f64; 12], String> {
        let mut months = [None; 12];
        for (value, month) in steps.iter().zip(&self.plan.months) {
            let known = *months[month.index()].get_or_insert(*value);
            demand_that(same(known, *value), || {
                format!("a demand or an evaporation changes within {month} or since earlier years")
            })?;
        }
        // A month outside the period is never looked up.
        Ok(months.map(|value| value.unwrap_or(0.0)))
    }

    fn node(&self, name: &str) -> Result<usize, String> {
        let node = self.network.node(name);
        node.ok_or_else(|| format!("it has no node `{name}`"))
    }

    fn storage(&self, name: &str) -> Result<usize, String> {
        let node = self.node(name)?;
        let storage = self.plan.storage_nodes.iter().position(|of| *of == node);
        storage.ok_or_else(|| format!("`{name}` stores nothing"))
    }

    fn user(&self, name: &str) -> Result<usize, String> {
        let mut users = self.network.users.iter();
        let user = users.position(|user| user.name == name);
        user.ok_or_else(|| format!("it has no user `{name}`"))
    }

    fn minimum_flow(&self, name: &str) -> Result<usize, String> {
        let mut flows = self.network.minimum_flows.iter();
        let flow = flows.position(|(flow, _)| flow.name == name);
        flow.ok_or_else(|| format!("it has no minimum flow `{name}`"))
    }
}

/// The value of all steps.
fn constant(steps: &ArrayView1<f64>, what: &str) -> Result<f64, String> {
    let first = steps.first().copied().unwrap_or(0.0);
    demand_that(steps.iter().all(|value| same(*value, first)), || {
        format!("{what} changes from step to step")
    })?;
    Ok(first)
}

/// Whether two values are the same but for rounding: a day's demand may come from that of its month.
fn same(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-12 * other.abs()
}
