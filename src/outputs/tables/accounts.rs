//! Accounts of parties and basins by year.

use ndarray::Array2;
use serde::Serialize;

use crate::ledger::Account;
use crate::outputs::catalogue::{BASINS, PARTIES, TableEntry};
use crate::outputs::report::Report;
use crate::outputs::table::Table;
use crate::time::Month;
use crate::units::HM3_PER_KM3;

#[derive(Serialize)]
struct Row<'a> {
    year: i32,
    group: &'a str,
    formed_km3: f64,
    received_km3: f64,
    precipitation_km3: f64,
    groundwater_km3: f64,
    consumed_km3: f64,
    evaporation_km3: f64,
    lost_km3: f64,
    passed_on_km3: f64,
    storage_change_km3: f64,
    residual_km3: f64,
}

pub(super) fn parties(report: &Report) -> Table {
    let run = &report.run;
    table(
        &PARTIES,
        run.months(),
        &report.network().parties,
        &run.accounts.parties,
    )
}

pub(super) fn basins(report: &Report) -> Table {
    let run = &report.run;
    table(
        &BASINS,
        run.months(),
        &report.network().basins,
        &run.accounts.basins,
    )
}

fn table(
    entry: &'static TableEntry,
    months: &[Month],
    groups: &[String],
    accounts: &Array2<Account>,
) -> Table {
    let rows = groups.iter().enumerate().flat_map(|(group, name)| {
        let mut years: Vec<(i32, Account)> = Vec::new();
        for (month, account) in months.iter().zip(accounts.column(group)) {
            match years.last_mut() {
                Some((year, sum)) if *year == month.year() => sum.extend(account),
                _ => years.push((month.year(), *account)),
            }
        }
        years
            .into_iter()
            .map(move |(year, account)| row(year, name, &account))
    });
    Table::of(entry, rows)
}

fn row<'a>(year: i32, group: &'a str, account: &Account) -> Row<'a> {
    let km3 = |volume: f64| volume / HM3_PER_KM3;
    let change = account.end - account.start;
    let comes = account.formed + account.received + account.rain + account.groundwater;
    let goes = account.consumed + account.evaporation + account.lost + account.passed_on;
    Row {
        year,
        group,
        formed_km3: km3(account.formed),
        received_km3: km3(account.received),
        precipitation_km3: km3(account.rain),
        groundwater_km3: km3(account.groundwater),
        consumed_km3: km3(account.consumed),
        evaporation_km3: km3(account.evaporation),
        lost_km3: km3(account.lost),
        passed_on_km3: km3(account.passed_on),
        storage_change_km3: km3(change),
        residual_km3: km3(comes - goes - change),
    }
}
