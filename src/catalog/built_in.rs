//! The files that are compiled into the program.

/// Name and text of a file.
pub(super) type Asset = (&'static str, &'static str);

macro_rules! assets {
    ($($name:literal)*) => { &[$((concat!("assets/", $name), include_str!(concat!("../../assets/", $name)))),*] };
}

/// Read at every start.
pub(super) const ASSETS: &[Asset] = assets! {
    "machines.ron" "models.ron" "formats.ron" "runtimes.ron" "prices.ron" "cloud.ron" "api_prices.ron"
    "electricity.ron" "software.ron" "events.ron" "claims.ron" "sources.ron" "efficiency.ron" "assumptions.ron"
};

/// Read when somebody asks for a measurement.
pub(super) const MEASUREMENTS: Asset = ("assets/measurements.ron", include_str!("../../assets/measurements.ron"));
