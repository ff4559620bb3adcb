//! The tables of all basins as they were written, before names are resolved.

use super::delta::Delta;
use super::inflow::Inflow;
use super::link::Link;
use super::minimum_flow::MinimumFlow;
use super::storage::Storage;
use super::user::User;
use super::{Node, NodeKind};
use crate::inputs::folder::Folder;
use crate::inputs::table::Table;

/// A row with the file and line of its table.
pub type Written<T> = (T, (String, usize));

/// The tables of all basins.
#[derive(Debug, Default)]
pub struct Rows {
    /// Names of the basins.
    pub basins: Vec<String>,
    /// All nodes.
    pub nodes: Vec<Node>,
    /// Names in tables that were left out: what refers to them is no fault of its own.
    pub broken: Vec<String>,
    /// All links.
    pub links: Vec<Written<Link>>,
    /// All users.
    pub users: Vec<Written<User>>,
    /// All minimum flows.
    pub minimum_flows: Vec<Written<MinimumFlow>>,
}

/// Reads `basins/*/network.toml`; tables with faults are left out and their faults put down.
pub fn read(folder: &Folder) -> Rows {
    let mut rows = Rows::default();
    let basins = folder.names_in("basins");
    if basins.is_empty() {
        // The missing file is the fault: it names the place where a first basin belongs.
        folder.read(
            "basins/NAME/network.toml",
            "a model with at least one basin",
        );
    }
    for basin in basins {
        let file = format!("basins/{basin}/network.toml");
        if let Some(table) = Table::root(folder, &file, "the basin") {
            rows.read_basin(&table, &basin);
        }
    }
    folder.refuse_unread_below("basins", "a file that a network.toml names");
    rows
}

impl Rows {
    fn read_basin(&mut self, table: &Table, folder: &str) {
        let name = table.text("name").unwrap_or_else(|| folder.to_owned());
        let basin = self.basins.len();
        self.basins.push(name.clone());
        let inflow = |t: &Table| Some(NodeKind::Inflow(Inflow::read(t, &name)?));
        let storage = |storage: Option<Storage>| Some(NodeKind::Storage(Box::new(storage?)));
        self.read_nodes(table, basin, "inflow", inflow);
        self.read_nodes(table, basin, "junction", |_| Some(NodeKind::Junction));
        self.read_nodes(table, basin, "gauge", |_| Some(NodeKind::Gauge));
        self.read_nodes(table, basin, "delta", |t| {
            Some(NodeKind::Delta(Delta::read(t)?))
        });
        self.read_nodes(table, basin, "reservoir", |t| {
            storage(Storage::reservoir(t))
        });
        self.read_nodes(table, basin, "lake", |t| storage(Storage::lake(t)));
        self.read_nodes(table, basin, "outlet", |_| Some(NodeKind::Outlet));
        collect(table, "link", Link::read, &mut self.links);
        collect(table, "user", User::read, &mut self.users);
        collect(
            table,
            "minimum_flow",
            MinimumFlow::read,
            &mut self.minimum_flows,
        );
        table.finish();
    }

    fn read_nodes(
        &mut self,
        root: &Table,
        basin: usize,
        key: &str,
        read: impl Fn(&Table) -> Option<NodeKind>,
    ) {
        for table in root.tables(key) {
            let (name, party) = (table.text("name"), table.text("party"));
            let kind = read(&table);
            table.finish();
            let written = (table.file().to_owned(), table.line_of("name"));
            if let (Some(name), Some(party), Some(kind)) = (name, party, kind) {
                self.nodes.push(Node {
                    name,
                    party,
                    basin,
                    kind,
                    written,
                });
            }
        }
    }
}

fn collect<T>(
    root: &Table,
    key: &str,
    read: impl Fn(&Table) -> Option<T>,
    rows: &mut Vec<Written<T>>,
) {
    for table in root.tables(key) {
        let written = (table.file().to_owned(), table.line_of("name"));
        if let Some(row) = read(&table) {
            rows.push((row, written));
        }
    }
}
