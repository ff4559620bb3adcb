//! Writes model folders from a few lines and runs them.
//!
//! Volumes are hm³: flows are written so that every month of 2001 brings the same volume. Capacities,
//! outlets, ratings and deltas are m³/s, so that theirs hold for months of 30 days; runs begin in April.
#![allow(dead_code, reason = "each test file uses its own part")]

pub(crate) mod case;
pub(crate) mod leximin;
pub(crate) mod lp;
pub(crate) mod programme;
pub(crate) mod proof;
pub(crate) mod random;

use std::fmt::Write as _;
use std::fs;

use ndarray::Array2;
use proof::Tally;
use rivershare::allocate::Bound;
use rivershare::engine::{Bounds, Record, bounds};
use rivershare::model::Model;
use rivershare::network::Network;
use rivershare::plan::{Place, Plan};
use rivershare::results::simulate;
use tempfile::TempDir;

/// hm³ that a flow of 1 m³/s brings in 30 days.
pub(crate) const HM3_PER_M3S: f64 = 2.592;

const SOURCE: &str = "source = \"assumption: a test\"\nconfidence = \"low\"\n";
const CSV_SOURCE: &str = "# source: assumption: a test\n# confidence: low\n";
const DAYS: [f64; 12] = [
    31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0,
];

/// Level (m), volume (hm³), area (km²) and outflow (hm³ in 30 days) at a knot of a curve.
pub(crate) type Knot = [f64; 4];

/// What a lake or reservoir is like.
#[derive(Clone, Debug)]
pub(crate) struct Water {
    pub(crate) knots: Vec<Knot>,
    pub(crate) has_sill: bool,
    pub(crate) rain_mm: f64,
    pub(crate) evaporation_mm: f64,
    pub(crate) start: f64,
}

impl Water {
    /// A box of 10 000 hm³ with 100 km² and no weather.
    pub(crate) fn still(start: f64) -> Self {
        Self {
            knots: vec![[0.0, 0.0, 100.0, 0.0], [100.0, 10_000.0, 100.0, 0.0]],
            has_sill: false,
            rain_mm: 0.0,
            evaporation_mm: 0.0,
            start,
        }
    }
}

/// How a reservoir is built and operated.
#[derive(Clone, Debug)]
pub(crate) struct Dam {
    pub(crate) water: Water,
    pub(crate) dead: f64,
    pub(crate) full: f64,
    pub(crate) target: f64,
    pub(crate) least: f64,
    pub(crate) most: Option<f64>,
    pub(crate) natural: f64,
    pub(crate) in_service: &'static str,
    /// Classes of the target storage and of the least release; after all others where none.
    pub(crate) storage_priority: Option<u32>,
    pub(crate) release_priority: Option<u32>,
    /// Volumes with the first class that each is withheld from.
    pub(crate) zones: Vec<(u32, f64)>,
}

impl Dam {
    /// A reservoir of 1000 hm³ that keeps what it has.
    pub(crate) fn holding(start: f64) -> Self {
        Self {
            water: Water::still(start),
            dead: 0.0,
            full: 1000.0,
            target: 1000.0,
            least: 0.0,
            most: None,
            natural: 0.0,
            in_service: "1900-01",
            storage_priority: None,
            release_priority: None,
            zones: Vec::new(),
        }
    }
}

/// What a user asks for.
#[derive(Clone, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) at: &'a str,
    pub(crate) priority: u32,
    pub(crate) demand: f64,
    pub(crate) returns: Option<(f64, &'a str)>,
    pub(crate) return_lag: u32,
    pub(crate) weight: f64,
    pub(crate) share: f64,
}

impl<'a> Ask<'a> {
    /// A demand of which nothing returns.
    pub(crate) fn of(demand: f64, at: &'a str, priority: u32) -> Self {
        Self {
            at,
            priority,
            demand,
            returns: None,
            return_lag: 0,
            weight: 1.0,
            share: 1.0,
        }
    }

    /// With a weight among its equals.
    pub(crate) fn weighing(mut self, weight: f64) -> Self {
        self.weight = weight;
        self
    }

