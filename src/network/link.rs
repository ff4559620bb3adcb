//! A link between two nodes: a reach of a river, a canal that carries only what is ordered, or a
//! spillway's own way down.

use super::delta::Delta;
use super::service::Service;
use crate::inputs::range::Range;
use crate::inputs::table::Table;
use crate::units::Quantity;

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
    /// What a canal loses as a function of what enters, in place of a part.
    pub loss: Option<Delta>,
    /// Most that can enter a canal, m³/s; none where nothing limits it.
    pub capacity_m3s: Option<f64>,
    /// How long water takes through a reach, at daily steps.
    pub travel: Option<Travel>,
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
    /// Carries what a reservoir spills.
    Spill,
}

/// Travel of water through a reach (equations E26 and E27).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Travel {
    /// Time of travel, days.
    pub days: f64,
    /// Weight of the inflow in Muskingum's storage, 0 to 0.5; a mere lag where none.
    pub muskingum_x: Option<f64>,
}

/// Longest lag, days: every day of it is kept.
const LONGEST: f64 = 366.0;

impl Link {
    /// Reads a `[[link]]` table.
    pub fn read(table: &Table) -> Option<Self> {
        let (from, to) = (table.text("from"), table.text("to"));
        let name = table.optional_text("name");
        let kind = match table
            .has("kind")
            .then(|| table.word("kind", &["river", "canal", "spill"]))
        {
            None => Some(LinkKind::River),
            Some(word) => word.map(|word| match word.as_str() {
                "canal" => LinkKind::Canal,
                "spill" => LinkKind::Spill,
                _ => LinkKind::River,
            }),
        };
        let loss = table
            .optional_number("loss_fraction", Range::Fraction)
            .unwrap_or(0.0);
        let own_loss = read_loss(table, kind);
        let capacity_m3s = table.optional_quantity("capacity", Quantity::Flow, Range::NotNegative);
        let in_service = match kind {
            Some(LinkKind::Canal) => Service::read(table),
            _ => Some(Service::default()),
        };
        // The length is for the reader; nothing is computed from it.
        table.optional_number("length_km", Range::NotNegative);
        let travel = Travel::read(table, kind);
        table.finish();
        if kind != Some(LinkKind::Canal) && capacity_m3s.is_some() {
            let expected = "no capacity: a river carries what comes".to_owned();
            let hint = "a link with a capacity is a canal: `kind = \"canal\"`".to_owned();
            table.fault(
                &table.spelling("capacity", Quantity::Flow).name,
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
            loss: own_loss?.0,
            capacity_m3s,
            travel,
            in_service: in_service?,
        })
    }
}

/// Least part of a further cubic metre that arrives at the end of a canal with a curve of loss.
///
/// What is ordered there is traced back to what must enter: through a stretch that loses all it could not be.
const LEAST_PASSES: f64 = 1e-3;

/// Loss by a curve, or none; nothing where a fault was put down.
struct Loss(Option<Delta>);

/// Reads `loss` of a canal.
fn read_loss(table: &Table, kind: Option<LinkKind>) -> Option<Loss> {
    if !table.has("loss") {
        return Some(Loss(None));
    }
    let wrong = |found: &str, expected: &str, hint: &str| {
        table.excuse("loss");
        table.fault("loss", found.into(), expected.into(), hint.into());
        None
    };
    if kind.is_some_and(|kind| kind != LinkKind::Canal) {
        let hint = "a river loses by a `[[delta]]` or by `loss_fraction`";
        return wrong(
            "a curve of loss of no canal",
            "a link of kind `canal`",
            hint,
        );
    }
    if table.has("loss_fraction") {
        return wrong("both", "either `loss` or `loss_fraction`", "");
    }
    let curve = Delta::of_file(table, &table.optional_text("loss")?)?;
    if !curve.is_concave() {
        let expected = "a loss that takes no smaller part of each further cubic metre";
        let hint = "the same part of every flow is the least that may be";
        return wrong("a loss that grows slower further up", expected, hint);
    }
    if curve.least_passes() < LEAST_PASSES {
        let expected = format!("at least {LEAST_PASSES} of each further cubic metre arrives");
        return wrong("a loss that takes all of what more enters", &expected, "");
    }
    Some(Loss(Some(curve)))
}

impl Travel {
    /// Reads `travel_days` and `muskingum_x` of a river link; a fault leaves no time of travel.
    fn read(table: &Table, kind: Option<LinkKind>) -> Option<Self> {
        let days = table.optional_number("travel_days", Range::Positive);
        let x = table.optional_number("muskingum_x", Range::NotNegative);
        let wrong = |key: &str, found: String, expected: &str| {
            table.fault(key, found, expected.to_owned(), String::new());
            None
        };
        let is_river = matches!(kind, Some(LinkKind::River) | None);
        match (table.has("travel_days"), table.has("muskingum_x")) {
            (false, false) => None,
            (true, _) if !is_river => wrong(
                "travel_days",
                "a canal or spillway".into(),
                "a link of kind `river`",
            ),
            (false, true) => wrong("muskingum_x", "no `travel_days`".into(), "both keys"),
            (true, false) => {
                let days = days?;
                if days.fract() != 0.0 {
                    let expected = "whole days, or `muskingum_x` beside it";
                    return wrong("travel_days", days.to_string(), expected);
                }
                if days > LONGEST {
                    let expected = format!("at most {LONGEST} days");
                    return wrong("travel_days", days.to_string(), &expected);
                }
                Some(Self {
                    days,
                    muskingum_x: None,
                })
            }
            (true, true) => {
                let (days, x) = (days?, x?);
                // Coefficients below zero would let a reach swallow a flood before it passes it on.
                let low = 1.0 / (2.0 * (1.0 - x));
                let high = if x > 0.0 {
                    1.0 / (2.0 * x)
                } else {
                    f64::INFINITY
                };
                if x > 0.5 {
                    return wrong("muskingum_x", x.to_string(), "a number from 0 to 0.5");
                }
                if days < low || days > high {
                    let expected =
                        format!("{low:.3} to {high:.3} days, where no coefficient is negative");
                    return wrong("travel_days", days.to_string(), &expected);
                }
                Some(Self {
                    days,
                    muskingum_x: Some(x),
                })
            }
        }
    }
}
