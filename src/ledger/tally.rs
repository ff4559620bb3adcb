//! The audit of an ensemble: all water of the model in every step of every member (equation E13).
//!
//! [`audit`](super::audit) asks for every flux of every node and is too much for a hundred thousand members. Water
//! that is lost or made anywhere is also missing in the whole: in − out − change of storage of all nodes, links and
//! users together must vanish. It is added up from the recorded series alone.

use super::{Balance, Imbalance, Matter, leaves_model, source};
use crate::engine::{Quantity, Series};
use crate::network::Network;
use crate::plan::{Brought, Conveyance, Plan};
use crate::time::Month;

/// Where a series is booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Comes,
    Goes,
    Stores,
}

/// The audit of members that run side by side.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Series to record.
    pub series: Vec<Series>,
    /// The side and sign of each of them.
    entries: Vec<(Side, f64)>,
    /// Nodes at which no member brings what forms.
    nodes: Vec<usize>,
    /// Columns of what forms among those that members bring.
    brought: Vec<usize>,
    columns: usize,
}

/// What forms in a lane.
#[derive(Clone, Copy, Debug)]
pub struct Forms<'a> {
    /// Where no member brings its own, in each step ([`Tally::formed`]).
    pub formed: &'a [f64],
    /// What the member brings: (step, column).
    pub brought: &'a [f64],
}

/// What is tallied of each lane.
#[derive(Clone, Debug)]
pub struct Sheet {
    stored: Vec<f64>,
    comes: Vec<f64>,
    goes: Vec<f64>,
    stores: Vec<f64>,
    /// The first imbalance of each lane.
    pub open: Vec<Option<Box<Imbalance>>>,
}

impl Sheet {
    /// An empty sheet for lanes that start with these storages, hm³ in all.
    pub fn starting(stored: Vec<f64>) -> Self {
        let zeros = vec![0.0; stored.len()];
        Self {
            comes: zeros.clone(),
            goes: zeros.clone(),
            stores: zeros,
            open: vec![None; stored.len()],
            stored,
        }
    }
}

impl Tally {
    /// The audit of a plan by months whose members bring some columns.
    pub fn of(network: &Network, plan: &Plan, brought: &[Brought]) -> Self {
        let mut tally = Self {
            series: Vec::new(),
            entries: Vec::new(),
            nodes: Vec::new(),
            brought: Vec::new(),
            columns: brought.len(),
        };
        let own = |node: usize| brought.contains(&Brought::Formed(node));
        tally.nodes = (0..plan.places.len()).filter(|node| !own(*node)).collect();
        let columns = brought.iter().enumerate();
        let forms = columns.filter(|(_, column)| matches!(column, Brought::Formed(_)));
        tally.brought = forms.map(|(place, _)| place).collect();
        tally.book(network, plan);
        tally
    }

    fn book(&mut self, network: &Network, plan: &Plan) {
        use Side::{Comes, Goes, Stores};
        for storage in 0..plan.curves.len() {
            self.put(Quantity::Rain, storage, Comes, 1.0);
            self.put(Quantity::Groundwater, storage, Comes, 1.0);
            self.put(Quantity::Evaporation, storage, Goes, 1.0);
            self.put(Quantity::Storage, storage, Stores, 1.0);
        }
        for user in 0..plan.paths.len() {
            self.put(Quantity::Consumed, user, Goes, 1.0);
            if plan.return_lags[user] > 0 {
                self.put(Quantity::Returning, user, Stores, 1.0);
            }
        }
        for link in 0..plan.ends.len() {
            if plan.conveyance(link) != Conveyance::Part(1.0) {
                self.put(Quantity::Enters, link, Goes, 1.0);
                self.put(Quantity::Leaves, link, Goes, -1.0);
            }
        }
        for (node, row) in network.nodes.iter().enumerate() {
            if row.delta().is_some() {
                self.put(Quantity::DeltaLoss, node, Goes, 1.0);
            }
            if leaves_model(network, plan, node) {
                self.put(Quantity::Comes, node, Goes, 1.0);
                for user in (0..plan.paths.len()).filter(|user| source(plan, *user) == node) {
                    self.put(Quantity::Delivered, user, Goes, -1.0);
                }
            }
        }
    }

    fn put(&mut self, quantity: Quantity, place: usize, side: Side, sign: f64) {
        self.series.push(Series { quantity, place });
        self.entries.push((side, sign));
    }

    /// What forms in each step of a plan where no member brings its own, hm³.
    pub fn formed(&self, plan: &Plan) -> Vec<f64> {
        let rows = plan.formed.rows().into_iter();
        rows.map(|row| self.nodes.iter().map(|node| row[*node]).sum())
            .collect()
    }

    /// Audits a step of a month: `numbers` are those of [`Tally::series`], (series, lane); `forms` is what forms in each
    /// lane.
    pub fn step(
        &self,
        (step, month): (usize, Month),
        numbers: &[f64],
        forms: &[Forms],
        sheet: &mut Sheet,
    ) {
        let lanes = numbers.len() / self.series.len().max(1);
        sheet.comes.fill(0.0);
        sheet.goes.fill(0.0);
        sheet.stores.fill(0.0);
        for ((side, sign), row) in self.entries.iter().zip(numbers.chunks(lanes)) {
            let sums = match side {
                Side::Comes => &mut sheet.comes,
                Side::Goes => &mut sheet.goes,
                Side::Stores => &mut sheet.stores,
            };
            for (sum, number) in sums.iter_mut().zip(row) {
                *sum += sign * number;
            }
        }
        for (lane, forms) in forms.iter().enumerate() {
            let brought = self.brought.iter();
            let brought = brought.map(|column| forms.brought[step * self.columns + column]);
            let balance = Balance {
                comes: forms.formed[step] + sheet.comes[lane] + brought.sum::<f64>(),
                goes: sheet.goes[lane],
                start: sheet.stored[lane],
                end: sheet.stores[lane],
            };
            sheet.stored[lane] = sheet.stores[lane];
            if sheet.open[lane].is_none() {
                let whole = || "the whole model".to_owned();
                let checked = balance.check(Matter::Water, whole, month);
                sheet.open[lane] = checked.err().map(Box::new);
            }
        }
    }
}
