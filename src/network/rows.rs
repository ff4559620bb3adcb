//! The tables of all basins as they were written, before names are resolved.

use super::delta::Delta;
use super::inflow::Inflow;
use super::link::Link;
use super::minimum_flow::MinimumFlow;
use super::plant::Plant;
use super::storage::Storage;
use super::user::User;
use super::{Node, NodeKind};
use crate::faults::Fault;
use crate::inputs::folder::Folder;
use crate::inputs::origin::Origin;
use crate::inputs::table::Table;

/// A row with the place of its table.
pub type Written<T> = (T, Origin);

/// The tables of all basins.
#[derive(Debug, Default)]
pub struct Rows {
    /// Names of the basins.
    pub basins: Vec<String>,
    /// All nodes.
    pub nodes: Vec<Node>,
    /// Whether a table was left out because of its faults: what it is missed by is no fault of its own.
    pub has_gaps: bool,
    /// Whether a file or a name was left out, so that nobody knows which names there are.
    pub has_unread: bool,
    /// All links.
    pub links: Vec<Written<Link>>,
    /// All users.
    pub users: Vec<Written<User>>,
    /// All minimum flows.
    pub minimum_flows: Vec<Written<MinimumFlow>>,
    /// All hydropower plants.
    pub plants: Vec<Written<Plant>>,
}

/// Reads `basins/*/network.toml`; tables with faults are left out and their faults put down.
pub fn read(folder: &Folder) -> Rows {
    let mut rows = Rows::default();
    let basins = folder.folders_in("basins");
    if basins.is_empty() {
        folder.fault(Fault {
            file: folder.shown("basins"),
            line: 0,
            place: String::new(),
            found: "no basin".to_owned(),
            expected: "a folder for each basin, with a file network.toml".to_owned(),
            hint: String::new(),
        });
        rows.has_unread = true;
    }
    for basin in basins {
        let file = format!("basins/{basin}/network.toml");
        if let Some(table) = Table::root(folder, &file, "the basin") {
            rows.read_basin(&table, &basin);
        } else {
            rows.has_unread = true;
            excuse_named(folder, &basin, folder.glance(&file).as_deref());
        }
    }
    folder.refuse_unread_below("basins", "a file that a network.toml names");
    rows
}

/// Excuses the files of a basin that its unreadable network names; all where it has no network at all.
fn excuse_named(folder: &Folder, basin: &str, network: Option<&str>) {
    for name in folder.names_in(&format!("basins/{basin}")) {
        if network.is_none_or(|text| text.contains(&name)) {
            folder.excuse(&format!("basins/{basin}/{name}"));
        }
    }
}

impl Rows {
    fn read_basin(&mut self, table: &Table, folder: &str) {
        let name = table.text("name").unwrap_or_else(|| folder.to_owned());
        let basin = self.basins.len();
        if self.basins.contains(&name) {
            let found = format!("the basin `{name}` a second time");
            let expected = "a name of its own for each basin".to_owned();
            table.fault("name", found, expected, String::new());
        }
        self.basins.push(name.clone());
        let nodes = self.nodes.len();
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
        let links = self.read_rows(table, "link", Link::read);
        self.links.extend(links);
        let users = self.read_rows(table, "user", User::read);
        self.users.extend(users);
        let flows = self.read_rows(table, "minimum_flow", MinimumFlow::read);
        self.minimum_flows.extend(flows);
        let plants = self.read_rows(table, "plant", Plant::read);
        self.plants.extend(plants);
        let faults = table.folder().faults();
        table.finish();
        self.has_gaps |= table.folder().faults() > faults;
        if self.nodes.len() == nodes && !self.has_gaps {
            let expected = "at least an [[inflow]] and where its water goes".to_owned();
            let origin = table.origin();
            let hint = String::new();
            table
                .folder()
                .fault(origin.whole("a basin without a node".into(), expected, hint));
        }
    }

    /// The tables of one key; a gap where there are others than tables.
    fn tables<'f>(&mut self, root: &Table<'f>, key: &str) -> Vec<Table<'f>> {
        let faults = root.folder().faults();
        let tables = root.tables(key);
        self.has_gaps |= root.folder().faults() > faults;
        tables
    }

    fn read_nodes(
        &mut self,
        root: &Table,
        basin: usize,
        key: &str,
        read: impl Fn(&Table) -> Option<NodeKind>,
    ) {
        for table in self.tables(root, key) {
            let (name, party) = (table.text("name"), table.text("party"));
            let kind = read(&table);
            table.finish();
            let written = table.origin();
            if let (Some(name), Some(party), Some(kind)) = (name, party, kind) {
                self.nodes.push(Node {
                    name,
                    party,
                    basin,
                    kind,
                    written,
                });
            } else {
                self.has_gaps = true;
                self.has_unread |= !table.has("name");
                // The names of the node and of the bodies of a lake.
                table.excuse("name");
                table.excuse("body");
            }
        }
    }

    /// The rows of one key; a gap where a table was left out because of its faults.
    fn read_rows<T>(
        &mut self,
        root: &Table,
        key: &str,
        read: impl Fn(&Table) -> Option<T>,
    ) -> Vec<Written<T>> {
        let mut rows = Vec::new();
        for table in self.tables(root, key) {
            match read(&table) {
                Some(row) => rows.push((row, table.origin())),
                None => self.has_gaps = true,
            }
        }
        rows
    }
}