    /// With a share in the water of its class.
    pub(crate) fn sharing(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// Whose return flow comes some steps later.
    pub(crate) fn later(mut self, steps: u32) -> Self {
        self.return_lag = steps;
        self
    }

    /// With a part that returns to a node.
    pub(crate) fn returning(mut self, fraction: f64, to: &'a str) -> Self {
        self.returns = Some((fraction, to));
        self
    }
}

/// A model folder that is being written.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    pub(crate) tables: Vec<String>,
    pub(crate) states: Vec<String>,
    files: Vec<(String, String)>,
    scenario: String,
    rules: String,
}

impl Sketch {
    /// A model of April 2001 and the months after it.
    pub(crate) fn new(months: u32) -> Self {
        Self {
            tables: Vec::new(),
            states: Vec::new(),
            files: Vec::new(),
            scenario: format!("period = \"2001-04..2001-{:02}\"\n", 3 + months),
            rules: String::new(),
        }
    }

    /// The rule by which a class shares.
    pub(crate) fn class(&mut self, priority: u32, rule: &str) -> &mut Self {
        let lines = format!("[[class]]\npriority = {priority}\nrule = \"{rule}\"\n{SOURCE}");
        self.rules += &lines;
        self
    }

    fn table(&mut self, header: &str, lines: &str) -> &mut Self {
        self.tables.push(format!("[[{header}]]\n{lines}"));
        self
    }

    fn node(&mut self, header: &str, name: &str, lines: &str) -> &mut Self {
        let lines = format!("name = \"{name}\"\nparty = \"A\"\n{lines}");
        self.table(header, &lines)
    }

    pub(crate) fn inflow(&mut self, name: &str, hm3: f64) -> &mut Self {
        let lines = format!("flow_m3s = {}\n{SOURCE}", monthly_m3s(hm3));
        self.node("inflow", name, &lines)
    }

    pub(crate) fn junction(&mut self, name: &str) -> &mut Self {
        self.node("junction", name, "")
    }

    pub(crate) fn gauge(&mut self, name: &str) -> &mut Self {
        self.node("gauge", name, "")
    }

    pub(crate) fn outlet(&mut self, name: &str) -> &mut Self {
        self.node("outlet", name, "")
    }

    /// A delta with knots of inflow and loss, hm³ in 30 days.
    pub(crate) fn delta(&mut self, name: &str, knots: &[(f64, f64)]) -> &mut Self {
        let mut csv = format!("{CSV_SOURCE}inflow_m3s,loss_m3s\n");
        for (inflow, loss) in knots {
            let row = (inflow / HM3_PER_M3S, loss / HM3_PER_M3S);
            writeln!(csv, "{:?},{:?}", row.0, row.1).expect("a string takes all");
        }
        let file = format!("{name}.csv");
        self.files.push((file.clone(), csv));
        self.node("delta", name, &format!("loss = \"{file}\"\n"))
    }

    pub(crate) fn reservoir(&mut self, name: &str, dam: &Dam) -> &mut Self {
        let most = dam.most.map_or(String::new(), |most| {
            format!("maximum_release_m3s = {:?}\n", most / HM3_PER_M3S)
        });
        let priority = |key: &str, priority: Option<u32>| {
            priority.map_or(String::new(), |priority| format!("{key} = {priority}\n"))
        };
        let zones = dam.zones.iter().map(|(against, volume)| {
            let volume = volume / 1000.0;
            format!(
                "[[reservoir.zone]]\nagainst_priority = {against}\nstorage_km3 = {volume:?}\n{SOURCE}"
            )
        });
        let zones: String = zones.collect();
        let lines = format!(
            "{}{}{}in_service = \"{}\"\nnatural_storage_km3 = {:?}\ndead_storage_km3 = {:?}\n\
             full_storage_km3 = {:?}\n{SOURCE}[[reservoir.rule]]\ntarget_storage_km3 = {:?}\n\
             release_m3s = {}\n{most}{SOURCE}{zones}",
            self.water(name, &dam.water, &[]),
            priority("storage_priority", dam.storage_priority),
            priority("release_priority", dam.release_priority),
            dam.in_service,
            dam.natural / 1000.0,
            dam.dead / 1000.0,
            dam.full / 1000.0,
            dam.target / 1000.0,
            monthly_m3s(dam.least),
        );
        self.node("reservoir", name, &lines)
    }

    pub(crate) fn lake(&mut self, name: &str, water: &Water) -> &mut Self {
        let lines = self.water(name, water, &[]) + SOURCE;
        self.node("lake", name, &lines)
    }

