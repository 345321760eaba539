//! Set-ups and their grammar: several devices as one machine, written `4xrtx-3090:tensor@pcie4-x8`.
//!
//! `SPEC = UNIT[+UNIT..][:SPLIT][@LINK]`, `UNIT = [N x]ID`. Equal neighbours are merged into one unit. A set-up of one
//! device is that device: its split and link are dropped.

use std::fmt;
use std::str::FromStr;

/// Most devices of one set-up.
pub const MOST_DEVICES: u32 = 64;
/// Most kinds of device in one set-up.
const MOST_UNITS: usize = 8;

/// The way in which the devices of a set-up share a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// Each device holds some layers, and a token passes through one device after the other.
    Layer,
    /// Each device holds a slice of every layer, and results are summed over the devices twice per layer.
    Tensor,
    /// Each device holds some layers, and several batches are under way at once.
    Pipeline,
    /// Each device holds the whole model and serves a share of the streams.
    Replica,
}

impl Split {
    /// All splits.
    pub const ALL: [Self; 4] = [Self::Layer, Self::Tensor, Self::Pipeline, Self::Replica];

    /// Returns the split as a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Layer => "layer",
            Self::Tensor => "tensor",
            Self::Pipeline => "pipeline",
            Self::Replica => "replica",
        }
    }
}

/// Devices of one kind in a set-up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct SetupUnit {
    /// The device, by id.
    pub machine: String,
    /// Number of these devices, at least 1.
    pub count: u32,
}

/// A set-up as written: ids and counts, before its devices are looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetupSpec {
    /// The kinds of device in order; neighbours differ.
    pub units: Vec<SetupUnit>,
    /// The way in which the devices share a model; `None` to let the runtime decide.
    pub split: Option<Split>,
    /// The link between the devices, by id; `None` for the usual one of their families.
    pub link: Option<String>,
}

/// The error for a text that is not a set-up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{text}\" is no set-up: {sentence} at character {column}; write 2xrtx-3090, rtx-5090+rtx-3090 or 4xrtx-3090:tensor@pcie4-x8"
)]
pub struct NotASetup {
    /// The text, with control characters replaced.
    pub text: String,
    /// The fault in words.
    pub sentence: String,
    /// The position of the fault in the text, in characters from 1.
    pub column: usize,
}

impl SetupSpec {
    /// Returns true if a text has the syntax of a set-up and so cannot be the id of a machine.
    #[must_use]
    pub fn is_written(text: &str) -> bool {
        text.contains(['+', ':', '@']) || counted(text).is_some()
    }

    /// Returns the number of devices.
    #[must_use]
    pub fn devices(&self) -> u32 {
        self.units.iter().map(|unit| unit.count).sum()
    }

    /// Returns true if the set-up is a single device.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.devices() == 1
    }

    /// Returns the set-up with one more device of its last kind.
    ///
    /// # Errors
    /// [`NotASetup`] if it already has [`MOST_DEVICES`] devices.
    pub fn with_one_more(&self) -> Result<Self, NotASetup> {
        let mut more = self.clone();
        if let Some(last) = more.units.last_mut() {
            last.count += 1;
        }
        more.to_string().parse()
    }

    /// Returns the set-up in canonical form: equal neighbours merged, split and link of a single device dropped.
    fn canonical(mut self) -> Self {
        let mut units: Vec<SetupUnit> = Vec::with_capacity(self.units.len());
        for unit in self.units {
            match units.last_mut().filter(|last| last.machine == unit.machine) {
                Some(last) => last.count += unit.count,
                None => units.push(unit),
            }
        }
        self.units = units;
        if self.is_single() { Self { split: None, link: None, ..self } } else { self }
    }
}

/// Splits `2xID`, `2 x ID` or `2×ID` into count and id; returns `None` if the text has no count.
fn counted(text: &str) -> Option<(&str, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?;
    let (count, rest) = text.split_at(digits);
    let id = rest.trim_start().strip_prefix(['x', 'X', '×', '*'])?.trim_start();
    // `7950x3d` is a processor, `2x3090` are two cards.
    let is_name = id.starts_with(char::is_alphabetic) || (digits <= 2 && id.starts_with(|c: char| c.is_ascii_digit()));
    is_name.then_some((count, id))
}

impl FromStr for SetupSpec {
    type Err = NotASetup;

