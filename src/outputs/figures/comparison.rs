//! Charts that lay several runs over each other.

use super::lakes::{level_line, terminal_lakes};
use super::{annual_line, slug};
use crate::outputs::chart::{Chart, Content, Dash, Line, LineStyle, Panel};
use crate::outputs::report::Report;

/// Style of the n-th run: colours and dashes change together.
fn style(place: usize) -> LineStyle {
    const DASHES: [Dash; 4] = [Dash::Solid, Dash::Dashed, Dash::Dotted, Dash::DashDotted];
    LineStyle::new(DASHES[place % DASHES.len()], place)
}

/// Levels of terminal lakes and flows over borders, all runs in one panel.
pub(super) fn overlays(reports: &[Report]) -> Vec<Chart> {
    let Some(first) = reports.first() else {
        return Vec::new();
    };
    let network = first.network();
    let mut charts: Vec<Chart> = terminal_lakes(first)
        .into_iter()
        .map(|(storage, node)| {
            let name = &network.nodes[node].name;
            let lines = reports.iter().enumerate().map(|(place, report)| {
                let run = &report.run;
                level_line(&run.scenario.name, run, storage, style(place))
            });
            chart(
                &format!("{}_level", slug(name)),
                &format!("{name}: level at the end of each month"),
                vec![panel("", "level, m", lines.collect(), false)],
            )
        })
        .collect();
    let mut borders: Vec<usize> = network
        .borders()
        .map(|link| network.ends[link].to)
        .collect();
    borders.sort_unstable();
    borders.dedup();
    let panels: Vec<Panel> = borders
        .into_iter()
        .map(|node| {
            let lines = reports.iter().enumerate().map(|(place, report)| {
                let run = &report.run;
                annual_line(&run.scenario.name, run, style(place), |step| {
                    run.flow_m3s(step, node)
                })
            });
            panel(
                &network.nodes[node].name,
                "flow, m³/s",
                lines.collect(),
                true,
            )
        })
        .collect();
    if !panels.is_empty() {
        charts.push(chart(
            "border_inflow",
            "Flow over the borders, annual means",
            panels,
        ));
    }
    charts
}

fn panel(title: &str, y_label: &str, lines: Vec<Line>, include_zero: bool) -> Panel {
    let (bands, points, thresholds) = (Vec::new(), Vec::new(), Vec::new());
    Panel {
        title: title.to_owned(),
        y_label: y_label.to_owned(),
        content: Content::Time {
            bands,
            lines,
            points,
            thresholds,
            include_zero,
        },
    }
}

fn chart(stem: &str, title: &str, panels: Vec<Panel>) -> Chart {
    Chart {
        stem: stem.to_owned(),
        title: title.to_owned(),
        panels,
        ..Chart::default()
    }
}
