//! Charts that lay several runs over each other.

use super::lakes::{level_line, terminal_lakes};
use super::rivers::border_title;
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
    let panels: Vec<Panel> = network
        .border_nodes()
        .into_iter()
        .map(|node| {
            let lines = reports.iter().enumerate().map(|(place, report)| {
                let run = &report.run;
                annual_line(&run.scenario.name, run, style(place), |step| {
                    run.flow_m3s(step, node)
                })
            });
            panel(
                &border_title(network, node),
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
    let lines = joined(lines);
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

/// Runs that do not differ as one line with all their names: one would hide the others.
fn joined(lines: Vec<Line>) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::new();
    for line in lines {
        let same = |other: &&mut Line| other.x == line.x && other.y == line.y;
        match joined.iter_mut().find(same) {
            Some(other) => other.name = format!("{} = {}", other.name, line.name),
            None => joined.push(line),
        }
    }
    joined
}

fn chart(stem: &str, title: &str, panels: Vec<Panel>) -> Chart {
    Chart {
        stem: stem.to_owned(),
        title: title.to_owned(),
        panels,
        ..Chart::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_do_not_differ_are_one_line() {
        let line = |name: &str, last: f64| Line {
            name: name.to_owned(),
            x: vec![2001.0, 2002.0],
            y: vec![1.0, last],
            style: style(0),
        };
        let lines = joined(vec![line("a", 2.0), line("b", 3.0), line("c", 2.0)]);
        let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["a = c", "b"]);
    }
}
