//! A link between two nodes: a reach of a river, or a canal that carries only what is ordered.

use super::service::Service;
use crate::inputs::range::Range;
use crate::inputs::table::Table;

/// A reach or canal.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Name: as given, else `FROM → TO`.
    pub name: String,
    /// Node at its upper end.
    pub from: String,
    /// Node, or body of a lake, at its lower end.
    pub to: String,
    /// River or canal.
    pub kind: LinkKind,
    /// Part of what enters that is lost on the way.
    pub loss_fraction: f64,
    /// Most that can enter a canal, m³/s; none where nothing limits it.
    pub capacity_m3s: Option<f64>,
    /// When a canal carries water.
    pub in_service: Service,
}

/// What a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// The main link of a node: all that is not taken goes this way.
    River,
    /// Carries what the users behind it order.
    Canal,
}

impl Link {
    /// Reads a `[[link]]` table.
    pub fn read(table: &Table) -> Option<Self> {
        let (from, to) = (table.text("from"), table.text("to"));
        let name = table.optional_text("name");
        let kind = match table
            .has("kind")
            .then(|| table.word("kind", &["river", "canal"]))
        {
            None => Some(LinkKind::River),
            Some(word) => word.map(|word| match word.as_str() {
                "canal" => LinkKind::Canal,
                _ => LinkKind::River,
            }),
        };
        let loss = table
            .optional_number("loss_fraction", Range::Fraction)
            .unwrap_or(0.0);
        let capacity_m3s = table.optional_number("capacity_m3s", Range::NotNegative);
        let in_service = match kind {
            Some(LinkKind::Canal) => Service::read(table),
            _ => Some(Service::default()),
        };
        // The length is for the reader; nothing is computed from it.
        table.optional_number("length_km", Range::NotNegative);
        table.finish();
        if kind == Some(LinkKind::River) && capacity_m3s.is_some() {
            let expected = "no capacity: a river carries what comes".to_owned();
            let hint = "a link with a capacity is a canal: `kind = \"canal\"`".to_owned();
            table.fault(
                "capacity_m3s",
                "a capacity of a river".into(),
                expected,
                hint,
            );
        }
        if loss >= 1.0 {
            let expected = "a loss below 1".to_owned();
            table.fault("loss_fraction", format!("{loss}"), expected, String::new());
            return None;
        }
        let (from, to) = (from?, to?);
        Some(Self {
            name: name.unwrap_or_else(|| format!("{from} → {to}")),
            from,
            to,
            kind: kind?,
            loss_fraction: loss,
            capacity_m3s,
            in_service: in_service?,
        })
    }
}