    /// A lake of two bodies with the first one's share of volume and area, and of groundwater.
    pub(crate) fn lake_of_two(
        &mut self,
        name: &str,
        water: &Water,
        bodies: [&str; 2],
        share: f64,
        groundwater_km3: (f64, f64),
    ) -> &mut Self {
        let mut lines = self.water(name, water, &[("one", share), ("two", 1.0 - share)]);
        let (total, first) = groundwater_km3;
        writeln!(lines, "groundwater_km3_per_year = {total:?}\n{SOURCE}").expect("takes all");
        for (body, columns, fraction) in
            [(bodies[0], "one", first), (bodies[1], "two", 1.0 - first)]
        {
            write!(
                lines,
                "[[lake.body]]\nname = \"{body}\"\ncolumns = \"{columns}\"\n\
                 groundwater_fraction = {fraction:?}\n{SOURCE}"
            )
            .expect("a string takes all");
        }
        self.node("lake", name, &lines)
    }

    /// The lines that lakes and reservoirs share; writes the curve and the state.
    fn water(&mut self, name: &str, water: &Water, bodies: &[(&str, f64)]) -> String {
        let mut csv = format!("{CSV_SOURCE}level_m,volume_km3,area_km2");
        if water.has_sill {
            csv += ",outflow_m3s";
        }
        for (body, _) in bodies {
            write!(csv, ",{body}_volume_km3,{body}_area_km2").expect("a string takes all");
        }
        for [level, volume, area, outflow] in &water.knots {
            write!(csv, "\n{level:?},{:?},{area:?}", volume / 1000.0).expect("takes all");
            if water.has_sill {
                write!(csv, ",{:?}", outflow / HM3_PER_M3S).expect("a string takes all");
            }
            for (_, share) in bodies {
                let (volume, area) = (volume / 1000.0 * share, area * share);
                write!(csv, ",{volume:?},{area:?}").expect("a string takes all");
            }
        }
        let file = format!("{name}_curve.csv");
        self.files.push((file.clone(), csv + "\n"));
        self.states.push(format!(
            "[[state]]\nstorage = \"{name}\"\ndate = \"2001-04\"\nstorage_km3 = {:?}\n{SOURCE}",
            water.start / 1000.0
        ));
        format!(
            "curve = \"{file}\"\nprecipitation_mm = {:?}\nevaporation_mm = {:?}\n",
            water.rain_mm, water.evaporation_mm
        )
    }

    pub(crate) fn river(&mut self, from: &str, to: &str) -> &mut Self {
        self.table("link", &format!("from = \"{from}\"\nto = \"{to}\"\n"))
    }

    /// A chain of rivers without losses.
    pub(crate) fn rivers(&mut self, nodes: &[&str]) -> &mut Self {
        for pair in nodes.windows(2) {
            self.river(pair[0], pair[1]);
        }
        self
    }

    pub(crate) fn losing_river(&mut self, from: &str, to: &str, loss: f64) -> &mut Self {
        let lines = format!("from = \"{from}\"\nto = \"{to}\"\nloss_fraction = {loss:?}\n{SOURCE}");
        self.table("link", &lines)
    }

    /// A river through which water takes days: a mere lag, or Muskingum's storage with a weight.
    pub(crate) fn slow_river(
        &mut self,
        from: &str,
        to: &str,
        days: f64,
        muskingum_x: Option<f64>,
    ) -> &mut Self {
        let weight = muskingum_x.map_or(String::new(), |x| format!("muskingum_x = {x:?}\n"));
        let lines =
            format!("from = \"{from}\"\nto = \"{to}\"\ntravel_days = {days:?}\n{weight}{SOURCE}");
        self.table("link", &lines)
    }

    /// The way of what a reservoir spills.
    pub(crate) fn spillway(&mut self, from: &str, to: &str) -> &mut Self {
        let lines =
            format!("name = \"spillway\"\nfrom = \"{from}\"\nto = \"{to}\"\nkind = \"spill\"\n");
        self.table("link", &lines)
    }

    /// Steps of a day.
    pub(crate) fn by_day(&mut self) -> &mut Self {
        self.scenario += "time_step = \"day\"\n";
        self
    }

