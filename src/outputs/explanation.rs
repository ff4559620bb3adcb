//! Why a claim got what it got in one step: the water from its sources to the claim, and on to the place that
//! binds it, for a reader who has never seen the program.

mod chain;
mod rule;
mod site;

use std::fmt;

use serde::Serialize;

use crate::network::Network;
use crate::network::sharing::Sharing;
use crate::outputs::limits::words;
use crate::plan::Claim;
use crate::results::Run;
use crate::time::Date;
use crate::units::m3s_in;

/// What is less is not told, hm³.
const SMALL: f64 = 0.005;

/// Lines of a text; stretches that are longer lose their uppermost places.
const LINES: usize = 60;

/// Why a claim got what it got in one step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The scenario.
    pub scenario: String,
    /// Name of the user or minimum flow; of a reservoir which of its claims it is.
    pub claim: String,
    /// Party whose it is.
    pub party: String,
    /// Month `YYYY-MM` or day `YYYY-MM-DD`.
    pub date: String,
    /// What it asked for at the point of use.
    pub asked: Amount,
    /// What it got there; of a minimum flow what was kept, of a target or zone what was held at the end.
    pub got: Amount,
    /// Its class and the rule by which that shares.
    pub class: String,
    /// What kept it from more, as in `limited_by` of the tables; empty where it was served in full.
    pub limited_by: String,
    /// The way of the water, from the sources down.
    pub stretches: Vec<Stretch>,
}

/// A volume in a step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Amount {
    /// Volume, hm³.
    pub hm3: f64,
    /// The same as a mean flow, m³/s; none of a volume that stands.
    pub m3s: Option<f64>,
}

/// Places one after the other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stretch {
    /// From where to where.
    pub title: String,
    /// The places, from the sources down.
    pub sites: Vec<Site>,
}

/// A node, a canal or the user itself with what happens to the water there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Whether what bound the claim stands here.
    pub binds: bool,
    /// What happens there.
    pub entries: Vec<Entry>,
}

/// One thing that happens to the water at a place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// What it is.
    pub text: String,
    /// Volume in the balance of the place, hm³: what comes is positive, what goes negative, and they add up to the
    /// entries that begin with `=`. None where it only tells something.
    pub hm3: Option<f64>,
    /// The same as a mean flow, m³/s; none of a volume that stands.
    pub m3s: Option<f64>,
}

/// The claims of a name: one of a user or minimum flow; of a reservoir its least release, its zones and its target.
/// Empty where nothing that has claims is called so.
pub fn claims_named(network: &Network, name: &str) -> Vec<Claim> {
    let users = network.users.iter();
    let mut users = users.map(|user| &user.name);
    if let Some(user) = users.position(|other| other == name) {
        return vec![Claim::User(user)];
    }
    let flows = network.minimum_flows.iter();
    let mut flows = flows.map(|(flow, _)| &flow.name);
    if let Some(flow) = flows.position(|other| other == name) {
        return vec![Claim::MinimumFlow(flow)];
    }
    rule::claims(network, name)
}

/// Names of all users, minimum flows and reservoirs: what can be explained.
pub fn claim_names(network: &Network) -> impl Iterator<Item = &str> {
    let users = network.users.iter().map(|user| user.name.as_str());
    let flows = network.minimum_flows.iter();
    let flows = flows.map(|(flow, _)| flow.name.as_str());
    users.chain(flows).chain(rule::reservoirs(network))
}

/// Explains what a claim got on a date of an [explained](Run::explained) run; a month of a run by days is that of
/// its days taken together. None where the run has no such date.
pub fn explain(run: &Run, claim: Claim, date: Date) -> Option<Explanation> {
    let run = match date {
        Date::Month(_) => run,
        Date::Day(..) => run.computed(),
    };
    let step = run.plan.dates.iter().position(|other| *other == date)?;
    let at = |place: usize| [step, place];
    let (network, plan, record) = (run.network, &run.plan, &run.record);
    let flow = |hm3: f64| Amount {
        hm3,
        m3s: Some(m3s_in(hm3, plan.seconds[step])),
    };
    let (name, party, asked, got) = match claim {
        Claim::User(user) => {
            let row = &network.users[user];
            let (asked, got) = (plan.demand[at(user)], record.delivered[at(user)]);
            (row.name.clone(), &row.party, flow(asked), flow(got))
        }
        Claim::MinimumFlow(place) => {
            let (row, _) = &network.minimum_flows[place];
            let (asked, got) = (record.asked[at(place)], record.kept[at(place)]);
            (row.name.clone(), &row.party, flow(asked), flow(got))
        }
        Claim::Release(storage) => {
            let asked = plan.least_release[at(storage)];
            let got = asked.min(record.release[at(storage)] + record.spill[at(storage)]);
            let (name, party) = rule::named(run, storage, "least release");
            (name, party, flow(asked), flow(got))
        }
        Claim::Zone(zone) => {
            let storage = plan.zone_storages[zone];
            let (asked, got) = rule::held(run, step, storage, plan.zone[at(zone)]);
            let (name, party) = rule::named(run, storage, &rule::zone_named(run, zone));
            (name, party, asked, got)
        }
        Claim::Hold(storage) => {
            let (asked, got) = rule::held(run, step, storage, plan.target[at(storage)]);
            let (name, party) = rule::named(run, storage, "target storage");
            (name, party, asked, got)
        }
    };
    Some(Explanation {
        scenario: run.scenario.name.clone(),
        claim: name,
        party: party.clone(),
        date: date.to_string(),
        asked,
        got,
        class: class(run, claim),
        limited_by: words(run, step, claim, run.bound(step, claim)),
        stretches: chain::stretches(run, step, claim),
    })
}

