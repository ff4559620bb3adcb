//! Charts for reports: each chart is written as SVG and as PNG, with the same bytes on every
//! machine.
//!
//! The module knows nothing of particular rivers. The font is bundled (a subset of `DejaVu` Sans
//! with Latin, Greek and Cyrillic letters), the palette is that of Okabe and Ito, and nothing
//! depends on the time or on the order of a hash map.

mod bars;
mod font;
mod legend;
mod model;
mod page;
mod palette;
mod plot;
mod profile;
mod profile_label;
mod raster;
#[cfg(test)]
mod samples;
mod scale;
mod scene;
pub mod schematic;
#[cfg(test)]
mod tests;
mod time;
mod vector;
mod view;

use std::path::{Path, PathBuf};

pub use model::{
    Band, Chart, Content, Dash, Line, LineStyle, Panel, Part, Points, ProfileLine, ProfilePoint,
    Threshold,
};
pub use palette::series_colour;

/// Why a chart could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// A file or folder could not be written.
    #[error("cannot write {}: {cause}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: std::io::Error,
    },
    /// The picture could not be drawn or encoded.
    #[error("cannot draw {}: {cause}", path.display())]
    Draw {
        /// The file that was to be drawn.
        path: PathBuf,
        /// What the drawing library says.
        cause: String,
    },
}

/// Draws a chart into `folder/stem.svg` and `folder/stem.png`. The folder is made if need be.
///
/// A panel without values that can be drawn says "no data".
///
/// # Errors
///
/// When the folder or a file cannot be written, or the picture cannot be encoded.
pub fn draw(chart: &Chart, folder: &Path) -> Result<(), ChartError> {
    std::fs::create_dir_all(folder).map_err(|cause| ChartError::Write {
        path: folder.to_path_buf(),
        cause,
    })?;
    let vector_path = folder.join(format!("{}.svg", chart.stem));
    let raster_path = folder.join(format!("{}.png", chart.stem));
    if !font::register() {
        return Err(ChartError::Draw {
            path: raster_path,
            cause: "the bundled font cannot be read".to_owned(),
        });
    }
    let scene = page::compose(chart);
    let document = vector::svg(&scene).map_err(|cause| ChartError::Draw {
        path: vector_path.clone(),
        cause,
    })?;
    std::fs::write(&vector_path, document).map_err(|cause| ChartError::Write {
        path: vector_path,
        cause,
    })?;
    raster::write(&scene, &raster_path).map_err(|cause| ChartError::Draw {
        path: raster_path,
        cause,
    })
}