    /// A canal to a new junction at its end.
    pub(crate) fn canal(
        &mut self,
        from: &str,
        to: &str,
        capacity: Option<f64>,
        loss: f64,
    ) -> &mut Self {
        let capacity = capacity.map_or(String::new(), |capacity| {
            format!("capacity_m3s = {:?}\n", capacity / HM3_PER_M3S)
        });
        let lines = format!(
            "from = \"{from}\"\nto = \"{to}\"\nkind = \"canal\"\nin_service = \"1900-01\"\n\
             loss_fraction = {loss:?}\n{capacity}{SOURCE}"
        );
        self.table("link", &lines).junction(to)
    }

    pub(crate) fn user(&mut self, name: &str, ask: &Ask) -> &mut Self {
        let returns = ask.returns.map_or(String::new(), |(fraction, to)| {
            let lag = ask.return_lag;
            format!(
                "return_fraction = {fraction:?}\nreturns_to = \"{to}\"\nreturn_lag_steps = {lag}\n"
            )
        });
        // One metre on an area: a hectare asks for 0.01 hm³ in each month.
        let lines = format!(
            "name = \"{name}\"\nparty = \"B\"\nsector = \"irrigation\"\npriority = {}\n\
             weight = {:?}\nshare = {:?}\ntakes_from = \"{}\"\n{returns}{SOURCE}[user.irrigation]\narea_ha = {:?}\n\
             depth_mm = 1000.0\nefficiency = 1.0\n{SOURCE}",
            ask.priority,
            ask.weight,
            ask.share,
            ask.at,
            ask.demand * 100.0,
        );
        self.table("user", &lines)
    }

    pub(crate) fn minimum_flow(&mut self, name: &str, at: &str, hm3: f64) -> &mut Self {
        self.minimum_flow_of(1, name, at, hm3)
    }

    /// A minimum flow of a class.
    pub(crate) fn minimum_flow_of(
        &mut self,
        priority: u32,
        name: &str,
        at: &str,
        hm3: f64,
    ) -> &mut Self {
        let lines = format!(
            "name = \"{name}\"\nparty = \"A\"\nsector = \"environment\"\nat = \"{at}\"\n\
             priority = {priority}\nflow_m3s = {}\n{SOURCE}",
            monthly_m3s(hm3)
        );
        self.table("minimum_flow", &lines)
    }

    /// A hydropower plant with its further lines.
    pub(crate) fn plant(&mut self, name: &str, reservoir: &str, lines: &str) -> &mut Self {
        let lines = format!("name = \"{name}\"\nreservoir = \"{reservoir}\"\n{lines}{SOURCE}");
        self.table("plant", &lines)
    }

    /// A small table beside the network.
    pub(crate) fn file(&mut self, name: &str, rows: &str) -> &mut Self {
        let text = format!("{CSV_SOURCE}{rows}");
        self.files.push((name.to_owned(), text));
        self
    }

    /// Nobody uses water and no dam stores.
    pub(crate) fn natural(&mut self) -> &mut Self {
        self.scenario += "water_use = false\nstructures = false\n";
        self
    }

    /// Writes the folder.
    pub(crate) fn write(&self) -> TempDir {
        let folder = TempDir::new().expect("a temporary folder");
        let basin = folder.path().join("basins/river");
        for path in [&basin, &folder.path().join("scenarios")] {
            fs::create_dir_all(path).expect("a folder");
        }
        let put = |path: &str, text: &str| {
            fs::write(folder.path().join(path), text).expect("a file");
        };
        let head = "title = \"A test\"\nscenario = \"base\"\nparties = [\"A\", \"B\"]\n";
        put("model.toml", &format!("{head}{}", self.rules));
        put("scenarios/base.toml", &self.scenario);
        let network = format!("name = \"River\"\n{}", self.tables.join("\n"));
        put("basins/river/network.toml", &network);
        put("initial_states.toml", &self.states.join("\n"));
        for (file, text) in &self.files {
            put(&format!("basins/river/{file}"), text);
        }
        folder
    }

    /// Network and plan of the folder.
    pub(crate) fn plan(&self) -> (Network, Plan) {
        let folder = self.write();
        let model = Model::load(folder.path(), &[]).expect("a sound folder");
        let plan = model.plan(folder.path(), &model.scenarios["base"]);
        (model.network, plan.expect("a sound scenario"))
    }

