//! The audit of an ensemble: all water of the model in every step of every member (equation E13).
//!
//! [`audit`](super::audit) asks for every flux of every node and is too much for a hundred thousand members. Water
//! that is lost or made anywhere is also missing in the whole: in − out − change of storage of all nodes, links and
//! users together must vanish. It is added up from the recorded series alone.

use super::{Balance, Imbalance, Matter, leaves_model, source};
use crate::engine::{Quantity, Series};
use crate::network::Network;
use crate::plan::{Brought, Conveyance, Plan};

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
    /// What forms where no member brings its own, in each step.
    formed: Vec<f64>,
    /// Columns of what forms among those that members bring.
    brought: Vec<usize>,
    columns: usize,
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

impl Tally {
    /// The audit of a plan by months whose members bring some columns.
    pub fn of(network: &Network, plan: &Plan, brought: &[Brought]) -> Self {
        let mut tally = Self {
            series: Vec::new(),
            entries: Vec::new(),
            formed: Vec::new(),
            brought: Vec::new(),
            columns: brought.len(),
        };
        let own = |node: usize| brought.contains(&Brought::Formed(node));
        let nodes: Vec<usize> = (0..plan.places.len()).filter(|node| !own(*node)).collect();
        let rows = plan.formed.rows().into_iter();
        tally.formed = rows
            .map(|row| nodes.iter().map(|node| row[*node]).sum())
            .collect();
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

    /// An empty sheet for so many lanes.
    pub fn sheet(&self, plan: &Plan, lanes: usize) -> Sheet {
        let stored: f64 = plan.initial.iter().sum();
        Sheet {
            stored: vec![stored; lanes],
            comes: vec![0.0; lanes],
            goes: vec![0.0; lanes],
            stores: vec![0.0; lanes],
            open: vec![None; lanes],
        }
    }

    /// Audits a step: `numbers` are those of [`Tally::series`], (series, lane), `lanes` of each; `brought` is what each
    /// member brings, by lane.
    pub fn step(
        &self,
        plan: &Plan,
        step: usize,
        numbers: &[f64],
        brought: &[&[f64]],
        sheet: &mut Sheet,
    ) {
        let lanes = numbers.len() / self.series.len().max(1);
        sheet.comes.fill(self.formed[step]);
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
        for (lane, own) in brought.iter().enumerate() {
            let forms = self
                .brought
                .iter()
                .map(|column| own[step * self.columns + column]);
            let balance = Balance {
                comes: sheet.comes[lane] + forms.sum::<f64>(),
                goes: sheet.goes[lane],
                start: sheet.stored[lane],
                end: sheet.stores[lane],
            };
            sheet.stored[lane] = sheet.stores[lane];
            if sheet.open[lane].is_none() {
                let whole = || "the whole model".to_owned();
                let checked = balance.check(Matter::Water, whole, plan.months[step]);
                sheet.open[lane] = checked.err().map(Box::new);
            }
        }
    }
}
