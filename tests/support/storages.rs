//! Lakes and reservoirs of a sketch.

use std::fmt::Write as _;

use super::{CSV_SOURCE, Dam, HM3_PER_M3S, SOURCE, Sketch, Water, monthly_m3s};

impl Sketch {
    pub(crate) fn reservoir(&mut self, name: &str, dam: &Dam) -> &mut Self {
        let most = dam.most.map_or(String::new(), |most| {
            format!("maximum_release_m3s = {:?}\n", most / HM3_PER_M3S)
        });
        let priority = |key: &str, priority: Option<u32>| {
            priority.map_or(String::new(), |priority| format!("{key} = {priority}\n"))
        };
        let zones = dam.zones.iter().map(|(against, volume)| {
            let volume = volume / 1000.0;
            format!(
                "[[reservoir.zone]]\nagainst_priority = {against}\nstorage_km3 = {volume:?}\n{SOURCE}"
            )
        });
        let zones: String = zones.collect();
        let lines = format!(
            "{}{}{}in_service = \"{}\"\nnatural_storage_km3 = {:?}\ndead_storage_km3 = {:?}\n\
             full_storage_km3 = {:?}\n{SOURCE}[[reservoir.rule]]\ntarget_storage_km3 = {:?}\n\
             release_m3s = {}\n{most}{SOURCE}{zones}",
            self.water(name, &dam.water, &[]),
            priority("storage_priority", dam.storage_priority),
            priority("release_priority", dam.release_priority),
            dam.in_service,
            dam.natural / 1000.0,
            dam.dead / 1000.0,
            dam.full / 1000.0,
            dam.target / 1000.0,
            monthly_m3s(dam.least),
        );
        self.node("reservoir", name, &lines)
    }

    pub(crate) fn lake(&mut self, name: &str, water: &Water) -> &mut Self {
        let lines = self.water(name, water, &[]) + SOURCE;
        self.node("lake", name, &lines)
    }

    /// A lake of two bodies with the first one's share of volume and area, and of groundwater.
    pub(crate) fn lake_of_two(
        &mut self,
        name: &str,
        water: &Water,
        bodies: [&str; 2],
        share: f64,
        groundwater_km3: (f64, f64),
    ) -> &mut Self {
        let mut lines = self.water(name, water, &[("one", share), ("two", 1.0 - share)]);
        let (total, first) = groundwater_km3;
        writeln!(lines, "groundwater_km3_per_year = {total:?}\n{SOURCE}").expect("takes all");
        for (body, columns, fraction) in
            [(bodies[0], "one", first), (bodies[1], "two", 1.0 - first)]
        {
            write!(
                lines,
                "[[lake.body]]\nname = \"{body}\"\ncolumns = \"{columns}\"\n\
                 groundwater_fraction = {fraction:?}\n{SOURCE}"
            )
            .expect("a string takes all");
        }
        self.node("lake", name, &lines)
    }

    /// The lines that lakes and reservoirs share; writes the curve and the state.
    fn water(&mut self, name: &str, water: &Water, bodies: &[(&str, f64)]) -> String {
        let mut csv = format!("{CSV_SOURCE}level_m,volume_km3,area_km2");
        if water.has_sill {
            csv += ",outflow_m3s";
        }
        for (body, _) in bodies {
            write!(csv, ",{body}_volume_km3,{body}_area_km2").expect("a string takes all");
        }
        for [level, volume, area, outflow] in &water.knots {
            write!(csv, "\n{level:?},{:?},{area:?}", volume / 1000.0).expect("takes all");
            if water.has_sill {
                write!(csv, ",{:?}", outflow / HM3_PER_M3S).expect("a string takes all");
            }
            for (_, share) in bodies {
                let (volume, area) = (volume / 1000.0 * share, area * share);
                write!(csv, ",{volume:?},{area:?}").expect("a string takes all");
            }
        }
        let file = format!("{name}_curve.csv");
        self.files.push((file.clone(), csv + "\n"));
        self.states.push(format!(
            "[[state]]\nstorage = \"{name}\"\ndate = \"2001-04\"\nstorage_km3 = {:?}\n{SOURCE}",
            water.start / 1000.0
        ));
        format!(
            "curve = \"{file}\"\nprecipitation_mm = {:?}\nevaporation_mm = {:?}\n",
            water.rain_mm, water.evaporation_mm
        )
    }
}
