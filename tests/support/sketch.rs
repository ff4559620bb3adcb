//! A model folder, table by table.

use std::fmt::Write as _;

use super::{Ask, CSV_SOURCE, HM3_PER_M3S, SOURCE, monthly_m3s};

/// A model folder that is being written.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    pub(crate) tables: Vec<String>,
    pub(crate) states: Vec<String>,
    pub(super) files: Vec<(String, String)>,
    pub(super) scenario: String,
    pub(super) rules: String,
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

    pub(super) fn node(&mut self, header: &str, name: &str, lines: &str) -> &mut Self {
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
        let file = self.losses(name, knots);
        self.node("delta", name, &format!("loss = \"{file}\"\n"))
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

    /// A canal that loses by a curve, with knots of what enters and what is lost, hm³ in 30 days.
    pub(crate) fn curved_canal(
        &mut self,
        from: &str,
        to: &str,
        capacity: Option<f64>,
        knots: &[(f64, f64)],
    ) -> &mut Self {
        let capacity = capacity.map_or(String::new(), |capacity| {
            format!("capacity_m3s = {:?}\n{SOURCE}", capacity / HM3_PER_M3S)
        });
        let file = self.losses(&format!("to {to}"), knots);
        let lines = format!(
            "from = \"{from}\"\nto = \"{to}\"\nkind = \"canal\"\nin_service = \"1900-01\"\nloss = \"{file}\"\n\
             {capacity}"
        );
        self.table("link", &lines).junction(to)
    }

    /// A file of losses with knots of inflow and loss, hm³ in 30 days.
    fn losses(&mut self, name: &str, knots: &[(f64, f64)]) -> String {
        let mut csv = format!("{CSV_SOURCE}inflow_m3s,loss_m3s\n");
        for (inflow, loss) in knots {
            let row = (inflow / HM3_PER_M3S, loss / HM3_PER_M3S);
            writeln!(csv, "{:?},{:?}", row.0, row.1).expect("a string takes all");
        }
        let file = format!("{name}.csv");
        self.files.push((file.clone(), csv));
        file
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

    /// A change of the scenario: the name of its table and its lines.
    pub(crate) fn change(&mut self, table: &str, lines: &str) -> &mut Self {
        write!(self.scenario, "[[{table}]]\n{lines}\n{SOURCE}").expect("a string takes all");
        self
    }

    /// Nobody uses water and no dam stores.
    pub(crate) fn natural(&mut self) -> &mut Self {
        self.scenario += "water_use = false\nstructures = false\n";
        self
    }
}
