//! The graphics cards that the platform lists in files.

use super::platform::{Platform, shown};
use super::processor::numbered;

/// A graphics card or integrated graphics unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graphics {
    /// Name, as far as the platform states it.
    pub name: String,
    /// Dedicated memory in bytes, if the driver states it.
    pub memory: Option<u64>,
}

/// Returns the cards that the drivers list.
pub(super) fn read(platform: &Platform) -> Vec<Graphics> {
    let mut found: Vec<Graphics> = platform
        .names("proc/driver/nvidia/gpus")
        .iter()
        .filter_map(|slot| platform.text(&format!("proc/driver/nvidia/gpus/{slot}/information")))
        .filter_map(|text| model(&text))
        .map(|name| Graphics { name, memory: None })
        .collect();
    let named_by_driver = !found.is_empty();
    for card in platform.names("sys/class/drm").iter().filter(|name| numbered(name, "card")) {
        let line = |file: &str| platform.line(&format!("sys/class/drm/{card}/device/{file}"));
        let Some(vendor) = line("vendor") else { continue };
        // The list of the NVIDIA driver contains these cards by name.
        if named_by_driver && vendor_name(&vendor) == Some("NVIDIA") {
            continue;
        }
        let memory = line("mem_info_vram_total").and_then(|bytes| bytes.parse().ok());
        found.push(Graphics { name: card_name(&vendor, line("device").as_deref()), memory });
    }
    found
}

/// Returns the model in the information of the NVIDIA driver.
#[must_use]
pub fn model(information: &str) -> Option<String> {
    let line = information.lines().find_map(|line| line.strip_prefix("Model:"))?;
    shown(line)
}

/// Returns the maker by its PCI vendor number.
fn vendor_name(vendor: &str) -> Option<&'static str> {
    match vendor {
        "0x10de" => Some("NVIDIA"),
        "0x1002" => Some("AMD"),
        "0x8086" => Some("Intel"),
        _ => None,
    }
}

/// Returns a name for a card of which only the vendor and device numbers are known.
#[must_use]
pub fn card_name(vendor: &str, device: Option<&str>) -> String {
    let vendor = vendor_name(vendor).map_or_else(|| format!("vendor {vendor}"), str::to_owned);
    device.map_or_else(|| format!("{vendor} graphics"), |device| format!("{vendor} graphics, device {device}"))
}