    fn from_str(text: &str) -> Result<Self, NotASetup> {
        let fault = |part: &str, sentence: String| {
            // `part` is a slice of `text`, so the distance between their starts is its offset.
            let bytes = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
            let column = text.get(..bytes).map_or(1, |before| before.chars().count() + 1);
            NotASetup { text: crate::model::ron_file::visible(text), sentence, column }
        };
        let (rest, link) = match text.split_once('@') {
            None => (text, None),
            Some((_, link)) if !is_id(link.trim()) => return Err(fault(link, "a link's id is expected".to_owned())),
            Some((rest, link)) => (rest, Some(link.trim().to_owned())),
        };
        let (units, split) = match rest.split_once(':') {
            None => (rest, None),
            Some((units, word)) => {
                let split = Split::ALL.into_iter().find(|split| split.word() == word.trim());
                let expected = || fault(word, "layer, tensor, pipeline or replica is expected".to_owned());
                (units, Some(split.ok_or_else(expected)?))
            }
        };
        let units: Vec<SetupUnit> = units
            .split('+')
            .map(|part| unit(part).map_err(|sentence| fault(part, sentence)))
            .collect::<Result<_, _>>()?;
        let spec = Self { units, split, link }.canonical();
        if spec.units.len() > MOST_UNITS || spec.devices() > MOST_DEVICES {
            return Err(fault(text, format!("at most {MOST_DEVICES} devices of {MOST_UNITS} kinds are expected")));
        }
        Ok(spec)
    }
}

/// Reads `UNIT = [N x]ID`.
fn unit(part: &str) -> Result<SetupUnit, String> {
    let part = part.trim();
    let (count, id) = match counted(part) {
        None => (1, part),
        Some((count, id)) => {
            let count = count.parse().ok().filter(|count| (1..=MOST_DEVICES).contains(count));
            (count.ok_or_else(|| format!("a count of 1 to {MOST_DEVICES} is expected"))?, id)
        }
    };
    // Spaces and capitals are allowed as in a product name: `RTX 3090` means `rtx-3090`.
    let id = id.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
    if is_id(&id) && counted(&id).is_none() {
        Ok(SetupUnit { machine: id, count })
    } else {
        Err("a machine's id is expected".to_owned())
    }
}

fn is_id(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    !text.is_empty() && text.chars().all(allowed)
}

impl fmt::Display for SetupSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, unit) in self.units.iter().enumerate() {
            let plus = if at > 0 { "+" } else { "" };
            match unit.count {
                1 => write!(f, "{plus}{}", unit.machine)?,
                count => write!(f, "{plus}{count}x{}", unit.machine)?,
            }
        }
        if let Some(split) = self.split {
            write!(f, ":{}", split.word())?;
        }
        self.link.as_ref().map_or(Ok(()), |link| write!(f, "@{link}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        text.parse::<SetupSpec>().map_or_else(|error| error.to_string(), |spec| spec.to_string())
    }

    #[test]
    fn set_ups_are_read_and_written_in_one_form() {
        for (text, wanted) in [
            ("2xrtx-3090", "2xrtx-3090"),
            ("2 x rtx-3090", "2xrtx-3090"),
            ("rtx-3090+rtx-3090", "2xrtx-3090"),
            ("4×rtx-3090:tensor@pcie4-x8", "4xrtx-3090:tensor@pcie4-x8"),
            ("rtx-5090 + rtx-3090", "rtx-5090+rtx-3090"),
            ("rtx-3090+2xrtx-3090+rtx-5090:layer", "3xrtx-3090+rtx-5090:layer"),
            ("1xrtx-3090:tensor@pcie4-x8", "rtx-3090"),
            ("2xdgx-spark:replica", "2xdgx-spark:replica"),
        ] {
            assert_eq!(canonical(text), wanted);
            assert_eq!(canonical(wanted), wanted);
        }
    }

    #[test]
    fn a_fault_has_its_place() {
        for (text, column) in [
            ("0xrtx-3090", 1),
            ("2xrtx-3090+", 12),
            ("2xrtx-3090:diagonal", 12),
            ("2xrtx-3090:tensor@", 19),
            ("99xrtx-3090", 1),
            ("2xRTX_3090", 1),
            ("1x2x3090", 1),
            ("60xrtx-3090+60xrtx-5090", 1),
            ("", 1),
        ] {
            let fault = text.parse::<SetupSpec>().err().unwrap_or_else(|| panic!("{text} is taken"));
            assert_eq!(fault.column, column, "{fault}");
        }
    }

    #[test]
    fn ids_of_machines_are_not_taken_for_set_ups() {
        for id in ["rtx-3090", "strix-halo-395", "dgx-spark", "rtx-3060-12", "7950x", "7950x3d"] {
            assert!(!SetupSpec::is_written(id), "{id}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            if let Ok(spec) = text.parse::<SetupSpec>() {
                proptest::prop_assert_eq!(spec.to_string().parse::<SetupSpec>(), Ok(spec));
            }
        }
    }
}
