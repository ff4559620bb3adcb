//! How the claims of one class of priority share what is not enough for all.

use std::collections::BTreeMap;

use crate::inputs::table::Table;

/// The rule of a class of priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharing {
    /// Satisfied parts as equal as possible.
    #[default]
    Equal,
    /// Satisfied parts in proportion to `weight`.
    Weights,
    /// Volumes in proportion to `share`.
    Shares,
    /// One after the other, from the headwaters down.
    RiverOrder,
}

/// The classes whose rule is not the usual one.
pub type Rules = BTreeMap<u32, Sharing>;

/// Reads the `[[class]]` tables of `model.toml`.
pub fn read(root: &Table) -> Option<Rules> {
    let mut rules = Some(Rules::new());
    for table in root.tables("class") {
        let priority = table.count("priority", 1, "a class of priority, 1 is served first");
        let rule = table.word("rule", &["equal", "weights", "shares", "river order"]);
        table.finish();
        let rule = rule.map(|word| match word.as_str() {
            "weights" => Sharing::Weights,
            "shares" => Sharing::Shares,
            "river order" => Sharing::RiverOrder,
            _ => Sharing::Equal,
        });
        match (priority, rule) {
            (Some(priority), Some(rule)) => {
                let twin = rules
                    .as_mut()
                    .and_then(|rules| rules.insert(priority, rule));
                if twin.is_some() {
                    let found = format!("a second rule of class {priority}");
                    let expected = "one rule for each class".to_owned();
                    table.fault("priority", found, expected, String::new());
                }
            }
            _ => rules = None,
        }
    }
    rules
}
