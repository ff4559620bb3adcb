//! Rivers of any length, to see how time grows with the number of nodes.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use rivershare::model::Model;
use rivershare::plan::Plan;

/// Lengths that are measured, nodes.
pub(crate) const LENGTHS: [usize; 7] = [10, 30, 100, 300, 1_000, 3_000, 10_000];

/// Members of the ensembles that run on them.
pub(crate) const MEMBERS: usize = 96;

const SOURCE: &str = "source = \"assumption: a river to measure\"\nconfidence = \"low\"\n";

const CURVE: &str = "# source: assumption: a river to measure\n# confidence: low\nlevel_m,volume_km3,area_km2\n0,0,1\n20,0.5,49\n";

/// What stands at a node of the river.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Headwater,
    Junction,
    Reservoir,
    Gauge,
    End,
}

/// Every tenth node is a reservoir and every tenth a gauge with a minimum flow; users take at all others
/// that are even.
fn kind(node: usize, nodes: usize) -> Kind {
    match (node, node % 10) {
        (0, _) => Kind::Headwater,
        (node, _) if node + 1 == nodes => Kind::End,
        (_, 3) => Kind::Reservoir,
        (_, 7) => Kind::Gauge,
        _ => Kind::Junction,
    }
}

/// The plan of a river of so many nodes, by way of a folder that is gone afterwards.
///
/// # Errors
/// Where the folder cannot be written or loaded.
pub(crate) fn plan(nodes: usize) -> Result<Plan, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let inputs = folder.path();
    write(inputs, nodes)?;
    let model = Model::load(inputs, &[])?;
    Ok(model.plan(inputs, &model.scenarios[&model.default_scenario])?)
}

fn write(inputs: &Path, nodes: usize) -> std::io::Result<()> {
    let basin = inputs.join("basins/river");
    std::fs::create_dir_all(&basin)?;
    std::fs::create_dir_all(inputs.join("scenarios"))?;
    let model = "title = \"A river\"\nscenario = \"baseline\"\nparties = [\"Upper\", \"Lower\"]\n";
    std::fs::write(inputs.join("model.toml"), model)?;
    let scenario = "title = \"Two years\"\nperiod = \"2001-01..2002-12\"\n";
    std::fs::write(inputs.join("scenarios/baseline.toml"), scenario)?;
    if nodes > 4 {
        std::fs::write(basin.join("curve.csv"), CURVE)?;
    }
    let (mut network, mut states) = ("name = \"River\"\n\n".to_owned(), String::new());
    for node in 0..nodes {
        network.push_str(&table(node, nodes));
        if kind(node, nodes) == Kind::Reservoir {
            // Writing to a text cannot fail.
            let _ = writeln!(
                states,
                "[[state]]\nstorage = \"Node {node}\"\ndate = \"2001-01\"\nstorage_km3 = 0.2\n{SOURCE}"
            );
        }
    }
    std::fs::write(inputs.join("initial_states.toml"), states)?;
    std::fs::write(basin.join("network.toml"), network)
}

/// The tables of a node: itself, who takes there, and the reach to the next.
fn table(node: usize, nodes: usize) -> String {
    let party = if node < nodes / 2 { "Upper" } else { "Lower" };
    let named = format!("name = \"Node {node}\"\nparty = \"{party}\"\n");
    let kind = kind(node, nodes);
    let own = match kind {
        Kind::Headwater => {
            // The river carries more the longer it is, so that users at its end have something to share.
            let peak = 20.0 + nodes as f64;
            let flow: Vec<String> = (0..12)
                .map(|month| (peak / f64::from(1 + (month - 5_i32).abs())).to_string())
                .collect();
            format!(
                "[[inflow]]\n{named}flow_m3s = [{}]\n{SOURCE}\n",
                flow.join(", ")
            )
        }
        Kind::Junction => format!("[[junction]]\n{named}\n"),
        Kind::Gauge => format!(
            "[[gauge]]\n{named}\n[[minimum_flow]]\nname = \"Flow {node}\"\nparty = \"{party}\"\nsector = \"environment\"\nat = \"Node {node}\"\npriority = 1\nflow_m3s = 2\n{SOURCE}\n"
        ),
        Kind::Reservoir => format!(
            "[[reservoir]]\n{named}curve = \"curve.csv\"\nin_service = \"1900-01\"\ndead_storage_km3 = 0.05\nfull_storage_km3 = 0.45\nprecipitation_mm = 20\nevaporation_mm = 80\n{SOURCE}\n[[reservoir.rule]]\ntarget_storage_km3 = 0.4\n{SOURCE}\n"
        ),
        Kind::End => format!("[[outlet]]\n{named}\n"),
    };
    let user = match kind {
        Kind::Junction if node.is_multiple_of(2) => user(node, party),
        _ => String::new(),
    };
    let reach = match kind {
        Kind::End => String::new(),
        _ => format!(
            "[[link]]\nfrom = \"Node {node}\"\nto = \"Node {}\"\n\n",
            node + 1
        ),
    };
    own + &user + &reach
}

fn user(node: usize, party: &str) -> String {
    let priority = 2 + node / 2 % 3;
    format!(
        "[[user]]\nname = \"User {node}\"\nparty = \"{party}\"\nsector = \"irrigation\"\npriority = {priority}\ntakes_from = \"Node {node}\"\nreturns_to = \"Node {}\"\nreturn_fraction = 0.2\ndemand_km3_per_year = 0.03\n{SOURCE}\n",
        node + 1
    )
}