    /// Loads, runs and audits.
    pub(crate) fn run(&self) -> Outcome {
        let folder = self.write();
        let model = match Model::load(folder.path(), &[]) {
            Ok(model) => model,
            Err(faults) => panic!("{faults}\n{}", self.tables.join("\n")),
        };
        let run = match simulate(&model, folder.path(), &model.scenarios["base"]) {
            Ok(run) => run,
            Err(error) => panic!("{error}\n{}", self.tables.join("\n")),
        };
        let computed = run.computed();
        Outcome {
            network: model.network.clone(),
            plan: computed.plan.clone(),
            record: computed.record.clone(),
        }
    }
}

/// Twelve flows in m³/s that bring the same volume in each month.
fn monthly_m3s(hm3: f64) -> String {
    let flows = DAYS.map(|days| hm3 / (days * 0.0864));
    format!("{flows:?}")
}

/// A finished run, by names. Volumes of a step in hm³.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) network: Network,
    pub(crate) plan: Plan,
    pub(crate) record: Record,
}

impl Outcome {
    pub(crate) fn node(&self, name: &str) -> usize {
        let node = self.network.node(name);
        node.unwrap_or_else(|| panic!("no node `{name}`"))
    }

    pub(crate) fn user(&self, name: &str) -> usize {
        let mut users = self.network.users.iter();
        let user = users.position(|user| user.name == name);
        user.unwrap_or_else(|| panic!("no user `{name}`"))
    }

    pub(crate) fn link(&self, from: &str, to: &str) -> usize {
        let mut links = self.network.links.iter();
        let link = links.position(|link| link.from == from && link.to == to);
        link.unwrap_or_else(|| panic!("no link from `{from}` to `{to}`"))
    }

    pub(crate) fn store(&self, name: &str) -> usize {
        match self.plan.places[self.node(name)] {
            Place::Storage(storage) => storage,
            place => panic!("`{name}` is {place:?}"),
        }
    }

    pub(crate) fn delivered(&self, step: usize, name: &str) -> f64 {
        self.record.delivered[[step, self.user(name)]]
    }

    /// Compares the allocation of the first step with its definition.
    pub(crate) fn agrees_with_definition(&self) -> Result<Tally, String> {
        let of_start = |array: &Array2<f64>| array.row(0).to_vec();
        let (net_loss, sill) = (of_start(&self.record.net_loss), of_start(&self.record.sill));
        case::check(&self.plan, &net_loss, &sill, false)
    }

    /// What kept each claim from more.
    pub(crate) fn bounds(&self) -> Bounds {
        bounds(&self.plan)
    }

    pub(crate) fn bound(&self, step: usize, name: &str) -> Bound {
        self.bounds().users[[step, self.user(name)]]
    }

    pub(crate) fn kept(&self, step: usize, name: &str) -> (f64, Bound) {
        let mut flows = self.network.minimum_flows.iter();
        let place = flows.position(|(flow, _)| flow.name == name);
        let at = [step, place.expect("a minimum flow of that name")];
        (self.record.kept[at], self.bounds().minimum_flows[at])
    }

    pub(crate) fn plant(&self, name: &str) -> usize {
        let mut plants = self.network.plants.iter();
        let plant = plants.position(|(plant, _)| plant.name == name);
        plant.unwrap_or_else(|| panic!("no plant `{name}`"))
    }

    /// Energy (GWh), head (m) and turbined water (hm³) of a plant.
    pub(crate) fn generated(&self, step: usize, name: &str) -> [f64; 3] {
        let at = [step, self.plant(name)];
        let record = &self.record;
        [record.energy[at], record.head_m[at], record.turbined[at]]
    }

    pub(crate) fn comes(&self, step: usize, name: &str) -> f64 {
        self.record.comes[[step, self.node(name)]]
    }

    pub(crate) fn storage(&self, step: usize, name: &str) -> f64 {
        self.record.storage[[step, self.store(name)]]
    }

    pub(crate) fn release(&self, step: usize, name: &str) -> f64 {
        self.record.release[[step, self.store(name)]]
    }

    pub(crate) fn spill(&self, step: usize, name: &str) -> f64 {
        self.record.spill[[step, self.store(name)]]
    }

    pub(crate) fn undershoot(&self, step: usize, name: &str) -> f64 {
        self.record.undershoot[[step, self.store(name)]]
    }
}

/// Volumes of up to a thousand hm³ that came through m³/s and a dozen sums agree to a litre.
#[track_caller]
pub(crate) fn same(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-9,
        "{found} in place of {expected}"
    );
}
