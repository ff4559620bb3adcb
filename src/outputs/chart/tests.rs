//! Draws the samples and checks the files and the layout.

use std::fs;
use std::path::Path;

use super::page::compose;
use super::scene::{Shape, Text};
use super::{Chart, Content, Panel, draw, samples};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn texts(chart: &Chart) -> Vec<Text> {
    let shapes = compose(chart).shapes.into_iter();
    shapes
        .filter_map(|shape| match shape {
            Shape::Text(text) => Some(text),
            _ => None,
        })
        .collect()
}

/// Every tag is closed in order, and no bare mark is left in the text.
fn assert_well_formed(document: &str) {
    let mut open = Vec::new();
    for piece in document.split('<').skip(1) {
        let Some((tag, text)) = piece.split_once('>') else {
            panic!("a tag is not closed: {piece}");
        };
        assert!(!text.replace("&amp;", "").replace("&lt;", "").contains("& "));
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap_or_default());
        }
    }
    assert!(open.is_empty());
}

#[test]
fn charts_are_drawn_alike_twice() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (first, second) = (folder.path().join("a"), folder.path().join("b"));
    for chart in samples::all() {
        draw(&chart, &first)?;
        draw(&chart, &second)?;
        for ending in ["svg", "png"] {
            let name = format!("{}.{ending}", chart.stem);
            assert!(fs::read(first.join(&name))? == fs::read(second.join(&name))?);
        }
    }
    Ok(())
}

#[test]
fn charts_hold_titles_and_names() -> Outcome {
    let folder = tempfile::tempdir()?;
    let read = |chart: &Chart| -> Result<String, Box<dyn std::error::Error>> {
        draw(chart, folder.path())?;
        let name = format!("{}.svg", chart.stem);
        Ok(fs::read_to_string(folder.path().join(name))?)
    };
    for chart in samples::all() {
        let document = read(&chart)?;
        assert!(document.starts_with("<svg xmlns=") && document.ends_with("</svg>\n"));
        assert!(document.contains(&format!("<title>{}</title>", chart.title)));
        assert!(document.contains("font-family=\"DejaVu Sans, sans-serif\""));
        assert_well_formed(&document);
    }
    let border = read(&samples::border_flow())?;
    for name in [
        "\nnatural flow\n",
        "\n90 % of runs\n",
        "\necological minimum\n",
    ] {
        assert!(border.contains(name), "{name}");
    }
    for words in ["Ürümqi", "Өскемен", "m³/s", "km²", "–", "±", "Боран"] {
        assert!(border.contains(words), "{words}");
    }
    let lake = read(&samples::lake())?;
    assert!(lake.contains("\nevaporation\n") && lake.contains("\nstorage change\n"));
    assert!(lake.contains("\n−10\u{2009}000\n"));
    Ok(())
}

#[test]
fn charts_png_has_the_size_of_the_page() -> Outcome {
    let folder = tempfile::tempdir()?;
    let chart = samples::border_flow();
    draw(&chart, folder.path())?;
    let bytes = fs::read(folder.path().join("border-flow.png"))?;
    assert_eq!(bytes.get(1..4), Some(b"PNG".as_slice()));
    assert_eq!(
        bytes.get(16..24),
        Some([0, 0, 6, 64, 0, 0, 3, 132].as_slice())
    );
    Ok(())
}

#[test]
fn charts_texts_do_not_overlap() {
    for chart in samples::all() {
        let page = compose(&chart);
        let texts = texts(&chart);
        for (index, text) in texts.iter().enumerate() {
            let [left, top, right, bottom] = text.extent();
            assert!(left >= 0.0 && right <= page.width, "{text:?}");
            assert!(top >= 0.0 && bottom <= page.height, "{text:?}");
            for other in texts.iter().skip(index + 1) {
                let [start, above, end, below] = other.extent();
                let apart = right <= start || end <= left || bottom <= above || below <= top;
                assert!(apart, "{}: {text:?} {other:?}", chart.stem);
            }
        }
    }
}

#[test]
fn charts_without_values_say_so() {
    let chart = samples::degenerate();
    let texts = texts(&chart);
    let empty = texts.iter().filter(|text| text.words == "no data").count();
    assert_eq!(empty, 7);
    let bare = Chart::default();
    assert!(compose(&bare).height > 0.0);
}

#[test]
fn charts_share_their_years() {
    let chart = samples::lake();
    let years: Vec<Text> = texts(&chart)
        .into_iter()
        .filter(|text| text.words == "1980")
        .collect();
    assert_eq!(years.len(), 3);
    assert_eq!(years[0].at.0, years[1].at.0);
}

#[test]
fn charts_report_where_they_cannot_write() -> Outcome {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("file");
    fs::write(&file, "")?;
    let chart = Chart {
        stem: "none".to_owned(),
        panels: vec![Panel {
            content: Content::default(),
            ..Panel::default()
        }],
        ..Chart::default()
    };
    let message = draw(&chart, &file.join("below")).map_err(|error| error.to_string());
    assert!(message.is_err_and(|words| words.contains("below")));
    assert!(draw(&chart, Path::new(folder.path())).is_ok());
    Ok(())
}
