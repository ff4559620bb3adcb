//! `datapackage.json`: what every column of every table holds, for people and programs (Frictionless
//! Data Package, version 1).

use serde_json::{Value, json};

use super::catalogue::{Kind, TableEntry};
use super::table::Table;

/// The description of some tables; `notice` states the terms of the data.
pub fn describe(name: &str, title: &str, notice: &str, tables: &[Table]) -> Vec<u8> {
    let resources: Vec<Value> = tables.iter().map(resource).collect();
    let mut package = json!({
        "profile": "tabular-data-package",
        "name": package_name(name),
        "title": title,
        "resources": resources,
    });
    if !notice.is_empty() {
        package["description"] = json!(notice);
    }
    let mut text = serde_json::to_vec_pretty(&package).unwrap_or_default();
    text.push(b'\n');
    text
}

/// A name as the standard wants it: lower case, digits, `.`, `_` and `-`.
fn package_name(name: &str) -> String {
    let letter = |letter: char| match letter {
        'a'..='z' | '0'..='9' | '.' | '_' | '-' => letter,
        _ => '-',
    };
    name.to_lowercase().chars().map(letter).collect()
}

fn resource(table: &Table) -> Value {
    let entry = table.entry;
    json!({
        "name": entry.name,
        "path": table.path(),
        "profile": "tabular-data-resource",
        "description": entry.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema(entry),
    })
}

fn schema(entry: &TableEntry) -> Value {
    let fields: Vec<Value> = entry
        .columns
        .iter()
        .map(|column| {
            let kind = match column.kind {
                Kind::Month => "yearmonth",
                Kind::Day => "date",
                Kind::Integer => "integer",
                Kind::Number => "number",
                Kind::Text => "string",
            };
            let mut field =
                json!({ "name": column.name, "type": kind, "description": column.description });
            if let Some(unit) = column.unit() {
                field["unit"] = json!(unit);
            }
            field
        })
        .collect();
    json!({ "fields": fields, "primaryKey": entry.key, "missingValues": [""] })
}