/// The class of a claim and its rule, in words.
fn class(run: &Run, claim: Claim) -> String {
    let turn = run.plan.turn(claim);
    let Some(class) = turn.map(|turn| &run.plan.classes[turn.class]) else {
        return "none".to_owned();
    };
    let rule = match class.sharing {
        Sharing::Equal => "equals get equal parts of what they ask for",
        Sharing::Weights => "equals get parts of what they ask for by their weights",
        Sharing::Shares => "equals get volumes by their shares",
        Sharing::RiverOrder => "one after the other from the headwaters down",
    };
    match class.priority {
        Some(priority) if matches!(claim, Claim::Zone(_)) => {
            format!("before priority {priority}; {rule}")
        }
        Some(priority) => format!("priority {priority}; {rule}"),
        None => format!("after all priorities; {rule}"),
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{} ({}) in {}, scenario {}",
            self.claim, self.party, self.date, self.scenario
        )?;
        writeln!(out, "asked for   {}", self.asked)?;
        writeln!(out, "got         {}{}", self.got, self.part())?;
        writeln!(out, "class       {}", self.class)?;
        write!(out, "bound by    {}", self.bound())?;
        let (left_out, stretches) = self.shortened();
        let entries = stretches.iter().flat_map(|(_, sites)| sites.iter());
        let width = entries
            .flat_map(|site| site.entries.iter().filter(|entry| entry.hm3.is_some()))
            .map(|entry| entry.text.chars().count());
        let title = stretches
            .first()
            .map_or(0, |(title, _)| title.chars().count());
        let width = width.max().unwrap_or(0).max(title.saturating_sub(2));
        for (place, (title, sites)) in stretches.iter().enumerate() {
            let head = match place {
                0 => format!("{title:<0$} {1:>12} {2:>10}", width + 2, "hm3", "m3/s"),
                _ => (*title).to_owned(),
            };
            write!(out, "\n\n{head}")?;
            if place == 0 && left_out > 0 {
                write!(out, "\n({left_out} places further up are left out)")?;
            }
            for site in *sites {
                let binds = if site.binds { "  <- binds" } else { "" };
                write!(out, "\n{}{binds}", site.name)?;
                for entry in &site.entries {
                    write!(out, "\n{}", entry.line(width))?;
                }
            }
        }
        Ok(())
    }
}

impl Explanation {
    /// What was got as a part of what was asked for.
    fn part(&self) -> String {
        match self.asked.hm3 > 0.0 {
            true => format!("   {:.1} %", 100.0 * self.got.hm3 / self.asked.hm3),
            false => String::new(),
        }
    }

    fn bound(&self) -> &str {
        match (self.asked.hm3 > 0.0, self.limited_by.is_empty()) {
            (false, _) => "nothing: it asked for nothing",
            (true, true) if self.asked.hm3 - self.got.hm3 > SMALL => {
                "nothing: it was served in full, then more evaporated than was expected"
            }
            (true, true) => "nothing: it was served in full",
            (true, false) => &self.limited_by,
        }
    }

    /// The stretches without the uppermost places that would make the text too long, and how many those are.
    fn shortened(&self) -> (usize, Vec<(&str, &[Site])>) {
        let lines = |site: &Site| 1 + site.entries.len();
        let all = self.stretches.iter().flat_map(|stretch| &stretch.sites);
        let mut total = 5 + 2 * self.stretches.len() + all.map(lines).sum::<usize>();
        let mut left_out = 0;
        if let Some(first) = self.stretches.first() {
            // The last place of the first stretch is where the claim itself stands.
            while total > LINES && left_out + 1 < first.sites.len() {
                total -= lines(&first.sites[left_out]);
                left_out += 1;
            }
        }
        let stretches = self.stretches.iter().enumerate().map(|(place, stretch)| {
            let from = if place == 0 { left_out } else { 0 };
            (stretch.title.as_str(), &stretch.sites[from..])
        });
        (left_out, stretches.collect())
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:>9.2} hm3", self.hm3)?;
        match self.m3s {
            Some(m3s) => write!(out, " {m3s:>9.2} m3/s"),
            None => Ok(()),
        }
    }
}

impl Entry {
    /// A line of a text whose entries have this width.
    fn line(&self, width: usize) -> String {
        let number = |number: f64| if number == 0.0 { 0.0 } else { number };
        match (self.hm3.map(number), self.m3s.map(number)) {
            (None, _) => format!("  {}", self.text),
            (Some(hm3), None) => format!("  {:<width$} {hm3:>12.2}", self.text),
            (Some(hm3), Some(m3s)) => format!("  {:<width$} {hm3:>12.2} {m3s:>10.2}", self.text),
        }
    }
}
