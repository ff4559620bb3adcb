//! Charts of floods that are let down every year: the flow by day beside what was asked for.

use std::ops::Range;

use super::{colour, slug};
use crate::network::minimum_flow::Kept;
use crate::outputs::chart::{Chart, Content, Line, LineStyle, Panel};
use crate::outputs::report::Report;
use crate::results::Run;
use crate::units::m3s_in;

/// Years that are drawn, the last ones of the run.
const YEARS: usize = 3;

/// Days that are drawn before and after a flood.
const MARGIN: usize = 25;

/// A chart of each minimum flow that is a flood; none of a run by months.
pub(super) fn floods(report: &Report) -> Vec<Chart> {
    let (Some(run), Some(natural)) = (&report.run.days, &report.natural.days) else {
        return Vec::new();
    };
    let flows = report.network().minimum_flows.iter().enumerate();
    flows
        .filter(|(_, (flow, _))| matches!(flow.flow, Kept::Flood(_)))
        .filter_map(|(place, _)| chart(run, natural, place))
        .collect()
}

fn chart(run: &Run, natural: &Run, place: usize) -> Option<Chart> {
    let (flow, node) = &run.network.minimum_flows[place];
    let floods = run.flood_steps(place);
    let last = floods.len().saturating_sub(YEARS);
    let panels = floods[last..].iter().map(|days| Panel {
        title: run.plan.months[days.start].year().to_string(),
        y_label: "flow, m³/s".to_owned(),
        content: content(run, natural, (place, *node), days),
    });
    let panels: Vec<Panel> = panels.collect();
    let at = &run.network.nodes[*node].name;
    (!panels.is_empty()).then(|| Chart {
        stem: slug(&flow.name),
        title: format!("{}, by day", flow.name),
        panels,
        notes: vec![format!(
            "Flow at {at}. Natural: without any use and without dams."
        )],
        ..Chart::default()
    })
}

fn content(run: &Run, natural: &Run, flow: (usize, usize), days: &Range<usize>) -> Content {
    let (place, node) = flow;
    let plan = &run.plan;
    let steps = days.start.saturating_sub(MARGIN)..(days.end + MARGIN).min(plan.steps());
    // Panels share one range of time: all years are drawn as the year 0.
    let year = f64::from(plan.months[days.start].year());
    let line = |name: &str, style, value: &dyn Fn(usize) -> f64| Line {
        name: name.to_owned(),
        x: steps
            .clone()
            .map(|step| plan.dates[step].decimal_year() - year)
            .collect(),
        y: steps.clone().map(value).collect(),
        style,
    };
    let asked = |step| m3s_in(run.record.asked[[step, place]], plan.seconds[step]);
    Content::Time {
        bands: Vec::new(),
        lines: vec![
            line("asked for", LineStyle::dashed(colour::PUBLISHED), &asked),
            line("flow", LineStyle::solid(colour::RUN), &|step| {
                run.flow_m3s(step, node)
            }),
            line("natural", LineStyle::dotted(colour::NATURAL), &|step| {
                natural.flow_m3s(step, node)
            }),
        ],
        points: Vec::new(),
        thresholds: Vec::new(),
        include_zero: true,
    }
}
